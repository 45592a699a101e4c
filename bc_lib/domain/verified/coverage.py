"""Which critical systems were tried, in which way, with which end, and who took part: what is overdue stands first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bc_lib.domain.inventory import Inventory
from bc_lib.domain.plans.movable import moving_scopes
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.verified.values import Asked, Mark, Verified

CRITICAL = 1
WORST_FIRST = (Verified.FAILED, Verified.NEVER, Verified.UNKNOWN, Verified.CHANGED, Verified.VERIFIED, Verified.WATCHED)


class Scenario(StrEnum):
    """A way of trying. Only LIVE_DRILL is a recovery test; the others are told beside it."""

    LIVE_DRILL = "live drill"
    REHEARSAL = "rehearsal"
    SWITCHOVER = "switchover"
    FAILOVER = "failover"
    FAILBACK = "failback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One critical system. `last`: the newest request that ended, of each scenario that was ever tried.

    `mark`: None where it could not be judged.
    """

    scope: Scope
    tier: int
    owner: str
    mark: Mark | None
    last: Mapping[Scenario, Asked]


def scenario(asked: Asked) -> Scenario:
    """Which scenario a request was."""
    if asked.live:
        return Scenario.LIVE_DRILL
    return Scenario.REHEARSAL if asked.drill else Scenario(asked.type.value)


def coverage(inventory: Inventory, marks: Mapping[Scope, Mark], tried: Sequence[Asked]) -> tuple[Coverage, ...]:
    """Groups of tier 1, and resources of tier 1 that are in none of them; not what is watched only. Overdue first.

    A group counts what was done to the group; a resource also what was done to a group that it is in.
    """
    moving = set(moving_scopes(inventory))
    groups = [each for each in inventory.groups if each.tier == CRITICAL]
    inside = {member.resource for group in groups for member in group.members}
    alone = [each for each in inventory.resources if each.tier == CRITICAL and each.name not in inside]
    critical = [(Scope(kind="group", name=each.name), each.tier, each.owner) for each in groups]
    critical += [(Scope(kind="resource", name=each.name), each.tier, each.owner) for each in alone]
    found = [
        Coverage(scope=scope, tier=tier, owner=owner, mark=marks.get(scope), last=_last(scope, tried))
        for scope, tier, owner in critical
        if scope in moving
    ]
    return tuple(sorted(found, key=lambda each: (*urgency(each.mark), each.scope.name)))


def urgency(mark: Mark | None) -> tuple[bool, int]:
    """Sorts overdue first, then worst first; what could not be judged like what was never drilled, and before it."""
    if mark is None:
        return False, WORST_FIRST.index(Verified.FAILED)
    return not mark.overdue, WORST_FIRST.index(mark.state)


def touches(asked: Asked, scope: Scope) -> bool:
    """Whether a request was about it: a group's request about each of its members too, never the other way round."""
    return asked.scope == scope or (scope.kind == "resource" and scope.name in asked.members)


def _last(scope: Scope, tried: Sequence[Asked]) -> dict[Scenario, Asked]:
    found: dict[Scenario, Asked] = {}
    for each in sorted(tried, key=lambda one: one.state_since):
        if each.state.over and touches(each, scope):
            found[scenario(each)] = each
    return found
