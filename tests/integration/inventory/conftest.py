"""The inventory in a real database."""

from __future__ import annotations

import pytest

from bc_lib.store.inventory import InventoryRepository
from tests.fixtures.database import Database


@pytest.fixture
def inventories(database: Database) -> InventoryRepository:
    """The inventory as bc_ui."""
    return InventoryRepository(database.engine("bc_ui"))
