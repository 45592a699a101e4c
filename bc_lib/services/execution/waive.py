"""Do without a proven fence of the old primary."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.execution.run import RunAct, RunActKind
from bc_lib.domain.requests.votes import Proof
from bc_lib.services.execution.decisions import decide
from bc_lib.services.gate import Gate


def waive(
    gate: Gate,
    actor: Actor,
    request_id: str,
    *,
    note: str,
    revision: int | None = None,
    proof: Proof | None = None,
) -> RunAct:
    """The fence stays owed. Needs a reason, and on tier 1 two persons. Raises Denial."""
    return decide(gate, actor, request_id, RunActKind.WAIVE, note=note, revision=revision, proof=proof)
