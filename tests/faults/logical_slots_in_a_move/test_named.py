"""Logical slots are named before the move, with whether the target has a copy, and in the closing list after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.requests.states import RequestType
from tests.fixtures.execpair import Driver, Pair, pair
from tests.fixtures.pgcluster import DATABASE, wait_for

LOGICAL = {"wal_level": "logical", "hot_standby_feedback": "on"}
COPY = "SELECT synced AND NOT temporary FROM pg_replication_slots WHERE slot_name = 'kept'"


@pytest.fixture
def made() -> Iterator[Pair]:
    """Two slots: `cdc` as everybody makes them, `kept` with a copy at ams (PostgreSQL 17 and later)."""
    with pair(LOGICAL, LOGICAL) as found:
        ams = found.cluster.servers["ams"]
        ams.settings = {**ams.settings, "primary_conninfo": ams.settings["primary_conninfo"] + f" dbname={DATABASE}"}
        ams.stop()
        ams.start()
        found.sql("fra", "SELECT pg_create_logical_replication_slot('cdc', 'test_decoding')")
        found.sql("fra", "SELECT pg_create_logical_replication_slot('kept', 'test_decoding', false, false, true)")
        wait_for(lambda: found.sql("ams", "SELECT status FROM pg_stat_wal_receiver") == [("streaming",)])
        wait_for(lambda: synchronised(found))
        yield found


def synchronised(made: Pair) -> bool:
    """One round of the copying; the slot must have moved on since it was first seen."""
    made.sql("fra", "SELECT pg_log_standby_snapshot()")
    made.sql("fra", "SELECT count(*) FROM pg_logical_slot_get_changes('kept', NULL, NULL)")
    made.cluster.caught_up("ams")
    made.sql("ams", "SELECT pg_sync_replication_slots()")
    return made.sql("ams", COPY) == [(True,)]


def checked(driver: Driver, action: Action = Action.CHECK) -> dict[str, Finding]:
    work = driver.work(action)
    found = driver.mechanism.prechecks(work) if action is Action.CHECK else driver.mechanism.verify(work, {})
    return {one.check: one for one in found}


def test_before_and_after_a_switchover(made: Pair) -> None:
    driver = Driver(made)
    found = checked(driver)
    assert found["logical-slot-cdc"].severity is Severity.WARN
    assert "left behind by the move: it is no failover slot" in found["logical-slot-cdc"].sentence
    assert "nobody reads it" in found["logical-slot-cdc"].figure
    assert found["logical-slot-kept"].severity is Severity.OK
    assert "synchronised to ams" in found["logical-slot-kept"].sentence
    driver.move()
    closing = checked(driver, Action.POSTCHECK)
    assert closing["logical-slot-kept"].severity is Severity.OK
    assert "is at ams" in closing["logical-slot-kept"].sentence
    assert closing["logical-slot-cdc"].severity is Severity.WARN
    assert "was left behind at fra" in closing["logical-slot-cdc"].sentence
    assert "It still keeps log at fra: drop it there." in closing["logical-slot-cdc"].sentence
    assert made.sql("ams", "SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'logical'") == [("kept",)]


def test_of_a_lost_primary_nobody_can_be_asked(made: Pair) -> None:
    made.kill("fra")
    found = checked(Driver(made, kind=RequestType.FAILOVER))["logical-slots"]
    assert (found.severity, found.figure) == (Severity.WARN, "copies: kept")
