"""Reads the live drills that ended, makes the plans as they would be now, and judges (domain.verified)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What marks rest on beside what is seen: it is another as soon as the drills' `stamp` is another."""

    inventory: Inventory
    policy: Policy
    drills: Sequence[Drill]


Planned = Callable[[Scope, list[Drill]], Plan | str]
"""A live drill's plan of a scope now, or the sentence why there is none."""


def marks(read: RequestReader, periods: Mapping[int, float] = PERIODS_S) -> Mapping[Scope, Mark]:
    """The mark of every resource and group of the inventory. `periods`: seconds by tier.

    The drills are one statement, however many resources there are.
    """
    basis = basis_of(read)
    seen = seen_now(read, basis.inventory) if basis.drills else {}
    return judged(basis, lambda scope, drills: planned(basis, seen, scope, drills), read.now(), periods)


def basis_of(read: RequestReader) -> Basis:
    """As it is stored now."""
    return Basis(inventory=read.inventory(), policy=read.policy(), drills=read.drills.newest())


def judged(basis: Basis, plan_of: Planned, now: datetime, periods: Mapping[int, float]) -> Mapping[Scope, Mark]:
    """Every mark at `now`."""
    inventory = basis.inventory
    of_resource, of_group = _by_scope(basis.drills)
    found = {}
    moving = set(moving_scopes(inventory))
    for each in inventory.resources:
        scope = Scope(kind="resource", name=each.name)
        if scope not in moving:
            found[scope] = watched(each.tier, periods)
            continue
        mine = [replace(drill, plan=part(drill.plan, each.name)) for drill in of_resource.get(each.name, ())]
        plan = plan_of(scope, mine)
        found[scope] = judge(each.tier, now, mine, plan if isinstance(plan, str) else part(plan, each.name), periods)
    for group in inventory.groups:
        scope = Scope(kind="group", name=group.name)
        if scope not in moving:
            found[scope] = watched(group.tier, periods)
            continue
        mine = of_group.get(group.name, [])
        found[scope] = judge(group.tier, now, mine, plan_of(scope, mine), periods)
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


def planned(basis: Basis, seen: Seen, scope: Scope, drills: list[Drill]) -> Plan | str:
    """A live drill's plan now, in the direction that makes sense; else why there is none."""
    if not drills:
        return "no drill to compare with."
    newest = max(drills, key=lambda each: each.ended_at).plan
    kind, live = RequestType.DRILL, DrillKind.LIVE
    why = "its sites are not known."
    for site in dict.fromkeys(
        [newest.target_site, *(site for each in newest.targets for site in (each.from_site, each.to_site))]
    ):
        try:
            return preview(basis.inventory, seen, basis.policy, kind, scope, site, live, asking=False)
        except Denial as denial:
            why = denial.sentence
    return why
