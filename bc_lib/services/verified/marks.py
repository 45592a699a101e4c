"""Reads the live drills that ended, makes the plans as they would be now, and judges (domain.verified)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.plans.movable import moving_scopes
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.policy import Policy
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.verified.judge import PERIODS_S, judge, part, watched
from bc_lib.domain.verified.values import Drill, Mark
from bc_lib.ports.requests import RequestReader
from bc_lib.services.requests.look import seen_now
from bc_lib.services.requests.preview import Seen, preview


def marks(read: RequestReader, periods: Mapping[int, float] = PERIODS_S) -> Mapping[Scope, Mark]:
    """The mark of every resource and group of the inventory. `periods`: seconds by tier.

    The drills are one statement, however many resources there are.
    """
    inventory, policy, drills = read.inventory(), read.policy(), read.drills.newest()
    seen = seen_now(read, inventory) if drills else {}
    of_resource, of_group = _by_scope(drills)
    now = read.now()
    found = {}
    moving = set(moving_scopes(inventory))
    for each in inventory.resources:
        scope = Scope(kind="resource", name=each.name)
        if scope not in moving:
            found[scope] = watched(each.tier, periods)
            continue
        mine = [replace(drill, plan=part(drill.plan, each.name)) for drill in of_resource.get(each.name, ())]
        plan = _plan(inventory, seen, policy, scope, mine)
        found[scope] = judge(each.tier, now, mine, plan if isinstance(plan, str) else part(plan, each.name), periods)
    for group in inventory.groups:
        scope = Scope(kind="group", name=group.name)
        if scope not in moving:
            found[scope] = watched(group.tier, periods)
            continue
        mine = of_group.get(group.name, [])
        found[scope] = judge(group.tier, now, mine, _plan(inventory, seen, policy, scope, mine), periods)
    return found


def _by_scope(drills: Sequence[Drill]) -> tuple[dict[str, list[Drill]], dict[str, list[Drill]]]:
    """Drills of each resource, a group's among them, and of each group."""
    of_resource: dict[str, list[Drill]] = {}
    of_group: dict[str, list[Drill]] = {}
    for drill in drills:
        for target in drill.plan.targets:
            of_resource.setdefault(target.resource, []).append(drill)
        if drill.plan.scope.kind == "group":
            of_group.setdefault(drill.plan.scope.name, []).append(drill)
    return of_resource, of_group


def _plan(inventory: Inventory, seen: Seen, policy: Policy, scope: Scope, drills: list[Drill]) -> Plan | str:
    """A live drill's plan now, in the direction that makes sense; else why there is none."""
    if not drills:
        return "no drill to compare with."
    newest = max(drills, key=lambda each: each.ended_at).plan
    why = "its sites are not known."
    for site in dict.fromkeys(
        [newest.target_site, *(site for each in newest.targets for site in (each.from_site, each.to_site))]
    ):
        try:
            return preview(inventory, seen, policy, RequestType.DRILL, scope, site, DrillKind.LIVE, asking=False)
        except Denial as denial:
            why = denial.sentence
    return why
