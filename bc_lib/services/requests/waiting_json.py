"""What waits, as commands print it: for people, and as JSON of schema_version 1."""

from __future__ import annotations

from typing import Any

from bc_lib.domain.requests.waiting_words import path, waits_for
from bc_lib.domain.words import capital, clock, duration
from bc_lib.services.requests.inbox import Open
from bc_lib.services.requests.waiting import Item


def waiting_lines(found: Open, base_url: str) -> list[str]:
    """A line for each act, with its address; what it costs meanwhile in front."""
    return [line for item in found.items for line in _lines(item, found, base_url)] or ["Nothing waits."]


def waiting_json(found: Open) -> dict[str, Any]:
    """Plain values; times are ISO 8601 in UTC."""
    return {
        "schema_version": 1,
        "now": found.now.isoformat(),
        "waiting": [
            {
                "request": item.request.id if item.request else None,
                "about": each.about,
                "do": each.do.value,
                "step": each.step or None,
                "value": each.value or None,
                "roles": sorted(role.value for role in each.roles),
                "until": each.until.isoformat() if each.until else None,
                "down_since": item.down_since.isoformat() if item.down_since else None,
                "unprotected_since": item.unprotected_since.isoformat() if item.unprotected_since else None,
                "path": path(each),
            }
            for item in found.items
            for each in item.waits
        ],
    }


def _lines(item: Item, found: Open, base_url: str) -> list[str]:
    request = item.request
    name = f"{request.id} {request.type.value} of {request.scope.name}" if request else ""
    said = [f"{name}: {_cost(item, found)}"] if name and _cost(item, found) else []
    for each in item.waits:
        subject = f"{name} {waits_for(each)}" if name else waits_for(each)
        until = f", until {clock(each.until)}" if each.until else ""
        said += [f"{capital(subject)}{until}", f"  {base_url.rstrip('/')}{path(each)}"]
    return said


def _cost(item: Item, found: Open) -> str:
    for words, at in (("clients cannot write", item.down_since), ("unprotected", item.unprotected_since)):
        if at is not None:
            return f"{words} since {clock(at)} ({duration((found.now - at).total_seconds())})"
    return ""
