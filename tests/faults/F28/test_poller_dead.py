"""F28, TC-021: with the poller dead everything goes stale within one interval and 5 s, and is never green."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bc_lib.domain.assessment import Answer, Status
from bc_lib.services.estate import read_estate
from bc_lib.store.inventory import InventoryRepository
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from bc_lib.store.reading import StatusReader
from bc_lib.testing.builders import administrator, inventory, round_of
from tests.fixtures.database import Database


@pytest.mark.parametrize(
    ("age_s", "expected"),
    [(0, Status.GREEN), (19, Status.GREEN), (20.5, Status.STALE), (7 * 86400, Status.STALE), (-60, Status.STALE)],
)
def test_age_decides_by_the_databases_clock(database: Database, age_s: float, expected: Status) -> None:
    inventories = InventoryRepository(database.engine("bc_ui"))
    inventories.replace(inventory(), expected_revision=0, actor=administrator("test"), summary="first")
    store = MonitoringStore(database.engine("bc_poller"), lambda notice: [])
    lease = Leases(database.engine("bc_poller")).acquire("poller/0", "me", 60)
    assert lease is not None
    at = store.now()
    store.record([round_of("orders-db", at)], lease)
    database.set_clock(f"'{(at + timedelta(seconds=age_s)).isoformat()}'::timestamptz")

    view = read_estate(inventories, StatusReader(database.engine("bc_reader"))).resource("orders-db")

    assert view is not None
    assert view.current.status is expected
    assert view.current.resource.interval_s == 15, "the ages above are about the default cadence"
    if expected is Status.STALE:
        assert view.current.could_fail_over.answer is view.current.could_switch_over.answer is Answer.UNKNOWN
        assert view.current.last is not None and view.current.last.status is Status.GREEN, "last known stays readable"
        assert at.strftime("%H:%M:%S") in view.current.reasons[0].text
