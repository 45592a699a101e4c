"""Replay that the server itself has paused, because a limit is lower than the primary's: told from a person's pause."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest

from bc_lib.domain.assessment import Answer, Assessment, Status
from tests.fixtures.pgcluster import Cluster, cluster, wait_for
from tests.fixtures.watching import Watch, names

PAUSED = "SELECT pg_get_wal_replay_pause_state() = 'paused'"


@pytest.fixture
def made() -> Iterator[Cluster]:
    with cluster(ams={}) as found:
        yield found


def configure(made: Cluster, node: str, setting: str, value: int) -> None:
    made.sql(node, f"ALTER SYSTEM SET {setting} = {value}")
    made.servers[node].stop("fast")
    made.servers[node].start()


def gone(made: Cluster, node: str) -> bool:
    try:
        return made.sql(node, "SELECT 1") != [(1,)]
    except psycopg.OperationalError:
        return True


def told(found: Assessment) -> str:
    return " ".join(reason.text for reason in found.reasons)


def test_limit_raised_at_the_primary_only(made: Cluster) -> None:
    """Cannot be promoted, with the value; after the primary's end as well; resuming it would have ended the standby."""
    watch = Watch(made)
    watch.until(lambda seen: seen.status is Status.GREEN)
    configure(made, "fra", "max_worker_processes", 16)
    wait_for(lambda: made.sql("ams", PAUSED) == [(True,)])
    found = watch.until(lambda seen: "LIMITS_PAUSED" in names(seen))
    assert "ams cannot be promoted: raise max_worker_processes to 16 at ams and restart it" in told(found)
    assert "REPLAY_PAUSED" not in names(found)
    assert (found.could_switch_over.answer, found.could_fail_over.answer) == (Answer.NO, Answer.NO)
    made.servers["fra"].stop("immediate")
    watch.beats = False
    found = watch.until(lambda seen: "PRIMARY_DOWN" in names(seen))
    assert found.could_fail_over.answer is Answer.NO
    assert "raise max_worker_processes to 16 at ams and restart it" in told(found)
    configure(made, "ams", "max_worker_processes", 16)
    found = watch.until(lambda seen: "LIMITS_PAUSED" not in names(seen))
    assert found.could_fail_over.answer is Answer.WITH_LOSS


def test_primary_lowered_again_does_not_free_the_standby(made: Cluster) -> None:
    """The record that asks for more stands in its way whatever the primary's value is now; and our sentence is true:
    resuming replay ends the server."""
    watch = Watch(made)
    watch.until(lambda seen: seen.status is Status.GREEN)
    configure(made, "fra", "max_locks_per_transaction", 80)
    wait_for(lambda: made.sql("ams", PAUSED) == [(True,)])
    watch.until(lambda seen: "LIMITS_PAUSED" in names(seen))
    configure(made, "fra", "max_locks_per_transaction", 64)
    for _ in range(2):
        found = watch.look()
        assert "LIMITS_PAUSED" in names(found)
        assert "raise max_locks_per_transaction to 80 at ams" in told(found)
        assert found.could_fail_over.answer is Answer.NO
    with suppress(psycopg.OperationalError):  # its end may come before its answer
        made.sql("ams", "SELECT pg_wal_replay_resume()")
    wait_for(lambda: gone(made, "ams"))


def test_pause_by_a_person_keeps_its_own_words(made: Cluster) -> None:
    """With a limit raised above the standby's while it was paused: not resumed, the limit first."""
    watch = Watch(made)
    watch.until(lambda seen: seen.status is Status.GREEN)
    made.sql("ams", "SELECT pg_wal_replay_pause()")
    found = watch.until(lambda seen: "REPLAY_PAUSED" in names(seen))
    assert "LIMITS_PAUSED" not in names(found)
    assert found.could_fail_over.answer is Answer.WITH_LOSS
    configure(made, "fra", "max_wal_senders", 20)
    found = watch.until(lambda seen: "LIMITS_PAUSED" in names(seen))
    assert "raise max_wal_senders to 20 at ams and restart it" in told(found)
    assert found.could_fail_over.answer is Answer.NO


def test_limits_that_may_not_be_read_are_not_known(made: Cluster) -> None:
    made.sql("fra", "REVOKE SELECT ON pg_catalog.pg_settings FROM PUBLIC")
    made.caught_up("ams")
    watch = Watch(made)
    watch.until(lambda seen: {"LIMITS_UNKNOWN"} <= names(seen))
    configure(made, "fra", "max_connections", 150)
    wait_for(lambda: made.sql("ams", PAUSED) == [(True,)])
    found = watch.until(lambda seen: "REPLAY_PAUSED" in names(seen))
    assert found.could_fail_over.answer is Answer.UNKNOWN
    assert "Who paused replay there cannot be told" in told(found)
