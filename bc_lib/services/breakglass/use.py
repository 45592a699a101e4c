"""Use a grant on a request: it stands in for the approvers who are missing, and for nothing else (S6)."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.notice import RequestNoticeKind
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Proof, use_statement
from bc_lib.services.gate import Gate
from bc_lib.services.requests.decide import sign
from bc_lib.services.requests.notices import tell
from bc_lib.services.requests.opened import must_be, opened
from bc_lib.services.requests.standing import glass_fault, standing_of


def use(
    gate: Gate, actor: Actor, grant_id: int, request_id: str, *, revision: int | None = None, proof: Proof | None = None
) -> Request:
    """Approve the request by the grant. Confirmation and checks stay. Raises Denial.

    A request that somebody has denied stays denied. The approvers who were skipped are told why.
    """
    with opened(gate, actor, Verb.GRANT, request_id, revision) as each:
        act, work, request = each.act, each.act.work, each.request
        must_be(request, State.PENDING_APPROVAL)
        work.lock_grants()
        given = work.grant(grant_id)
        if not given.usable(request.scope, act.person.id, each.now):
            raise refusal("GRANT_NOT_VALID", grant=grant_id)
        plan = each.plan
        statement = use_statement(grant_id, request.id, plan.revision, plan.digest, actor.issuer, actor.subject)
        work.add_use(given, plan, request, actor, proof or sign(gate, work, actor, statement))
        missing = standing_of(gate, work, request).missing_text()
        why = f"incident {given.incident}: {given.reason} (skipped: {missing})"
        request = work.move(request, State.APPROVED, Event.BREAK_GLASS, act.person.name, why, grant=given.id)
        fault = glass_fault(gate, work, request)
        if fault is not None:
            raise refusal("PROOF_UNAVAILABLE", why=f"{fault[1]}.")
        act.record(
            "breakglass.use",
            request.state.value,
            payload={
                "grant": given.id,
                "incident": given.incident,
                "reason": given.reason,
                "skipped": missing,
                "plan_digest": each.plan.digest,
            },
        )
        tell(gate, work, RequestNoticeKind.BREAK_GLASS, request, act.person.name, why, security=True)
        return request
