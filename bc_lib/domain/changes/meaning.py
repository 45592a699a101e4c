"""Which changes of the inventory one administrator may not make alone (S5).

What makes a move's meaning is who and what is acted on, with which secrets, and who must agree: everything about a
resource that can be moved but what is listed here, and the same of a group that holds one. A field that is new in the
inventory takes two until it is listed. sql/guards/inventory_changes.sql says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bc_lib.domain.inventory import Inventory
from bc_lib.domain.inventory_diff import Change, ChangeKind

# What one administrator may change: how it is watched, who is told, what the business wants.
HARMLESS = {
    "resource": frozenset(
        {"owner", "interval_s", "rpo_s", "rto_s", "thresholds", "heartbeat", "depends_on", "notes", "order"}
    ),
    "group": frozenset({"owner", "rpo_s", "rto_s", "order"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighty:
    """A change that takes two administrators. `fields`: what of it does, empty where it is all of it."""

    what: str
    name: str
    kind: ChangeKind
    fields: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What needs the second administrator, and why."""
        why = "it can be moved from here" if self.what == "resource" else "it holds a resource that can be moved"
        about = f" ({', '.join(self.fields)})" if self.fields else f" ({self.kind.value})"
        return f"{self.what} {self.name}{about} needs a second administrator, because {why}"


def weighty(before: Inventory, after: Inventory, changes: Sequence[Change]) -> tuple[Weighty, ...]:
    """Those of `changes` (the difference between the two) that take two administrators."""
    movable = {"resource": _movable(before) | _movable(after), "group": _holding(before) | _holding(after)}
    return tuple(
        Weighty(what=change.what, name=change.name, kind=change.kind, fields=fields)
        for change in changes
        if change.what in HARMLESS and change.name in movable[change.what]
        for fields in [_fields(change)]
        if fields or change.kind is not ChangeKind.CHANGED
    )


def _fields(change: Change) -> tuple[str, ...]:
    """The top-level fields that weigh, each once."""
    if change.kind is not ChangeKind.CHANGED:
        return ()
    names = dict.fromkeys(each.name.partition(".")[0] for each in change.fields)
    return tuple(name for name in names if name not in HARMLESS[change.what])


def _movable(inventory: Inventory) -> set[str]:
    return {each.name for each in inventory.resources if each.execution is not None}


def _holding(inventory: Inventory) -> set[str]:
    acts = _movable(inventory)
    return {group.name for group in inventory.groups if any(member.resource in acts for member in group.members)}
