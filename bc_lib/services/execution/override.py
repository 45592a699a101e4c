"""Go on in spite of a precheck, where the resource's policy lists it and it is none of those that never are."""

from __future__ import annotations

from bc_lib.domain.actor import Actor
from bc_lib.domain.execution.overriding import may_override, never
from bc_lib.domain.execution.run import RunAct, RunActKind
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Proof
from bc_lib.ports.runs import RunWork
from bc_lib.services.execution.decisions import decide
from bc_lib.services.gate import Gate


def override(
    gate: Gate,
    actor: Actor,
    request_id: str,
    value: str,
    *,
    note: str,
    revision: int | None = None,
    proof: Proof | None = None,
) -> RunAct:
    """`value`: <resource>/<check>. Needs a reason, never the requester, on tier 1 two persons. Raises Denial."""

    def check(work: RunWork, request: Request, plan: Plan) -> None:
        name, _, what = value.partition("/")
        members = {target.resource for target in plan.targets}
        if name in members and never(what):
            raise refusal("OVERRIDE_NEVER", resource=name, check=what)
        if name not in members or not may_override(work.inventory(), value):
            raise refusal("OVERRIDE_FORBIDDEN", resource=ascii(name[:63]), check=ascii(what[:63]))

    return decide(
        gate,
        actor,
        request_id,
        RunActKind.OVERRIDE,
        value=value,
        note=note,
        revision=revision,
        proof=proof,
        check=check,
    )
