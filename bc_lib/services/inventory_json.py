"""The stored inventory as JSON values for commands and scripts. References stay references (SEC-005)."""

from __future__ import annotations

import dataclasses
from typing import Any

from bc_lib.ports.inventory import StoredInventory


def inventory_json(stored: StoredInventory) -> dict[str, Any]:
    """Plain values, schema_version 1; times are seconds and sizes bytes, as the fields' names say."""
    return {"schema_version": 1, "revision": stored.revision, **dataclasses.asdict(stored.inventory)}
