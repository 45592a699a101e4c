"""Say that a manual step was done, or that it was not."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.execution.attested import attested
from bc_lib.domain.execution.run import RunAct, RunActKind
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Proof
from bc_lib.ports.runs import RunWork
from bc_lib.services.execution.decisions import decide
from bc_lib.services.gate import Gate

VALUES = "done, not-done, for a stop also done@LSN"


def attest(
    gate: Gate,
    actor: Actor,
    request_id: str,
    step: str,
    value: str = "done",
    *,
    note: str = "",
    revision: int | None = None,
    proof: Proof | None = None,
) -> RunAct:
    """`value`: done or not-done, of a stop also done@LSN: the shutdown checkpoint that pg_controldata prints there.

    With a note of what was done and seen. On tier 1 two persons must say the same. Raises Denial.
    """

    def check(_: RunWork, __: Request, plan: Plan) -> None:
        action = next((each.action for each in plan.steps if each.key == step), "")
        if attested(value, action) is None:
            raise refusal("DECISION_UNKNOWN", value=ascii(value[:40]), values=VALUES)

    return decide(
        gate,
        actor,
        request_id,
        RunActKind.ATTEST,
        step=step,
        value=value,
        note=note,
        revision=revision,
        proof=proof,
        check=check,
    )
