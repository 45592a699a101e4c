"""A lost slot of an old copy does not hinder the move; our own standby's does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Finding, Severity, blocking
from tests.fixtures.execpair import Driver, Pair, pair
from tests.fixtures.pgcluster import wait_for

SMALL = {"max_slot_wal_keep_size": "32MB", "max_wal_size": "48MB", "min_wal_size": "32MB"}
STATUS = "SELECT wal_status FROM pg_replication_slots WHERE slot_name = '{}'"


@pytest.fixture
def made() -> Iterator[Pair]:
    with pair(SMALL) as found:
        found.sql("fra", "SELECT pg_create_physical_replication_slot('old_reporting_copy', true)")
        found.sql("fra", "CREATE TABLE public.much (line text)")
        yield found


def checked(made: Pair) -> dict[str, Finding]:
    driver = Driver(made)
    return {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}


def written(made: Pair, slot: str) -> bool:
    """Some more log; whether `slot` has lost what it needs."""
    made.sql("fra", "INSERT INTO public.much SELECT repeat('x', 500) FROM generate_series(1, 20000)")
    made.sql("fra", "SELECT pg_switch_wal()")
    made.sql("fra", "CHECKPOINT")
    return made.sql("fra", STATUS.format(slot)) == [("lost",)]


def test_somebody_elses_lost_slot_is_none_of_our_business(made: Pair) -> None:
    wait_for(lambda: written(made, "old_reporting_copy"))
    made.cluster.caught_up("ams")
    found = checked(made)
    assert "own-slot" not in found
    assert not blocking(tuple(found.values())), blocking(tuple(found.values()))
    driver = Driver(made)
    driver.move()
    assert made.sql("ams", "SELECT pg_is_in_recovery()") == [(False,)]


def test_our_own_standbys_lost_slot_blocks(made: Pair) -> None:
    made.cluster.servers["ams"].stop()
    wait_for(lambda: written(made, "slot_ams"))
    made.cluster.servers["ams"].start()
    found = checked(made)["own-slot"]
    assert found.severity is Severity.BLOCK
    assert "slot_ams" in found.sentence
