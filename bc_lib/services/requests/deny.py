"""Say no to a request: one denial by a needed role ends it."""

from __future__ import annotations

from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.authorization import Verb
from bc_lib.domain.names import InvalidName, check_text
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import Decision
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Proof
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting
from bc_lib.services.requests.decide import decide


def deny(
    gate: Gate,
    actor: Actor,
    request_id: str,
    role: Role,
    reason: str,
    *,
    revision: int | None = None,
    proof: Proof | None = None,
) -> Request:
    """Vote against it, with a reason of one line. Raises Denial."""
    try:
        check_text("reason", reason.strip())
    except InvalidName as error:
        with acting(gate, actor, Verb.DENY, Subject(request_id=request_id[:20])):
            raise refusal("DENIAL_NEEDS_REASON", request=request_id[:20]) from error
    return decide(gate, actor, request_id, role, Decision.DENY, reason.strip(), revision, proof)
