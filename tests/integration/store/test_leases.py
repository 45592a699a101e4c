"""Leases by the database's clock (decisions 5, 17)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import DBAPIError

from bc_lib.ports.monitoring import Lease, LeaseLost
from bc_lib.store.inventory import InventoryRepository
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from bc_lib.testing.builders import administrator, inventory, round_of
from tests.fixtures.database import Database

NAME = "poller/0"
LATER = "pg_catalog.clock_timestamp() + interval '11 seconds'"


def _acquired(leases: Leases, holder: str) -> Lease:
    lease = leases.acquire(NAME, holder, 10)
    assert lease is not None
    return lease


def test_two_holders_race_and_exactly_one_wins(leases: Leases) -> None:
    """F27, F03: fifty races; the epoch of each is new."""
    epochs = []
    for _ in range(50):
        gate = threading.Barrier(2)

        def run(holder: str, gate: threading.Barrier = gate) -> Lease | None:
            gate.wait()
            return leases.acquire(NAME, holder, 10)

        with ThreadPoolExecutor(2) as threads:
            won = [lease for lease in threads.map(run, ("a", "b")) if lease is not None]
        assert len(won) == 1
        epochs.append(won[0].epoch)
        leases.release(won[0])
    assert epochs == sorted(set(epochs))


def test_expiry_follows_the_databases_clock(database: Database, leases: Leases) -> None:
    first = _acquired(leases, "a")
    assert leases.acquire(NAME, "b", 10) is None
    database.set_clock(LATER)
    with pytest.raises(LeaseLost):
        leases.renew(first)
    second = _acquired(leases, "b")
    assert second.epoch == first.epoch + 1
    leases.release(first)
    leases.renew(second)


def test_renewing_extends(database: Database, leases: Leases) -> None:
    lease = _acquired(leases, "a")
    database.set_clock("pg_catalog.clock_timestamp() + interval '8 seconds'")
    leases.renew(lease)
    database.set_clock("pg_catalog.clock_timestamp() + interval '15 seconds'")
    assert leases.acquire(NAME, "b", 10) is None


def test_the_same_holder_asking_again_gets_a_new_epoch(leases: Leases) -> None:
    """Its first answer was lost; whoever still uses it is fenced off."""
    first, second = _acquired(leases, "a"), _acquired(leases, "a")
    assert second.epoch == first.epoch + 1
    with pytest.raises(LeaseLost):
        leases.renew(first)


def test_an_epoch_is_never_used_again(database: Database, leases: Leases) -> None:
    lease = _acquired(leases, "a")
    leases.release(lease)
    for change in ("epoch = 0", "epoch = epoch - 1", "holder = 'b'"):
        with pytest.raises(DBAPIError, match=r"epoch|check"):
            database.sql("bc_poller", f"UPDATE bc.lease SET {change}")
    assert _acquired(leases, "b").epoch == lease.epoch + 1


def test_record_with_a_lost_lease_writes_nothing(
    database: Database, leases: Leases, store: MonitoringStore, inventories: InventoryRepository
) -> None:
    """F27: the frozen poller that wakes up has nothing to say any more."""
    inventories.replace(inventory(), expected_revision=0, actor=administrator("test"), summary="")
    old = _acquired(leases, "a")
    database.set_clock(LATER)
    with pytest.raises(LeaseLost):
        store.record([round_of("orders-db", store.now())], old)
    new = _acquired(leases, "b")
    with pytest.raises(LeaseLost):
        store.record([round_of("orders-db", store.now())], old)
    assert database.sql(
        "bc_reader", "SELECT (SELECT count(*) FROM bc.observation), (SELECT count(*) FROM bc.current_status)"
    ) == [(0, 0)]
    store.record([round_of("orders-db", store.now())], new)


def test_nobody_takes_over_while_a_record_is_being_written(database: Database, leases: Leases) -> None:
    """The epoch is checked under a lock that lasts to the commit."""
    lease = _acquired(leases, "a")
    taken: list[Lease | None] = []
    with database.engine("bc_poller").begin() as connection:
        connection.exec_driver_sql(f"SELECT 1 FROM bc.lease WHERE name = '{NAME}' AND epoch = {lease.epoch} FOR SHARE")
        database.set_clock(LATER)
        other = threading.Thread(target=lambda: taken.append(leases.acquire(NAME, "b", 10)))
        other.start()
        other.join(0.3)
        assert other.is_alive()
    other.join(5)
    assert taken
    assert taken[0] is not None
