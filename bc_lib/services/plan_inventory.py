"""What would change if an inventory were applied, in words (FR-001)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bc_lib.domain.changes.meaning import Weighty, weighty
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.inventory_diff import Change, ChangeKind, FieldChange, Plain, difference
from bc_lib.ports.inventory import InventoryRepository, StoredInventory

NO_CHANGE = "No change."
PROPOSE = "Propose this file with bcctl inventory propose FILE; another administrator agrees, then it is applied."
SIGNS = {ChangeKind.ADDED: "+", ChangeKind.CHANGED: "~", ChangeKind.REMOVED: "-"}
TIMES = (("d", 86400), ("h", 3600), ("min", 60))
SIZES = (("TB", 1024**4), ("GB", 1024**3), ("MB", 1024**2), ("kB", 1024))


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryPlan:
    """The difference between what is stored and what is wanted, and the revision it was read at."""

    stored: StoredInventory
    wanted: Inventory
    changes: tuple[Change, ...]

    @property
    def empty(self) -> bool:
        return not self.changes

    @property
    def weighty(self) -> tuple[Weighty, ...]:
        """What one administrator may not change alone."""
        return weighty(self.stored.inventory, self.wanted, self.changes)


def plan_inventory(repository: InventoryRepository, wanted: Inventory) -> InventoryPlan:
    """Compare `wanted` with what is stored; changes nothing."""
    stored = repository.load()
    return InventoryPlan(stored=stored, wanted=wanted, changes=difference(stored.inventory, wanted))


def plan_lines(plan: InventoryPlan) -> list[str]:
    """The plan as people read it, each field before -> after."""
    if plan.empty:
        return [NO_CHANGE]
    lines = [*change_lines(plan.changes), summary(plan)]
    needs = [f"! {each.sentence}" for each in plan.weighty]
    return [*lines, *needs, PROPOSE] if needs else lines


def change_lines(found: Sequence[Change]) -> list[str]:
    """One line for each part that differs, and one for each of its fields."""
    lines: list[str] = []
    for change in found:
        lines.append(f"{SIGNS[change.kind]} {change.what} {change.name} {change.kind.value}")
        if change.kind is not ChangeKind.REMOVED:
            lines += [f"    {_field(one, change.kind)}" for one in change.fields]
    return lines


def summary(plan: InventoryPlan) -> str:
    """How many of what: "2 added, 1 changed, 0 removed."."""
    counts = [f"{sum(change.kind is kind for change in plan.changes)} {kind.value}" for kind in ChangeKind]
    return f"{', '.join(counts)}."


def _field(one: FieldChange, kind: ChangeKind) -> str:
    name = one.name.removesuffix("_s").removesuffix("_bytes")
    after = shown(one.name, one.after)
    return f"{name}: {after}" if kind is ChangeKind.ADDED else f"{name}: {shown(one.name, one.before)} -> {after}"


def shown(field: str, value: Plain) -> str:
    """A value with the unit that its field's name says."""
    if value is None or value == "":
        return "(none)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) and field.endswith("_s"):
        return _with_unit(float(value), TIMES, "s") if value >= 1 or not value else f"{value * 1000:g}ms"
    if isinstance(value, int | float) and field.endswith("_bytes"):
        return _with_unit(float(value), SIZES, "B")
    return str(value)


def _with_unit(value: float, units: tuple[tuple[str, int], ...], least: str) -> str:
    """In the greatest unit that leaves no rest: what is shown is exactly what is stored."""
    for unit, worth in units:
        if value >= worth and value % worth == 0:
            return f"{value / worth:g}{unit}"
    return f"{value:.6f}".rstrip("0").rstrip(".") + least
