"""Parts of the store, each under the role that uses it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bc_lib.domain.alerts import Notice
from bc_lib.ports.notices import Notification, NotificationPriority
from bc_lib.store.inventory import InventoryRepository
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from bc_lib.store.reading import StatusReader
from tests.fixtures.database import Database


def to_ops_mail(notice: Notice) -> Sequence[tuple[str, Notification]]:
    """Every notice goes to ops-mail."""
    return [
        (
            "ops-mail",
            Notification(
                subject=notice.text,
                body=notice.text,
                body_html="",
                priority=NotificationPriority.HIGH,
                alert_name=notice.code,
                idempotency_id=notice.dedup_key,
            ),
        )
    ]


@pytest.fixture
def store(database: Database) -> MonitoringStore:
    """The poller's store."""
    return MonitoringStore(database.engine("bc_poller"), to_ops_mail)


@pytest.fixture
def leases(database: Database) -> Leases:
    """Leases as bc_poller."""
    return Leases(database.engine("bc_poller"))


@pytest.fixture
def reader(database: Database) -> StatusReader:
    """The pages' reader."""
    return StatusReader(database.engine("bc_reader"))


@pytest.fixture
def inventories(database: Database) -> InventoryRepository:
    """The inventory as bc_ui."""
    return InventoryRepository(database.engine("bc_ui"))
