"""A lost slot that is not our standby's forbids no move; our own standby's does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bc_lib.domain.assessment import Answer, Status
from tests.fixtures.pgcluster import Cluster, wait_for
from tests.fixtures.watching import Watch, names

FILL = "INSERT INTO filling SELECT repeat('x', 500) FROM generate_series(1, 20000)"
LOST = "SELECT wal_status = 'lost' FROM pg_replication_slots WHERE slot_name = '{}'"


@pytest.fixture
def made() -> Iterator[Cluster]:
    found = Cluster()
    try:
        limits = {
            "max_slot_wal_keep_size": "32MB",
            "max_wal_size": "48MB",
            "min_wal_size": "32MB",
            "wal_keep_size": "0",
        }
        found.add_primary("fra", {"wal_level": "logical", **limits})
        found.sql("fra", "CREATE TABLE filling (a text)")
        found.add_standby("ams")
        found.caught_up("ams")
        yield found
    finally:
        found.close()


def fill_until_lost(made: Cluster, slot: str) -> None:
    def lost() -> bool:
        made.sql("fra", FILL)
        made.sql("fra", "SELECT pg_switch_wal()")
        made.sql("fra", "CHECKPOINT")
        return made.sql("fra", LOST.format(slot)) == [(True,)]

    wait_for(lost, 30)


@pytest.mark.parametrize("kind", ["physical", "logical"])
def test_somebody_elses_slot(made: Cluster, kind: str) -> None:
    """An old copy's, a subscriber's: yellow, and our move is as possible as before."""
    make = {
        "physical": "pg_create_physical_replication_slot('old_reporting_copy', true)",
        "logical": "pg_create_logical_replication_slot('old_reporting_copy', 'pgoutput')",
    }[kind]
    made.sql("fra", f"SELECT {make}")
    fill_until_lost(made, "old_reporting_copy")
    made.caught_up("ams")
    watch = Watch(made)
    found = watch.until(lambda seen: "RECEIVER_NOT_STREAMING" not in names(seen) and seen.lag.received_s is not None)
    assert "SLOT_LOST_OTHER" in names(found)
    assert "SLOT_LOST" not in names(found)
    assert found.status is Status.YELLOW
    assert (found.could_switch_over.answer, found.could_fail_over.answer) == (Answer.YES, Answer.YES)


def test_our_own_standbys_slot(made: Cluster) -> None:
    """Its receiver cannot tell any more which slot it used: its setting does."""
    watch = Watch(made)
    watch.until(lambda seen: seen.status is Status.GREEN)
    made.servers["ams"].stop("fast")
    fill_until_lost(made, "slot_ams")
    made.servers["ams"].start()
    found = watch.until(lambda seen: "SLOT_LOST" in names(seen))
    assert found.status is Status.RED
    assert found.could_switch_over.answer is Answer.NO
    assert found.could_fail_over.answer is Answer.WITH_LOSS
    assert any("slot_ams of ams" in reason.text for reason in found.reasons)
