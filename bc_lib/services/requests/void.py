"""Voids approvals whose plan, band, policy, approver or proof is not what it was (decision 7, F14, F33, F34, A02)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bc_lib.domain.audit import AuditActor, AuditEntry, Kind, system_actor
from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.binding import difference
from bc_lib.domain.requests.expiry import expired
from bc_lib.domain.requests.notice import RequestNoticeKind, about_request
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import WAITING
from bc_lib.domain.requests.telling import due_together, told_at_once, voids
from bc_lib.domain.requests.values import Request
from bc_lib.ports.runs import RunWork
from bc_lib.services.gate import Gate
from bc_lib.services.passes import Pass
from bc_lib.services.requests.look import drill_kind, plan_now
from bc_lib.services.requests.notices import send, tell
from bc_lib.services.requests.standing import glass_fault, standing_of

WATCH = "plan watch"


def changed(work: RunWork, request: Request) -> tuple[Plan, str] | None:
    """The plan as it would be now and why approvals do not cover it; None where they still do.

    Raises Denial where the request makes no sense any more (its scope has gone, it is already there).
    """
    now = plan_now(work, work.policy(), request.type, request.scope, request.target_site, drill_kind(request))
    why = difference(work.plan(request.id).plan, now)
    return (now, why) if why else None


def void(
    gate: Gate,
    work: RunWork,
    request: Request,
    plan: Plan,
    why: str,
    *,
    by: str,
    actor: AuditActor,
    code: str,
    channel: str,
) -> Denial:
    """A new plan revision: votes are void, the reason is kept, told and recorded. The denial to raise afterwards."""
    before = work.votes(request.id)
    after = work.revise(request, plan, why, by)
    forged = code == "PROOF_INVALID"
    work.record(
        AuditEntry(
            kind=Kind.RECORDED,
            verb="request.void",
            actor=actor,
            channel=channel,
            system=request.scope.name,
            request_id=request.id,
            members=tuple(target.resource for target in plan.targets),
            reason_code=code,
            outcome=after.state.value,
            payload={
                "because": why,
                "was": request.state.value,
                "revision": after.plan_revision,
                "plan_digest": plan.digest(),
                "votes_void": [
                    f"{vote.name} ({vote.role.value}): {vote.decision.value}"
                    for vote in before
                    if vote.plan_revision == request.plan_revision
                ],
            },
        )
    )
    if forged:
        tell(gate, work, RequestNoticeKind.FORGED, after, by, why, security=True)
    elif told_at_once(voids(work.history(after.id))):
        tell(gate, work, RequestNoticeKind.VOIDED, after, by, why)
    return refusal(code, request=request.id, difference=why)


def faults(gate: Gate, work: RunWork, request: Request) -> tuple[str, str] | None:
    """Code and reason why given approvals no longer hold; None where each vote still counts."""
    standing, keys = standing_of(gate, work, request), work.keys(request.id)
    for code, denial in (
        ("PROOF_INVALID", "PROOF_INVALID"),
        ("ROLE_GONE", "APPROVAL_VOID"),
        ("REQUESTER", "APPROVAL_VOID"),
        ("SAME_PERSON", "APPROVAL_VOID"),
    ):
        found = next((each for each in standing.ignored if each.code == code), None)
        if found and code == "PROOF_INVALID" and gate.verifier.held(found.vote.statement(), found.vote.proof, keys):
            return "APPROVAL_VOID", f"{found.vote.name} voted before the shared database was restored or updated"
        if found:
            return denial, found.why
    return None


def void_changed(gate: Gate, done: Pass | None = None) -> int:
    """Look at every waiting request and void what does not hold any more; how many. For a job."""
    done = done or Pass(gate.store.read.now)
    found = gate.store.read.list(states=tuple(WAITING), limit=1000).requests
    return sum(done.each("the look at", [each.id for each in found], lambda name: _looked(gate, name)))


def _looked(gate: Gate, request_id: str) -> bool:
    try:
        return _check_one(gate, request_id)
    except Denial:
        return False  # it makes no sense now, so nobody can confirm it; it will expire or be withdrawn


def tell_together(gate: Gate, done: Pass | None = None) -> int:
    """Tell of voided approvals that were not told one by one; how many requests. For a job; telling twice is once."""
    found = gate.store.read.list(states=tuple(WAITING), limit=1000)
    often = [each.id for each in found.requests if each.plan_revision > 2]
    done = done or Pass(gate.store.read.now)
    return sum(done.each("telling of", often, lambda name: _tell_together(gate, name, found.now)))


def _tell_together(gate: Gate, request_id: str, now: datetime) -> bool:
    due = due_together(voids(gate.store.read.history(request_id)), now)
    if not due:
        return False
    with gate.store.work() as work:
        request, plan = work.get(request_id), work.plan(request_id).plan
        for window in due:
            notice = about_request(RequestNoticeKind.VOIDED, request, plan, WATCH, window.text, now)
            key = f"request/{request.id}/voided/{window.first.at.isoformat()}/more"
            send(gate, work, replace(notice, key=key), plan)
    return True


def _check_one(gate: Gate, request_id: str) -> bool:
    with gate.store.work() as work:
        request = work.lock(request_id)
        if request.state not in WAITING or expired(request.state, request.expires_at, work.now()):
            return False
        found = changed(work, request)
        fault = ("PLAN_CHANGED", found[1]) if found else None
        if fault is None:
            fault = faults(gate, work, request) or glass_fault(gate, work, request)
        if fault is None:
            return False
        plan = (
            found[0]
            if found
            else plan_now(work, work.policy(), request.type, request.scope, request.target_site, drill_kind(request))
        )
        void(gate, work, request, plan, fault[1], by=WATCH, actor=system_actor(WATCH), code=fault[0], channel="job")
        return True
