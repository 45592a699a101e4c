"""The thinnest way through: migrate an empty server, apply an inventory, record a round, read it back."""

from __future__ import annotations

from datetime import timedelta

from bc_lib.domain.assessment import Status
from bc_lib.ports.reading import Metric
from bc_lib.store.inventory import InventoryRepository
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from bc_lib.store.reading import StatusReader
from bc_lib.testing.builders import administrator, inventory, notice, round_of


def test_round_trip(
    store: MonitoringStore, leases: Leases, reader: StatusReader, inventories: InventoryRepository
) -> None:
    """FR-010, FR-011, FR-013, FR-020: what one round brings is there for every reader."""
    assert inventories.replace(inventory(), expected_revision=0, actor=administrator("test"), summary="first") == 1
    assert inventories.load().inventory == inventory()
    lease = leases.acquire("poller/0", "me", 10)
    assert lease is not None
    at = store.now()
    first = round_of("orders-db", at, notices=[notice(at=at)])
    second = round_of(
        "orders-db", at + timedelta(seconds=1), Status.RED, lag_s=42.0, codes=["LAG_CRITICAL"], notices=[notice(at=at)]
    )
    store.record([first], lease)
    store.record([second], lease)

    snapshot = reader.snapshot()
    assert snapshot.now >= at
    assert [(row.resource, row.assessment, row.observation) for row in snapshot.statuses] == [
        ("orders-db", second.assessment, second.observation)
    ]
    assert snapshot.statuses[0].since == second.observation.observed_at
    assert [(change.before, change.after) for change in reader.changes("orders-db")] == [
        (Status.GREEN, Status.RED),
        (None, Status.GREEN),
    ]
    bucket = reader.trend("orders-db", Metric.LAG_REPLAYED_S, at - timedelta(hours=1), at + timedelta(hours=1))[-1]
    assert (bucket.high, bucket.worst) == (42.0, Status.RED)
    assert reader.outbox().waiting == 1
    assert store.remembered(["orders-db"])["orders-db"].memory == second.memory
