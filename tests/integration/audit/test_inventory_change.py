"""FR-040: every change of the inventory is in the audit log with before and after, whatever program writes it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bc_lib.domain.audit import AuditFilter
from bc_lib.services.audit.view import view
from bc_lib.store.audit_reading import AuditReader
from bc_lib.store.codec import to_json
from bc_lib.store.inventory import InventoryRepository
from bc_lib.testing.builders import administrator, inventory
from tests.fixtures.database import Database


def test_before_and_after(database: Database) -> None:
    """The record names what changed, is found by the resource's name, and shows the login role."""
    store, reader = InventoryRepository(database.engine("bc_ui")), AuditReader(database.engine("bc_reader"))
    first = inventory()
    store.replace(first, expected_revision=0, actor=administrator("ada"), summary="first")
    changed = replace(first, resources=(replace(first.resources[0], owner="Somebody else"), *first.resources[1:]))
    store.replace(changed, expected_revision=1, actor=administrator("ada"), summary="owner")
    name = first.resources[0].name
    line = view(reader, AuditFilter(system=name)).lines[0]
    payload = json.loads(line[-1])
    assert (line[3], line[5], line[-2]) == ("inventory.change", "ada", "bc_ui")
    assert payload["changes"] == {
        f"resources/{name}": {"before": to_json(first.resources[0]), "after": to_json(changed.resources[0])}
    }
    assert payload["revision"] == 2


def test_no_audit_no_change(database: Database) -> None:
    """Where the record cannot be written the inventory stays as it was."""
    store = InventoryRepository(database.engine("bc_ui"))
    database.sql("postgres", "REVOKE EXECUTE ON FUNCTION bc_audit.append(jsonb) FROM bc_ui")
    with pytest.raises(Exception, match="permission denied"):
        store.replace(inventory(), expected_revision=0, actor=administrator("ada"), summary="first")
    assert store.load().revision == 0
