"""The recovery time that a move is measured by. One rule for pages, commands and packs."""

from __future__ import annotations

from collections.abc import Iterable

from bc_lib.domain.inventory import Group, Inventory, Resource
from bc_lib.domain.requests.plan import Plan

NOT_KEPT = 0.0
"""In a plan: it was made before plans kept their target."""


def target_of(group: Group | None, resources: Iterable[Resource]) -> float | None:
    """Seconds: the group's own target, else the strictest of its members; None where there is none."""
    if group is not None and group.rto_s is not None:
        return group.rto_s
    return min((each.rto_s for each in resources if each.rto_s is not None), default=None)


def target_when_planned(plan: Plan, inventory: Inventory) -> float | None:
    """Seconds: what was asked for when it was planned, so that a past run's verdict never changes; today's target for
    a plan that did not keep it."""
    if plan.rto_s != NOT_KEPT:
        return plan.rto_s
    scope, names = plan.scope, {target.resource for target in plan.targets}
    group = next((each for each in inventory.groups if scope.kind == "group" and each.name == scope.name), None)
    return target_of(group, (each for each in inventory.resources if each.name in names))
