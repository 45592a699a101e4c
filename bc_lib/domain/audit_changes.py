"""The before and after of a configuration change, as an audit payload holds it (FR-040)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What differs between two JSON objects: `{"resources/orders-db": {"before": ..., "after": ...}}`.

    Lists of objects with a name are compared by that name; anything else as a whole. An absent side is null.
    """
    old, new = _named(before), _named(after)
    return {
        key: {"before": old.get(key), "after": new.get(key)}
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    }


def _named(value: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, item in value.items():
        if (
            isinstance(item, list | tuple)
            and item
            and all(isinstance(part, Mapping) and "name" in part for part in item)
        ):
            found.update({f"{key}/{part['name']}": part for part in item})
        elif item not in ([], ()):
            found[key] = item
    return found
