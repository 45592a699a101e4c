"""Reads everything again before a start: what the runner's first claim asks (decision 5)."""

from __future__ import annotations

from bc_lib.domain.audit import AuditEntry, Kind, system_actor
from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.expiry import expired
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.runs import RunWork
from bc_lib.services.gate import Gate
from bc_lib.services.requests.opened import must_be
from bc_lib.services.requests.standing import glass_broken, glass_fault, standing_of
from bc_lib.services.requests.void import changed, faults, void

RUNNER = "runner"


def refuse_unless_approved(gate: Gate, work: RunWork, request: Request) -> None:
    """Raises Denial unless votes, as they count now, or a break-glass grant satisfy the rule."""
    counted = standing_of(gate, work, request)
    if counted.denied_by is not None or not (counted.satisfied or glass_broken(work, request)):
        raise refusal("POLICY_UNSATISFIED", request=request.id, missing=counted.missing_text())


def verify_ready(gate: Gate, request_id: str) -> Request:
    """The request, where it may start now by everything that is known. Raises Denial, audited.

    Approvals that no longer hold are void afterwards; a vote or confirmation without a valid proof tells security.
    For the runner, in front of its claim, which holds the same lock and calls `check_ready` itself.
    """
    kept: Denial | None = None
    try:
        with gate.store.work() as work:
            request = work.lock(request_id)
            kept = check_ready(gate, work, request)
    except Denial as denial:
        kept = denial
    if kept is None:
        return request
    with gate.store.work() as work:
        work.record(
            AuditEntry(
                kind=Kind.DENIED,
                verb="request.start",
                actor=system_actor(RUNNER),
                channel="job",
                request_id=request_id,
                reason_code=kept.code,
                outcome="denied",
                payload={"sentence": kept.sentence},
            )
        )
    raise kept


def check_ready(gate: Gate, work: RunWork, request: Request) -> Denial | None:
    """Within the claim's transaction: None where it may start. A denial that is returned has voided the approvals
    (commit, then refuse); one that is raised has changed nothing."""
    must_be(request, State.READY_TO_START)
    if expired(request.state, request.expires_at, work.now()):
        raise refusal("REQUEST_EXPIRED", request=request.id)
    plan = work.plan(request.id)
    found = changed(work, request)
    fault = ("PLAN_CHANGED", found[1]) if found else faults(gate, work, request) or glass_fault(gate, work, request)
    if fault is None:
        fault = _confirmation_fault(gate, work, request)
    if fault is not None:
        return void(
            gate,
            work,
            request,
            found[0] if found else plan.plan,
            fault[1],
            by=RUNNER,
            actor=system_actor(RUNNER),
            code=fault[0],
            channel="job",
        )
    refuse_unless_approved(gate, work, request)
    return None


def _confirmation_fault(gate: Gate, work: RunWork, request: Request) -> tuple[str, str] | None:
    given = work.confirmation_proof(request.id)
    if given is None or not gate.verifier.verify(given[0], given[1], work.keys(request.id)):
        return "PROOF_INVALID", "the confirmation carries no valid proof"
    return None
