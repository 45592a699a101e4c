"""What the last tasks of a DAG run show, from the journal. Their colour in Airflow's grid is the run's result."""

from __future__ import annotations

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.execution.journal import DONE
from bc_lib.domain.execution.progress import headline, lines, progress
from bc_lib.domain.execution.run import Run
from bc_lib.domain.requests.state_words import in_words
from bc_lib.domain.requests.states import State
from bc_lib.ports.runs import RunReader

CHECKS = frozenset({Action.POSTCHECK, Action.VERIFY, Action.REHEARSE})


class NotWell(Exception):
    """The run is not where a green task would say it is; the message says where it is and what to do."""


def postchecks_shown(read: RunReader, request_id: str) -> str:
    """Every postcheck with its figure (FR-036). Raises NotWell where one is not done or not well."""
    run, _ = _run(read, request_id)
    steps = [each for each in run.steps if each.step.action in CHECKS]
    open_ = [each.step.key for each in steps if each.state not in DONE]
    said = [
        f"{each.severity.value} {each.resource}/{each.check}: {each.sentence}"
        + (f" ({each.figure})" if each.figure else "")
        for step in steps
        for each in step.findings
    ]
    bad = [each for step in steps for each in step.findings if each.severity in {Severity.BLOCK, Severity.UNKNOWN}]
    if open_ or bad:
        raise NotWell("\n".join([*(f"Not done: {key}" for key in open_), *said]))
    return "\n".join(said) or "Every postcheck is done; none has anything to say."


def closed(read: RunReader, request_id: str) -> str:
    """How it ended. Raises NotWell unless it succeeded or service is restored."""
    run, state = _run(read, request_id)
    text = "\n".join([headline(run, state), *lines(progress(run, read.plan(request_id).plan, state))])
    if state not in {State.SUCCEEDED, State.SERVICE_RESTORED}:
        raise NotWell(text)
    return text


def _run(read: RunReader, request_id: str) -> tuple[Run, State]:
    run, state = read.run(request_id), read.get(request_id).state
    if run is None:
        raise NotWell(f"{request_id} is {in_words(state)} and was never started.")
    return run, state
