"""Ask for a safe stop: the run ends where the plan lets it."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.execution.run import RunAct, RunActKind
from bc_lib.domain.requests.votes import Proof
from bc_lib.services.execution.decisions import decide
from bc_lib.services.gate import Gate


def stop(
    gate: Gate,
    actor: Actor,
    request_id: str,
    *,
    note: str = "",
    revision: int | None = None,
    proof: Proof | None = None,
) -> RunAct:
    """End the run in front of the next step where it may stop. What has moved stays moved. Raises Denial."""
    return decide(gate, actor, request_id, RunActKind.STOP, note=note, revision=revision, proof=proof)
