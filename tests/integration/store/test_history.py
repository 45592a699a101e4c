"""Partitions, retention, trends (FR-011, FR-013, TC-022)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.assessment import Status
from bc_lib.ports.reading import Metric
from bc_lib.store.housekeeping import Housekeeping
from bc_lib.store.inventory import InventoryRepository
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from bc_lib.store.reading import StatusReader
from bc_lib.testing.builders import administrator, inventory, resource, round_of
from bc_lib.testing.seed_day import seed_day
from tests.fixtures.database import Database

DAY = timedelta(days=1)


@pytest.fixture
def keeper(database: Database) -> Housekeeping:
    return Housekeeping(database.engine("bc_keeper"))


def _record(store: MonitoringStore, leases: Leases, *days_ago: float) -> None:
    lease = leases.acquire("poller/0", "me", 60)
    assert lease is not None
    now = store.now()
    store.record([round_of("orders-db", now - days * DAY) for days in days_ago], lease)


def test_a_day_without_a_partition_loses_nothing(
    database: Database, store: MonitoringStore, leases: Leases, keeper: Housekeeping
) -> None:
    """Rows wait in the default partition; ensure_partitions makes the days and moves them, while others write on."""
    _record(store, leases, 0, 3, 3.001, 40)
    waiting = "SELECT count(*) FROM bc.observation_default"
    assert database.sql("bc_reader", waiting) == [(3,)]
    assert keeper.ensure_partitions(7) >= 4
    assert database.sql("bc_reader", waiting) == [(0,)]
    assert database.sql("bc_reader", "SELECT count(*) FROM bc.observation") == [(4,)]
    assert keeper.ensure_partitions(7) == 0


def test_retention_drops_what_is_old_and_nothing_else(
    database: Database, store: MonitoringStore, leases: Leases, keeper: Housekeeping
) -> None:
    _record(store, leases, 0, 10, 29, 32, 390, 420)
    keeper.ensure_partitions()
    dropped = keeper.drop_old(30, 13)
    left = database.sql(
        "bc_reader", "SELECT count(*), min(observed_at) > bc.now() - interval '30 days' FROM bc.observation"
    )
    assert left == [(3, True)]
    assert dropped["hours"] == 1
    assert dropped["partitions"] >= 2
    assert keeper.drop_old(30, 13)["partitions"] == 0
    assert database.sql("bc_reader", "SELECT count(*) FROM bc.trend_hour") == [(5,)]


def test_partitions_ahead_are_there_tomorrow_without_housekeeping(
    database: Database, store: MonitoringStore, leases: Leases
) -> None:
    """Seven days of holidays for the housekeeping DAG."""
    database.set_clock("pg_catalog.clock_timestamp() + interval '6 days'")
    _record(store, leases, 0)
    assert database.sql("bc_reader", "SELECT count(*) FROM bc.observation_default") == [(0,)]


def test_absurd_numbers_of_partitions_are_refused(database: Database) -> None:
    with pytest.raises(DBAPIError, match="0 to 60"):
        database.sql("bc_keeper", "SELECT bc.ensure_partitions(100000)")


@pytest.fixture
def seeded(database: Database, inventories: InventoryRepository, store: MonitoringStore) -> datetime:
    """24 h of history of orders-db that end now."""
    inventories.replace(inventory(), expected_revision=0, actor=administrator("test"), summary="")
    end = store.now()
    began = time.perf_counter()
    count = seed_day(database.engine("bc_poller"), resource(), end)
    print(f"\nseeded {count} rounds in {time.perf_counter() - began:.2f} s")
    return end


def test_trend_of_a_day_keeps_peaks_and_gaps(database: Database, seeded: datetime, reader: StatusReader) -> None:
    """TC-022: at most about `points` buckets, the highest lag is in them, and the gap is absent."""
    peak = database.sql("bc_reader", "SELECT max(lag_replayed_s), min(lag_replayed_s) FROM bc.observation")[0]
    for points in (100, 720, 5000):
        began = time.perf_counter()
        found = reader.trend("orders-db", Metric.LAG_REPLAYED_S, seeded - DAY, seeded + timedelta(minutes=1), points)
        print(
            f"\ntrend of a day, {points} points: {len(found)} buckets in {(time.perf_counter() - began) * 1000:.1f} ms"
        )
        assert len(found) <= points * 1.15 + 2
        assert max(bucket.high or 0 for bucket in found) == peak[0]
        assert min(bucket.low for bucket in found if bucket.low is not None) == peak[1]
        assert max(bucket.high or 0 for bucket in found) > 30.0
        assert Status.RED in {bucket.worst for bucket in found}
        steps = [later.start - earlier.start for earlier, later in zip(found, found[1:], strict=False)]
        assert points < 720 or max(steps) >= timedelta(minutes=20)
        assert all(bucket.start.tzinfo is not None and bucket.width_s % 60 == 0 for bucket in found)


def test_long_trends_use_hours(seeded: datetime, reader: StatusReader) -> None:
    found = reader.trend("orders-db", Metric.LAG_BYTES, seeded - 390 * DAY, seeded + timedelta(hours=1))
    assert 1 <= len(found) <= 26
    assert found[0].width_s % 3600 == 0
    assert sum(bucket.count for bucket in found) > 5000


def test_seen_but_not_known_is_a_bucket_without_figures(
    store: MonitoringStore, leases: Leases, reader: StatusReader
) -> None:
    lease = leases.acquire("poller/0", "me", 60)
    assert lease is not None
    at = store.now()
    store.record([round_of("orders-db", at, Status.BLIND, lag_s=None)], lease)
    bucket = reader.trend("orders-db", Metric.LAG_REPLAYED_S, at - DAY, at + DAY)[-1]
    assert (bucket.low, bucket.high, bucket.count, bucket.worst) == (None, None, 1, Status.BLIND)
    store.record([round_of("orders-db", at, Status.GREEN, lag_s=float("nan"))], lease)
    assert reader.trend("orders-db", Metric.LAG_REPLAYED_S, at - DAY, at + DAY)[-1].high is None


def test_status_changes_and_since(
    store: MonitoringStore, leases: Leases, reader: StatusReader, inventories: InventoryRepository
) -> None:
    """`since` stays while the status does, also within one batch and over several."""
    inventories.replace(inventory(), expected_revision=0, actor=administrator("test"), summary="")
    lease = leases.acquire("poller/0", "me", 60)
    assert lease is not None
    start = datetime(2026, 11, 1, tzinfo=UTC)
    steps = [Status.GREEN, Status.GREEN, Status.RED, Status.RED, Status.RED, Status.BLIND]
    rounds = [
        round_of("orders-db", start + timedelta(seconds=15 * n), status, codes=["X"]) for n, status in enumerate(steps)
    ]
    store.record(rounds[:2], lease)
    store.record(rounds[2:4], lease)
    store.record(rounds[4:5], lease)
    assert reader.snapshot().statuses[0].since == start + timedelta(seconds=45)
    store.record(rounds[5:], lease)
    assert [change.after for change in reader.changes(None)] == [Status.BLIND, Status.RED, Status.GREEN]
    assert len(reader.changes("orders-db", limit=1)) == 1


def test_a_resource_that_comes_back_was_never_seen(
    store: MonitoringStore, leases: Leases, reader: StatusReader, inventories: InventoryRepository
) -> None:
    inventories.replace(inventory(), expected_revision=0, actor=administrator("test"), summary="")
    _record(store, leases, 0)
    inventories.replace(inventory(resource("other-db")), expected_revision=1, actor=administrator("test"), summary="")
    _record(store, leases, 0)  # a round that was under way
    assert reader.snapshot().statuses == ()
    inventories.replace(inventory(), expected_revision=2, actor=administrator("test"), summary="")
    assert reader.snapshot().statuses == ()


def test_beats_of_several_roles(
    database: Database, store: MonitoringStore, keeper: Housekeeping, reader: StatusReader
) -> None:
    store.beat("poller", "host:1", {"rounds": 5, "last_error": None})
    store.beat("poller", "host:1", {"rounds": 6, "last_error": "a\0b"})
    keeper.beat("housekeeping", "host:2", {})
    assert [(beat.component, beat.details.get("rounds")) for beat in reader.beats()] == [
        ("housekeeping", None),
        ("poller", 6),
    ]
