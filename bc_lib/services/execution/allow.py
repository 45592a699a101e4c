"""Allow a step that needs an approval of its own, such as rewinding the only copy of what was lost."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.execution.run import RunAct, RunActKind
from bc_lib.domain.requests.votes import Proof
from bc_lib.services.execution.decisions import decide
from bc_lib.services.gate import Gate


def allow(
    gate: Gate,
    actor: Actor,
    request_id: str,
    step: str,
    *,
    note: str = "",
    revision: int | None = None,
    proof: Proof | None = None,
) -> RunAct:
    """Let the step begin. Raises Denial."""
    return decide(gate, actor, request_id, RunActKind.ALLOW, step=step, note=note, revision=revision, proof=proof)
