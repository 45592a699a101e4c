"""How long clients could not write in earlier runs of the same kind: the one estimate of an outage (FR-022)."""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.words import count, latency
from bc_lib.ports.runs import Past

NO_OUTAGE = "not known: no run or drill of this is recorded, so there is nothing to estimate from"
PLANNED = frozenset({RequestType.SWITCHOVER.value, RequestType.FAILBACK.value, RequestType.DRILL.value})


def expected_outage(plan: Plan, past: Sequence[Past], but: str = "") -> str:
    """The estimated outage with its basis. Only runs of the same way of moving that touched every resource count."""
    if plan.type is RequestType.DRILL and plan.drill != "live":
        return "none: a rehearsal does everything but the effects"
    names = {target.resource for target in plan.targets}
    alike = [each for each in past if _alike(plan.type.value, each.type) and each.request != but]
    touched: dict[str, set[str]] = {}
    for each in alike:
        touched.setdefault(each.request, set()).add(each.resource)
    figures = {
        each.request: each.outage_s for each in alike if each.outage_s is not None and names <= touched[each.request]
    }
    if not figures:
        return NO_OUTAGE
    least, most = min(figures.values()), max(figures.values())
    span = latency(most) if latency(least) == latency(most) else f"{latency(least)} to {latency(most)}"
    return f"{span}: what clients saw in {count(len(figures), 'earlier run')} of this kind"


def _alike(wanted: str, given: str) -> bool:
    return wanted == given or {wanted, given} <= PLANNED
