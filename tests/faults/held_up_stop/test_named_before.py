"""Whoever would hold up the stop is named before anybody approves, and blocks where the outage has no time for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Finding, Severity, blocking
from tests.fixtures.consumers import consumer
from tests.fixtures.execpair import Driver, Pair, pair
from tests.fixtures.pgcluster import wait_for

LOGICAL = {"wal_level": "logical"}


@pytest.fixture(scope="module")
def made() -> Iterator[Pair]:
    with pair(LOGICAL, LOGICAL, ham="") as found:
        found.sql("fra", "CREATE PUBLICATION everything FOR ALL TABLES")
        found.sql("fra", "SELECT pg_create_logical_replication_slot('cdc', 'pgoutput')")
        yield found


def checked(made: Pair, rto_s: float | None = None) -> dict[str, Finding]:
    driver = Driver(made)
    driver.resource = replace(made.resource(), rto_s=rto_s)
    return {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}


def test_a_consumer_that_never_confirms_blocks_by_name(made: Pair) -> None:
    assert checked(made)["stop"].severity is Severity.OK
    with consumer(made.cluster, "fra", "cdc", confirms=False):
        made.sql("fra", "INSERT INTO public.w VALUES (1)")
        found = checked(made)["stop-waits-cdc"]
        assert found.severity is Severity.BLOCK
        assert "logical consumer cdc never confirms" in found.sentence
        assert "would wait for ever" in found.sentence
    with consumer(made.cluster, "fra", "cdc", confirms=True) as reader:
        made.sql("fra", "INSERT INTO public.w VALUES (2)")
        wait_for(lambda: reader.got > 0)
        found_all = checked(made)
        assert not [check for check in found_all if check.startswith("stop-waits")], found_all
        assert not blocking(tuple(found_all.values()))


def test_another_standby_that_hangs_is_named(made: Pair) -> None:
    """Not the target: ham. Its server gives it up after wal_sender_timeout, which is longer than the stop may take."""
    receiver = made.sql("ham", "SELECT pid FROM pg_stat_wal_receiver")[0][0]
    os.kill(receiver, signal.SIGSTOP)
    try:
        made.sql("fra", "INSERT INTO public.w VALUES (3)")
        found = checked(made)["stop-waits-slot_ham"]
        assert found.severity is Severity.BLOCK
        assert "slot_ham" in found.sentence
    finally:
        os.kill(receiver, signal.SIGCONT)
    made.cluster.caught_up("ham")
    assert not [check for check in checked(made) if check.startswith("stop-waits")]


@pytest.mark.parametrize(
    ("command", "rto_s", "severity", "words"),
    [
        ("sleep 15", 3.0, Severity.BLOCK, "behind or hangs"),
        ("sleep 15", None, Severity.WARN, "behind or hangs"),
        ("false", 3.0, Severity.WARN, "does not take them"),
        ("", 3.0, Severity.WARN, "does not take them"),
    ],
)
def test_an_archiver_that_hangs(command: str, rto_s: float | None, severity: Severity, words: str) -> None:
    with pair({"archive_mode": "on"}) as made:
        made.sql("fra", f"ALTER SYSTEM SET archive_command = '{command}'")
        made.sql("fra", "SELECT pg_reload_conf()")
        for number in range(5):
            made.sql("fra", f"INSERT INTO public.w VALUES ({number}); SELECT pg_switch_wal()")
        waits = "SELECT now() - min(modification) > '3.1 s' FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'"
        wait_for(lambda: made.sql("fra", waits) == [(True,)])
        if command == "false":
            wait_for(lambda: made.sql("fra", "SELECT failed_count > 0 FROM pg_stat_archiver") == [(True,)])
        found = checked(made, rto_s)["archive-waits-fra"]
        assert (found.severity, words in found.sentence) == (severity, True), found
        assert "segments" in found.figure
