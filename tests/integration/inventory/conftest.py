"""The inventory in a real database."""

from __future__ import annotations

from pathlib import Path

import pytest

from bc_lib.domain.actor import Role
from bc_lib.integrations.vote_proof.demo import DemoSigner
from bc_lib.integrations.vote_proof.ed25519 import Ed25519Verifier
from bc_lib.ports.people import SeenPerson
from bc_lib.services.gate import Gate
from bc_lib.store.audit import TransactionAuditLog
from bc_lib.store.inventory import InventoryRepository
from bc_lib.store.people import PeopleDirectory
from bc_lib.store.runs import RunStore
from tests.fixtures.commands import commands
from tests.fixtures.database import Database
from tests.fixtures.requests import world

__all__ = ["commands", "world"]


@pytest.fixture
def inventories(database: Database) -> InventoryRepository:
    """The inventory as bc_ui."""
    return InventoryRepository(database.engine("bc_ui"))


@pytest.fixture
def gate(database: Database, tmp_path: Path) -> Gate:
    """The services' door, for `tester`, an administrator."""
    seen = SeenPerson(
        issuer="demo", subject="tester", name="tester", roles=frozenset({Role.ADMIN}), public_key=f"{1:064x}"
    )
    PeopleDirectory(database.engine("bc_sign_on")).bring([seen])
    return Gate(
        store=RunStore(database.engine("bc_ui"), TransactionAuditLog),
        signer=DemoSigner(tmp_path, "test"),
        verifier=Ed25519Verifier(),
        environment="test",
        base_url="http://localhost:8501",
    )
