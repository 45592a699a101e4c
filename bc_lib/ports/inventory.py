"""The inventory in the database: the source of truth (FR-001)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bc_lib.domain.actor import Actor
from bc_lib.domain.inventory import Inventory


class InvalidInventory(Exception):
    """What was given is no inventory that may be applied; `errors` holds every trouble, one sentence each."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = tuple(errors)


class StaleRevision(Exception):
    """Somebody changed the inventory since it was read; read it again and decide again."""


@dataclass(frozen=True, slots=True)
class StoredInventory:
    """The inventory and the revision it was read at (0: never applied)."""

    inventory: Inventory
    revision: int


class InventoryRepository(Protocol):
    """Reads and replaces the inventory."""

    def revision(self) -> int:
        """The current revision, cheap enough to ask every few seconds."""
        ...

    def load(self) -> StoredInventory:
        """The whole inventory at one moment."""
        ...

    def replace(self, inventory: Inventory, *, expected_revision: int, actor: Actor, summary: str) -> int:
        """Store `inventory` in one transaction, all or nothing; the new revision.

        Records who, when, and the state before and after. Raises StaleRevision when the stored
        revision is not `expected_revision`, Denial SECOND_ADMIN where something takes two administrators.
        """
        ...
