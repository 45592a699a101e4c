"""One visit of a DAG run's task to its request: what came of it, and where it now stands (decisions 2, 3).

The request decides. A task that Airflow starts twice, or again after it was killed, comes to the same word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.run import RunEvent
from bc_lib.domain.requests.state_words import as_shown
from bc_lib.domain.requests.states import WAITING, State
from bc_lib.domain.requests.values import Request
from bc_lib.services.dispatch.ending import closing_lines, postchecks_shown
from bc_lib.services.dispatch.notes import ended_words
from bc_lib.services.dispatch.story import finding_line, story
from bc_lib.services.dispatch.waiting import waits_for
from bc_lib.services.execution.parts import Execution
from bc_lib.services.execution.patience import run_patiently
from bc_lib.services.execution.start import ready

GONE = frozenset({State.REJECTED, State.EXPIRED, State.CANCELLED})
BARS = frozenset({"FROZEN", "RESOURCE_BUSY", "LOOKING_AGAIN"})
PATIENCE_S = 45.0  # until the lease of a runner that was killed has expired


class Became(StrEnum):
    """How the task shows it."""

    DONE = "done"
    WAITS = "waits"
    SKIPPED = "skipped"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """`left_at`: by the database's clock, before the last look at what people decided; `code`: of the refusal that was
    audited; `barred`: by a freeze, by another run or until the monitor has looked again, all of which may end without
    anybody deciding about this request."""

    became: Became
    lines: tuple[str, ...]
    left_at: datetime
    barred: bool = False
    code: str = ""


def prechecked(ex: Execution, request_id: str, executor: str, quiet: str = "") -> Visit:
    """May it start now? A check that says no ends the request, untouched. Raises Denial UNKNOWN_REQUEST."""
    read = ex.gate.store.read
    left_at, request = read.now(), read.get(request_id)
    if request.state not in WAITING:
        passed = f"{request_id}: {as_shown(request.state)}; what forbids a start is not asked any more."
        return _over(ex, request, left_at) if request.state in GONE else _visit(Became.DONE, [passed], left_at)
    code, said = "", ""
    try:
        said = ready(ex, request_id, executor, frozenset({quiet}))
    except Denial as denial:
        code, said = denial.code, denial.sentence
    request, stored = read.get(request_id), read.prechecks(request_id)
    lines = [finding_line(found) for found in (stored[1] if stored is not None else ())]
    if not said:
        return _visit(Became.DONE, [*lines, f"{len(lines)} checks; nothing forbids the start."], left_at)
    if request.state.over:
        return _over(ex, request, left_at, lines)
    return _visit(Became.WAITS, [*lines, said, *waits_for(ex.gate, request_id)], left_at, code)


def acted(ex: Execution, request_id: str, executor: str, quiet: str = "") -> Visit:
    """Start it, go on with it, or see how it ended, as far as it goes now. Raises Denial UNKNOWN_REQUEST."""
    read = ex.gate.store.read
    left_at, request, code, said = read.now(), read.get(request_id), "", list[str]()
    if not request.state.over:
        try:
            said = [run_patiently(ex, request_id, executor, PATIENCE_S, frozenset({quiet})).text]
        except Denial as denial:
            code, said = denial.code, [denial.sentence]
    request, run = read.get(request_id), read.run(request_id)
    lines = story(run, _events(ex, request_id), left_at) if run is not None else []
    if request.state.over:
        return _over(ex, request, left_at, lines)
    return _visit(Became.WAITS, [*lines, *(waits_for(ex.gate, request_id) or said)], left_at, code)


def checked(ex: Execution, request_id: str, executor: str, quiet: str = "") -> Visit:
    """Every postcheck of a run that is over, red where one is not well. Where somebody marked `execute` as done and the
    run is not over, it goes on here."""
    read = ex.gate.store.read
    if not read.get(request_id).state.over:
        visit = acted(ex, request_id, executor, quiet)
        if visit.became is not Became.DONE:
            return visit
    well, lines = postchecks_shown(read, request_id)
    return _visit(Became.DONE if well else Became.RED, lines, read.now())


def _events(ex: Execution, request_id: str) -> list[RunEvent]:
    return [event for _, event in ex.gate.store.read.events(request_id)]


def _over(ex: Execution, request: Request, left_at: datetime, lines: list[str] | None = None) -> Visit:
    read = ex.gate.store.read
    became = {State.SUCCEEDED: Became.DONE, State.FAILED: Became.RED}.get(request.state, Became.SKIPPED)
    run = read.run(request.id)
    ended = closing_lines(read, request.id) if run is not None else [ended_words(read, request)]
    return _visit(became, [*(lines or []), *ended], left_at)


def _visit(became: Became, lines: list[str], left_at: datetime, code: str = "") -> Visit:
    return Visit(became=became, lines=tuple(lines), left_at=left_at, barred=code in BARS, code=code)
