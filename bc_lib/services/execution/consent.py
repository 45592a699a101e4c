"""Accept the loss that a failover can bring, in exactly its words."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.execution.run import RunAct, RunActKind
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Proof
from bc_lib.ports.runs import RunWork
from bc_lib.services.execution.decisions import decide
from bc_lib.services.gate import Gate
from bc_lib.services.requests.look import to_accept


def consent(
    gate: Gate,
    actor: Actor,
    request_id: str,
    value: str,
    *,
    note: str = "",
    revision: int | None = None,
    proof: Proof | None = None,
) -> RunAct:
    """`value` must be what may be lost now, as loss_now says it. Raises Denial CONSENT_WRONG and others."""

    def check(work: RunWork, request: Request, plan: Plan) -> None:
        loss = to_accept(work, request, plan)
        if value != loss or not loss:
            raise refusal("CONSENT_WRONG", loss=loss or "nothing by this way of moving")

    return decide(
        gate, actor, request_id, RunActKind.CONSENT, value=value, note=note, revision=revision, proof=proof, check=check
    )


def loss_now(gate: Gate, request_id: str) -> str:
    """What must be accepted at this moment; empty where nothing is. Raises Denial UNKNOWN_REQUEST."""
    read = gate.store.read
    request = read.get(request_id)
    return to_accept(read, request, read.plan(request.id).plan)
