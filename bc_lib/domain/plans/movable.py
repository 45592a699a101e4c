"""What can be moved at all, and what is only watched: one answer for plans, verdicts, drills and their counts."""

from __future__ import annotations

from collections.abc import Iterable

from bc_lib.domain.assessment import Answer, Reason, Verdict
from bc_lib.domain.capabilities import MOVABLE
from bc_lib.domain.inventory import Group, Inventory, Resource
from bc_lib.domain.requests.plan import Scope

CODE = "WATCHED_ONLY"


def movable(resource: Resource) -> bool:
    """Whether anything here can move it; where not it is watched only, and no drill of it is ever due."""
    return resource.platform in MOVABLE


def movable_of(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """Those that can be moved, in their order."""
    return tuple(each for each in resources if movable(each))


def group_moves(inventory: Inventory, group: Group) -> bool:
    """Whether a group has a member that can be moved."""
    known = inventory.resource_map()
    return any(movable(known[each.resource]) for each in group.members if each.resource in known)


def moving_scopes(inventory: Inventory) -> tuple[Scope, ...]:
    """Groups, then resources, of which something can be moved: what can be asked for, drilled, scheduled, counted."""
    groups = [Scope(kind="group", name=each.name) for each in inventory.groups if group_moves(inventory, each)]
    return (*groups, *(Scope(kind="resource", name=each.name) for each in movable_of(inventory.resources)))


def watched_verdict(name: str) -> Verdict:
    """Of what cannot be moved."""
    why = Reason(code=CODE, text=f"{name} is watched only: nothing here can move it.")
    return Verdict(answer=Answer.NO, reasons=(why,))


def watched_only(verdict: Verdict) -> bool:
    """Whether a verdict says that it is not about anything that moves."""
    return any(each.code == CODE for each in verdict.reasons)
