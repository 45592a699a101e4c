"""What the tasks of a request's DAG run do, and the one that orders DAG runs. Each returns lines for the task's log."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import replace

from bc_lib import bootstrap, bootstrap_dispatch
from bc_lib.config import DbRole
from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.notice import asked_for
from bc_lib.domain.requests.state_words import in_words
from bc_lib.jobs import holder_name, stop_on_signals
from bc_lib.ports.dispatch import AirflowAway, Report, Waits
from bc_lib.services.dispatch.visits import Visit
from bc_lib.services.execution.parts import Execution

log = logging.getLogger("bc.dispatch")
WINDOW_S = 57.0
PAUSE_S = 1.0
BEAT_S = 10.0


def dispatch_window(window_s: float = WINDOW_S) -> str:
    """Order DAG runs for live requests, about once a second for a window; pass on what is said about our tasks."""
    from bc_lib.services.dispatch import reports
    from bc_lib.services.passes import Pass

    airflow, stop = bootstrap_dispatch.starter(), stop_on_signals()
    rounds, said = bootstrap_dispatch.dispatcher(airflow), bootstrap_dispatch.reports(DbRole.RUNNER)
    gate = bootstrap.gate(DbRole.RUNNER)
    deadline, beat_at, started = time.monotonic() + window_s, 0.0, 0
    while time.monotonic() < deadline and not stop.is_set():
        looked = Pass(rounds.store.now)
        started += rounds.round(looked)
        if time.monotonic() >= beat_at:
            away = rounds.away or _log_read(lambda: reports.read_airflows_log(said, airflow))
            looked.part("passing on what is said about tasks", lambda: reports.pass_on(gate, said), 0)
            details: dict[str, object] = {"started": started, "waiting": rounds.waiting}
            details["airflow"] = looked.part("counting reports", lambda: reports.recent_words(said), None)
            trouble = {"last_error": away} if away else looked.told
            bootstrap_dispatch.beat("dispatcher", holder_name(), details | trouble)
            beat_at = time.monotonic() + BEAT_S
        stop.wait(PAUSE_S)
    return f"{started} DAG runs started"


def _log_read(act: Callable[[], None]) -> str:
    """Why it could not be read; Airflow may be away for a moment."""
    try:
        act()
    except AirflowAway as away:
        return str(away)
    return ""


def register(dag: str, run_id: str, request: str) -> tuple[bool, str]:
    """Whether this DAG run was ordered, and one line. One that nobody ordered is refused, audited and told."""
    from bc_lib.services.dispatch.register import register as take

    try:
        found = take(
            bootstrap.gate(DbRole.RUNNER), bootstrap_dispatch.orders(), dag=dag, run_id=run_id, request=request
        )
    except Denial as denial:
        return False, denial.sentence
    about = f"{found.id}: {asked_for(found)}"
    return True, f"{about}, asked by {found.requester_name}, is {in_words(found.state)}."


def waits() -> Waits:
    """Where requests stand, in one statement a look."""
    return bootstrap_dispatch.wait_reader()


def request_state(request: str) -> str:
    """Where a request stands. Raises LookupError for an unknown one."""
    with contextlib.closing(waits()) as reader:
        _, found = reader.look({request})
    if request not in found:
        raise LookupError(f"There is no request {request[:20]!a}.")
    return found[request].state.value


def waits_for(request: str) -> list[str]:
    """Whom it waits for and until when; where that cannot be said, why."""
    from bc_lib.services.dispatch.waiting import waits_for as say

    try:
        return say(bootstrap_dispatch.looking_gate(), request)
    except Denial as denial:
        return [denial.sentence]


def ended(request: str) -> str:
    """How a request ended, in one line."""
    from bc_lib.services.dispatch.notes import ended_words

    read = bootstrap_dispatch.looking_gate().store.read
    found = read.get(request)
    return ended_words(read, found) if found.state.over else f"{request} is {in_words(found.state)}."


def beat_waits() -> None:
    """The triggerer's loop lives."""
    bootstrap_dispatch.beat("waits", holder_name(), {}, DbRole.KEEPER)


def prechecks(request: str, executor: str, quiet: str = "") -> Visit:
    """May it start now? `quiet`: code of a refusal that was audited already."""
    from bc_lib.services.dispatch.visits import prechecked

    return _visited(lambda ex: prechecked(ex, request, executor, quiet))


def execute(request: str, executor: str, quiet: str = "") -> Visit:
    """Start, go on, finish, as far as it goes now. SIGTERM ends it after the step in hand; whatever kills it, the next
    one probes first."""
    from bc_lib.services.dispatch.visits import acted

    return _visited(lambda ex: acted(ex, request, executor, quiet))


def _visited(act: Callable[[Execution], Visit]) -> Visit:
    from bc_lib import bootstrap_execution

    ex = replace(bootstrap_execution.execution(holder_name()), stop=stop_on_signals())
    try:
        return act(ex)
    finally:
        ex.mechanisms.close()


def postchecks(request: str, executor: str, quiet: str = "") -> Visit:
    """Every postcheck with its figure; a run that is not over goes on here."""
    from bc_lib.services.dispatch.visits import checked

    return _visited(lambda ex: checked(ex, request, executor, quiet))


def close(request: str) -> tuple[bool, list[str]]:
    """Whether it succeeded, and how it ended."""
    from bc_lib.services.dispatch.ending import closed

    return closed(bootstrap.gate(DbRole.RUNNER).store.read, request)


def say(kind: str, dag: str, run_id: str, task: str, said: str) -> None:
    """A task died, or somebody changed it in Airflow: kept, and passed on by the dispatcher. Never raises."""
    report = Report(kind=kind, dag=dag, run_id=run_id, task=task, said=said)
    try:
        bootstrap_dispatch.reports().report(report)
    except Exception as trouble:  # a word that is not heard must not change what it is about
        log.error("Not told that %s of %s %s: %s", task, run_id, kind, type(trouble).__name__)
