"""Take one's own request back, as long as nothing has started."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.names import MAX_TEXT
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.notice import RequestNoticeKind
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Proof, withdraw_statement
from bc_lib.services.gate import Gate
from bc_lib.services.requests.decide import sign
from bc_lib.services.requests.notices import tell
from bc_lib.services.requests.opened import must_be, opened


def withdraw(gate: Gate, actor: Actor, request_id: str, *, reason: str = "", proof: Proof | None = None) -> Request:
    """Cancel the request. Raises Denial for anybody but the requester, and once it runs or is over."""
    with opened(gate, actor, Verb.WITHDRAW, request_id) as each:
        must_be(each.request, State.PENDING_APPROVAL, State.APPROVED, State.READY_TO_START)
        work, name, why = each.act.work, each.act.person.name, reason.strip()[:MAX_TEXT] or None
        plan = each.plan
        statement = withdraw_statement(each.request.id, plan.revision, plan.digest, actor.issuer, actor.subject)
        work.add_withdrawal(each.request, plan, actor, proof or sign(gate, work, actor, statement))
        request = work.move(each.request, State.CANCELLED, Event.WITHDRAW, name, why)
        each.act.record(
            "request.withdraw", request.state.value, payload={"was": each.request.state.value, "reason": why}
        )
        tell(gate, work, RequestNoticeKind.CANCELLED, request, name, why)
        return request
