"""What differs between two inventories: what is added, changed, removed, field by field."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from bc_lib.domain.inventory import Inventory, Route

Plain = str | int | float | bool | None


class ChangeKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field before and after; None: not there. `name` is a path such as endpoints.ams.port."""

    name: str
    before: Plain
    after: Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One site, resource, group, channel or route that differs. `order` stands for the order they are listed in."""

    kind: ChangeKind
    what: str
    name: str
    fields: tuple[FieldChange, ...] = ()


def difference(before: Inventory, after: Inventory) -> tuple[Change, ...]:
    """Every difference, in the order sites, resources, groups, channels, routes. Empty exactly when both are equal."""
    found: list[Change] = []
    for what in ("site", "resource", "group", "channel", "route"):
        earlier, later = _by_name(before, what), _by_name(after, what)
        found += [_added(what, name, later[name]) for name in later if name not in earlier]
        found += [
            change for name in later if name in earlier and (change := _changed(what, name, earlier[name], later[name]))
        ]
        found += [_removed(what, name, earlier[name]) for name in earlier if name not in later]
        if list(earlier) != list(later) and set(earlier) == set(later):
            listed = FieldChange(name="order", before=", ".join(earlier), after=", ".join(later))
            found.append(Change(kind=ChangeKind.CHANGED, what=f"{what}s", name="as listed", fields=(listed,)))
    return tuple(found)


def touched_endpoints(before: Inventory, after: Inventory) -> tuple[tuple[str, str], ...]:
    """(resource, node) of every endpoint that is new or leads somewhere else than before."""
    earlier = {
        (resource.name, one.node): (one.host, one.port, one.url)
        for resource in before.resources
        for one in resource.endpoints
    }
    return tuple(
        (resource.name, one.node)
        for resource in after.resources
        for one in resource.endpoints
        if earlier.get((resource.name, one.node)) != (one.host, one.port, one.url)
    )


def route_name(route: Route) -> str:
    """Routes have no names: what they match says which one it is."""
    return f"tier {','.join(map(str, route.tiers))} in {','.join(route.environments)}"


def _by_name(inventory: Inventory, what: str) -> dict[str, dict[str, Plain]]:
    items = getattr(inventory, f"{what}s")
    return {route_name(item) if isinstance(item, Route) else item.name: flat(item) for item in items}


def flat(value: Any, prefix: str = "") -> dict[str, Plain]:
    """A value of the inventory as fields with paths; endpoints and members go by their names, not their places."""
    found: dict[str, Plain] = {}
    for item in dataclasses.fields(value):
        if not item.compare:
            continue  # it follows from something else
        name = f"{prefix}{item.name}"
        held = getattr(value, item.name)
        if dataclasses.is_dataclass(held):
            found.update(flat(held, f"{name}."))
        elif isinstance(held, tuple) and held and dataclasses.is_dataclass(held[0]):
            found[name] = ", ".join(_key(one) for one in held)
            for one in held:
                found.update(flat(one, f"{name}.{_key(one)}."))
        elif isinstance(held, tuple):
            found[name] = ", ".join(str(_scalar(one)) for one in held) or None
        else:
            found[name] = _scalar(held)
    return found


def _key(item: Any) -> str:
    return str(getattr(item, "node", None) or getattr(item, "resource", None) or item.name)


def _scalar(value: Any) -> Plain:
    plain: Plain = value.value if isinstance(value, Enum) else value
    return plain


def _added(what: str, name: str, later: Mapping[str, Plain]) -> Change:
    shown = tuple(
        FieldChange(name=key, before=None, after=value)
        for key, value in later.items()
        if value not in {None, ""} and key != "name"
    )
    return Change(kind=ChangeKind.ADDED, what=what, name=name, fields=shown)


def _removed(what: str, name: str, earlier: Mapping[str, Plain]) -> Change:
    shown = tuple(
        FieldChange(name=key, before=value, after=None)
        for key, value in earlier.items()
        if value not in {None, ""} and key != "name"
    )
    return Change(kind=ChangeKind.REMOVED, what=what, name=name, fields=shown)


def _changed(what: str, name: str, earlier: Mapping[str, Plain], later: Mapping[str, Plain]) -> Change | None:
    names = [*earlier, *(key for key in later if key not in earlier)]
    fields = tuple(
        FieldChange(name=key, before=earlier.get(key), after=later.get(key))
        for key in names
        if earlier.get(key) != later.get(key)
    )
    return Change(kind=ChangeKind.CHANGED, what=what, name=name, fields=fields) if fields else None
