"""What the last tasks of a DAG run show, from the journal."""

from __future__ import annotations

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.execution.journal import DONE
from bc_lib.domain.execution.progress import headline, lines, progress
from bc_lib.domain.requests.state_words import as_shown, in_words
from bc_lib.domain.requests.states import State
from bc_lib.ports.runs import RunReader
from bc_lib.services.dispatch.story import finding_line

CHECKS = frozenset({Action.POSTCHECK, Action.VERIFY, Action.REHEARSE})


def postchecks_shown(read: RunReader, request_id: str) -> tuple[bool, list[str]]:
    """Whether every postcheck is done and well, and each with its figure (FR-036)."""
    run = read.run(request_id)
    if run is None:
        return False, [f"{request_id} was never started."]
    steps = [step for step in run.steps if step.step.action in CHECKS]
    open_ = [f"Not done: {step.step.key}" for step in steps if step.state not in DONE]
    findings = [found for step in steps for found in step.findings]
    bad = [
        found
        for step in steps
        for found in step.findings
        if step.step.action != Action.REHEARSE and found.severity in {Severity.BLOCK, Severity.UNKNOWN}
    ]
    said = [*open_, *(finding_line(found) for found in findings)]
    return not open_ and not bad, said or ["Every postcheck is done; none has anything to say."]


def closed(read: RunReader, request_id: str) -> tuple[bool, list[str]]:
    """Whether it succeeded, and how it ended."""
    state = read.get(request_id).state
    if read.run(request_id) is None:
        return False, [f"{request_id} is {in_words(state)} and was never started."]
    return state is State.SUCCEEDED, closing_lines(read, request_id)


def closing_lines(read: RunReader, request_id: str) -> list[str]:
    """Headline, what was done, what was not, what to do next. Raises LookupError where it was never started."""
    run, state = read.run(request_id), read.get(request_id).state
    if run is None:
        raise LookupError(request_id)
    return [f"{request_id}: {as_shown(state)}. {headline(run, state)}",
            *lines(progress(run, read.plan(request_id).plan, state))]  # fmt: skip
