"""What people must have said before a start: the loss accepted, the fence waived, checks overridden (F17, F19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bc_lib.domain.execution.acts import accepting
from bc_lib.domain.execution.findings import Finding, fence_checks, fence_open
from bc_lib.domain.execution.overriding import may_override
from bc_lib.domain.execution.run import RunActKind
from bc_lib.domain.inventory import Environment, Inventory
from bc_lib.domain.plans.production import stranger
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.requests.values import Request
from bc_lib.domain.words import duration
from bc_lib.ports.runs import Past
from bc_lib.services.execution.said import Reads, Settled, settled, settled_values, valid
from bc_lib.services.gate import Gate
from bc_lib.services.guard import PRODUCTION
from bc_lib.services.requests.look import to_accept

# Refusals that end when a person decides, or another run is over. The request stays ready until its time is over.
MAY_PASS = frozenset({"FROZEN", "RESOURCE_BUSY", "CONSENT_MISSING", "FENCE_UNPROVEN", "BLOCK_PERIOD", "LOOKING_AGAIN"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Decisions that count at this start. `overridden`: `<resource>/<check>`."""

    overridden: frozenset[str] = frozenset()
    said: dict[str, Settled] = field(default_factory=dict)

    def told(self) -> dict[str, object]:
        """For the audit."""
        return {
            "decisions": [
                {"what": what, "value": each.value, "by": each.names, "note": each.acts[-1].note}
                for what, each in self.said.items()
            ]
        }


def agreed(
    gate: Gate, reading: Reads, request: Request, plan: Plan, findings: Sequence[Finding], block_s: float
) -> Agreed:
    """Raises Denial where somebody must decide first; the request waits for that. `block_s`: as Execution's."""
    inventory = reading.inventory()
    check_environment(gate, request, plan, inventory)
    said: dict[str, Settled] = {}
    over = overridden(gate, reading, request, inventory, said)
    waived = settled(gate, reading, request, RunActKind.WAIVE)
    if waived is not None:
        said["waive"] = waived
        over |= {f"{target.resource}/{check}" for target in plan.targets for check in fence_checks(target)}
    if request.type is RequestType.FAILOVER:
        _consent(gate, reading, request, plan, said)
        _block_period(gate, reading, request, plan, block_s, said)
        _fence(findings, plan, waived)
    return Agreed(overridden=frozenset(over), said=said)


def check_environment(gate: Gate, request: Request, plan: Plan, inventory: Inventory) -> None:
    """Production is touched by a production deployment only, and never together with anything else (F19)."""
    known = inventory.resource_map()
    members = [known[target.resource] for target in plan.targets if target.resource in known]
    production = Environment(plan.environment).production
    odd = stranger(inventory, members) if members else None
    odd = odd or next((each for each in members if each.environment.production is not production), None)
    if odd is None and production and gate.environment != PRODUCTION:
        odd = members[0] if members else None
    if odd is not None:
        raise refusal("WRONG_ENVIRONMENT", request=request.id, resource=odd.name, environment=odd.environment.value)


def overridden(
    gate: Gate, reading: Reads, request: Request, inventory: Inventory, said: dict[str, Settled] | None = None
) -> set[str]:
    """`<resource>/<check>` that enough people answered for, and that the resource's policy lets them."""
    found = set()
    for each in settled_values(gate, reading, request, RunActKind.OVERRIDE):
        if may_override(inventory, each.value):
            found.add(each.value)
            if said is not None:
                said[f"override {each.value}"] = each
    return found


def _consent(gate: Gate, reading: Reads, request: Request, plan: Plan, said: dict[str, Settled]) -> None:
    loss = to_accept(reading, request, plan)
    if not loss:
        return
    acts = valid(gate, reading, request, RunActKind.CONSENT)
    given = accepting(acts, request.plan_revision, loss)
    if given is None:
        raise refusal("CONSENT_MISSING", request=request.id, loss=loss)
    said["consent"] = Settled(value=given.value, acts=(given,))


def _block_period(
    gate: Gate, reading: Reads, request: Request, plan: Plan, block_s: float, said: dict[str, Settled]
) -> None:
    now = reading.now()
    recent = recent_failovers(reading, request, [target.resource for target in plan.targets], now, block_s)
    if not recent:
        return
    given = settled(gate, reading, request, RunActKind.ACKNOWLEDGE)
    if given is None:
        ago = duration((now - max(each.started_at for each in recent)).total_seconds())
        raise refusal("BLOCK_PERIOD", scope=request.scope.name, ago=ago, period=duration(block_s))
    said["acknowledge"] = given


def recent_failovers(
    reading: Reads, request: Request, resources: Sequence[str], now: datetime, block_s: float
) -> list[Past]:
    """Other failovers of these resources that began within the block period (F17)."""
    if request.type is not RequestType.FAILOVER:
        return []
    return [
        each
        for each in reading.past(resources)
        if each.type == RequestType.FAILOVER
        and each.request != request.id
        and now - each.started_at < timedelta(seconds=block_s)
    ]


def _fence(findings: Sequence[Finding], plan: Plan, waived: Settled | None) -> None:
    """Where the checks see now that the fence cannot be proven, somebody must have waived it before the start."""
    for target in plan.targets:
        if fence_open(findings, (target,)) and waived is None:
            raise refusal("FENCE_UNPROVEN", resource=target.resource, site=target.old)
