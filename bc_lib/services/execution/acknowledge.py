"""Acknowledge a second failover within the block period (F17)."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.execution.run import RunAct, RunActKind
from bc_lib.domain.requests.votes import Proof
from bc_lib.services.execution.decisions import decide
from bc_lib.services.gate import Gate


def acknowledge(
    gate: Gate,
    actor: Actor,
    request_id: str,
    *,
    note: str,
    revision: int | None = None,
    proof: Proof | None = None,
) -> RunAct:
    """Needs a reason. Raises Denial."""
    return decide(gate, actor, request_id, RunActKind.ACKNOWLEDGE, note=note, revision=revision, proof=proof)
