"""From status and body to NodeFacts. Pure."""

from __future__ import annotations

import json
from typing import Any

from bc_lib.domain.observation import NodeFacts, Role

SERVING = frozenset({"active", "primary", "leader", "master", "up", "live", "serving"})
WAITING = frozenset({"standby", "passive", "secondary", "replica", "follower", "backup"})
MAX_TEXT = 200


def parse(status: int, body: bytes | None, json_field: str | None) -> NodeFacts:
    """`json_field` whose last part holds "role" gives the role; any other gives the version.

    Without a role of its own an application that answers 2xx says that it serves (ACTIVE).
    """
    serves = Role.ACTIVE if 200 <= status < 300 else Role.UNKNOWN
    if json_field is None:
        return NodeFacts(role=serves, http_status=status)
    value = _field(body, json_field)
    says_role = "role" in json_field.rpartition(".")[2].lower()
    missing = () if value is not None else ("role" if says_role else "version",)
    if says_role:
        return NodeFacts(role=_role(value), http_status=status, missing=missing)
    return NodeFacts(role=serves, version=value, http_status=status, missing=missing)


def _field(body: bytes | None, path: str) -> str | None:
    try:
        value: Any = json.loads(body or b"")
    except (ValueError, RecursionError):
        return None
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return "".join(char if char.isprintable() else "?" for char in str(value)[:MAX_TEXT])


def _role(value: str | None) -> Role:
    word = (value or "").strip().lower()
    if word in SERVING:
        return Role.ACTIVE
    return Role.STANDBY if word in WAITING else Role.UNKNOWN
