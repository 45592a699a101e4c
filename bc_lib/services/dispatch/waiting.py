"""Whom a request waits for and until when, one sentence a thing: for the log of the task that waits."""

from __future__ import annotations

from bc_lib.domain.authorization import TABLE, Verb, roles_text
from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.acts import RULES, persons_needed
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.progress import headline
from bc_lib.domain.execution.run import RunActKind, RunStep
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.words import clock
from bc_lib.services.execution.against import against
from bc_lib.services.gate import Gate
from bc_lib.services.requests.standing import standing_of


def waits_for(gate: Gate, request_id: str) -> list[str]:
    """Empty where nothing is waited for. Raises Denial UNKNOWN_REQUEST."""
    read = gate.store.read
    request = read.get(request_id)
    until = f", until {clock(request.expires_at)}" if request.expires_at is not None else ""
    if request.state is State.PENDING_APPROVAL:
        return [f"Waits for the approval of {_missing(gate, request)}{until}."]
    if request.state is State.APPROVED:
        return [f"Waits for an {roles_text(Verb.CONFIRM)} who types the phrase{until}."]
    if request.state is State.READY_TO_START:
        why = against(gate, read, request, read.plan(request.id).plan)
        return [f"Waits for its start{until}. {why.words} What ends it: {why.do or '-'}"] if why else []
    run = read.run(request_id)
    if run is None or request.state.over:
        return []
    open_ = [step for step in run.steps if step.state in {StepState.WAITING, StepState.UNKNOWN}]
    return [_step(request, step) for step in open_] or [headline(run, request.state)]


def _missing(gate: Gate, request: Request) -> str:
    try:
        return standing_of(gate, gate.store.read, request).missing_text()
    except Denial as denial:  # the policy changed under it: it is voided by the next look of the upkeep
        return f"nobody yet: {denial.sentence}"


def _step(request: Request, step: RunStep) -> str:
    kind = act_wanted(step)
    persons = persons_needed(kind, request.tier)
    rule = TABLE[RULES[kind].verb]
    who = f"{persons if persons > 1 else 'one'} {roles_text(RULES[kind].verb)}"
    never = ", not who asked" if rule.requester.value == "never" else ""
    command = f"bcctl run {kind.value} {request.id} {step.step.key}"
    return f"{step.step.key} waits for {who}{never} ({command}): {step.sentence or step.step.summary}"


def act_wanted(step: RunStep) -> RunActKind:
    """What somebody must say about a step that waits."""
    if step.state is StepState.UNKNOWN:
        return RunActKind.RESOLVE
    if step.step.action == Action.HOLD:
        return RunActKind.END_HOLD
    if step.step.needs_allowance and step.attempts == 0:
        return RunActKind.ALLOW
    return RunActKind.ATTEST
