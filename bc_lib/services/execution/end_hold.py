"""End a live drill's hold: it goes back."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.execution.run import RunAct, RunActKind
from bc_lib.domain.requests.votes import Proof
from bc_lib.services.execution.decisions import decide
from bc_lib.services.gate import Gate


def end_hold(
    gate: Gate,
    actor: Actor,
    request_id: str,
    step: str,
    *,
    note: str = "",
    revision: int | None = None,
    proof: Proof | None = None,
) -> RunAct:
    """`step`: the key of the hold. Raises Denial."""
    return decide(gate, actor, request_id, RunActKind.END_HOLD, step=step, note=note, revision=revision, proof=proof)
