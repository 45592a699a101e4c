"""Decide what a step did that cannot be observed."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.execution.run import RunAct, RunActKind
from bc_lib.domain.requests.votes import Proof
from bc_lib.services.execution.decisions import decide, one_of
from bc_lib.services.gate import Gate

VALUES = ("done", "not-done", "give-up")


def resolve(
    gate: Gate,
    actor: Actor,
    request_id: str,
    step: str,
    value: str,
    *,
    note: str = "",
    revision: int | None = None,
    proof: Proof | None = None,
) -> RunAct:
    """`value`: done, not-done or give-up. On tier 1 two persons must say the same. Raises Denial."""
    return decide(
        gate,
        actor,
        request_id,
        RunActKind.RESOLVE,
        step=step,
        value=value,
        note=note,
        revision=revision,
        proof=proof,
        check=one_of(value, *VALUES),
    )
