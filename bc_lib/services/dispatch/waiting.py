"""Whom a request waits for and until when, one sentence a thing: for the log of the task that waits."""

from __future__ import annotations

from bc_lib.domain.execution.acts import persons_needed
from bc_lib.domain.execution.progress import headline
from bc_lib.domain.execution.run import Run, RunActKind
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.waiting import Wait
from bc_lib.domain.requests.waiting_words import waits_for as words
from bc_lib.domain.words import clock
from bc_lib.services.execution.against import against
from bc_lib.services.gate import Gate
from bc_lib.services.requests.waiting import item_of


def waits_for(gate: Gate, request_id: str) -> list[str]:
    """Empty where nothing is waited for. Raises Denial UNKNOWN_REQUEST."""
    read = gate.store.read
    request, run = read.get(request_id), read.run(request_id)
    item = item_of(gate, read, request)
    found = [_line(request, run, wait) for wait in (item.waits if item else ())]
    if request.state is State.READY_TO_START and (why := against(gate, read, request, read.plan(request.id).plan)):
        until = f", until {clock(request.expires_at)}" if request.expires_at is not None else ""
        found.append(f"{request.id} waits for its start{until}. {why.words} What ends it: {why.do or '-'}")
    return found or ([headline(run, request.state)] if run is not None and not request.state.over else [])


def _line(request: Request, run: Run | None, wait: Wait) -> str:
    """`r-1 waits for an approver to allow the rewind of fra (bcctl run allow r-1 orders-db/rewind): ...`."""
    until = f", until {clock(wait.until)}" if wait.until else ""
    kind = next((each for each in RunActKind if each.value == wait.do.value), None)
    persons = persons_needed(kind, request.tier) if kind else 1
    more = f", {persons} different persons" if persons > 1 else ""
    if run is None or not wait.step:
        return f"{request.id} {words(wait)}{more}{until}."
    step = run.step(wait.step)
    command = f"bcctl run {wait.do.value} {request.id} {wait.step}"
    return f"{request.id} {words(wait)}{more} ({command}): {step.sentence or step.step.summary}"
