"""Agree to a request in one role."""

from __future__ import annotations

from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.names import MAX_TEXT
from bc_lib.domain.requests.states import Decision
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Proof
from bc_lib.services.gate import Gate
from bc_lib.services.requests.decide import decide


def approve(
    gate: Gate,
    actor: Actor,
    request_id: str,
    role: Role,
    *,
    revision: int | None = None,
    reason: str = "",
    proof: Proof | None = None,
) -> Request:
    """Vote for the request's current plan; Approved where that satisfies its rule. Raises Denial.

    `revision`: the plan revision the approver looked at. `proof`: where the sign-on gave one already.
    """
    return decide(gate, actor, request_id, role, Decision.APPROVE, reason.strip()[:MAX_TEXT], revision, proof)
