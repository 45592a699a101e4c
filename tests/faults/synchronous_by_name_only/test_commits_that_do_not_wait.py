"""A synchronous standby for whom commits do not wait: the window of an asynchronous one stays (FR-012)."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bc_lib.domain.assessment import Answer, Assessment
from tests.fixtures.pgcluster import DATABASE, Cluster, cluster, wait_for
from tests.fixtures.watching import Watch

NAMED = "SELECT sync_state FROM pg_stat_replication"
FUNCTION = "CREATE FUNCTION public.hasty() RETURNS int LANGUAGE sql SET synchronous_commit = local AS 'SELECT 1'"


@pytest.fixture(scope="module")
def estate() -> Iterator[Cluster]:
    """ams is synchronous by name."""
    with cluster(ams={}) as made:
        made.sql("fra", "CREATE ROLE app")
        made.sql("fra", "CREATE TABLE public.paid (id int)")
        made.sql("fra", "ALTER SYSTEM SET synchronous_standby_names = 'ams'")
        made.sql("fra", "SELECT pg_reload_conf()")
        wait_for(lambda: made.sql("fra", NAMED) == [("sync",)])
        yield made


@contextmanager
def with_(made: Cluster, statement: str, back: str) -> Iterator[None]:
    made.sql("fra", statement)
    made.sql("fra", "SELECT pg_reload_conf()")
    try:
        yield
    finally:
        made.sql("fra", back)
        made.sql("fra", "SELECT pg_reload_conf()")


def look(made: Cluster, *wanted: str) -> Assessment:
    """A look at which ams is well, with the reasons for its yes."""
    watch = Watch(made)
    return watch.until(
        lambda seen: (
            seen.could_fail_over.answer is Answer.YES
            and [reason.code for reason in seen.could_fail_over.reasons] == list(wanted)
        )
    )


def test_where_commits_wait_it_is_said_with_what_cannot_be_seen(estate: Cluster) -> None:
    """On, for everybody: never an empty list of reasons."""
    look(estate, "COMMITS_WAIT")


SYSTEM = "ALTER SYSTEM SET synchronous_commit = {}", "ALTER SYSTEM RESET synchronous_commit"
CASES = {
    "off": (SYSTEM[0].format("off"), SYSTEM[1], "synchronous_commit is off"),
    "local": (SYSTEM[0].format("local"), SYSTEM[1], "synchronous_commit is local"),
    "remote_write": (SYSTEM[0].format("remote_write"), SYSTEM[1], "synchronous_commit is remote_write"),
    "a role": (
        "ALTER ROLE app SET synchronous_commit = off",
        "ALTER ROLE app RESET synchronous_commit",
        "synchronous_commit is off for role app",
    ),
    "a role in a database": (
        f"ALTER ROLE app IN DATABASE {DATABASE} SET synchronous_commit = local",
        f"ALTER ROLE app IN DATABASE {DATABASE} RESET synchronous_commit",
        "could not be read",
    ),
    "another database": (
        "ALTER DATABASE template1 SET synchronous_commit = off",
        "ALTER DATABASE template1 RESET synchronous_commit",
        "synchronous_commit is off for database template1",
    ),
    "everybody": (
        "ALTER ROLE ALL SET synchronous_commit = off",
        "ALTER ROLE ALL RESET synchronous_commit",
        "synchronous_commit is off",
    ),
    "our own role hides it": (
        "ALTER ROLE bc_monitor SET synchronous_commit = on",
        "ALTER ROLE bc_monitor RESET synchronous_commit",
        "could not be read",
    ),
    "a function": (FUNCTION, "DROP FUNCTION public.hasty()", "synchronous_commit is local for function public.hasty"),
    "any of several": (
        "ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (ams, lon)'",
        "ALTER SYSTEM SET synchronous_standby_names = 'ams'",
        "need not be ams",
    ),
    "the first of several": (
        "ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 (lon, ams)'",
        "ALTER SYSTEM SET synchronous_standby_names = 'ams'",
        "need not be ams",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_window_stays_unless_commits_are_known_to_wait(estate: Cluster, case: str) -> None:
    """Yes, with a reason that names what makes it asynchronous."""
    statement, back, words = CASES[case]
    with with_(estate, statement, back):
        found = look(estate, "ASYNC_WINDOW")
        assert words in found.could_fail_over.reasons[0].text
        assert "would be missing" in found.could_fail_over.reasons[0].text
    wait_for(lambda: estate.sql("fra", NAMED) == [("sync",)])


def test_what_is_acknowledged_for_a_role_of_its_own_can_be_lost(estate: Cluster) -> None:
    """The hard proof: the receiver frozen, 50 rows acknowledged, the primary dead, none of them at the standby."""
    with with_(estate, "ALTER ROLE postgres SET synchronous_commit = off", "SELECT 1"):
        assert "role postgres" in look(estate, "ASYNC_WINDOW").could_fail_over.reasons[0].text
        ((receiver,),) = estate.sql("ams", "SELECT pid FROM pg_stat_wal_receiver")
        os.kill(receiver, signal.SIGSTOP)
        try:
            with estate.connect("fra") as session:
                for number in range(50):
                    session.execute("INSERT INTO public.paid VALUES (%s)", (number,))
            estate.servers["fra"].stop("immediate")
        finally:
            os.kill(receiver, signal.SIGCONT)
        wait_for(lambda: estate.sql("ams", "SELECT count(*) FROM pg_stat_wal_receiver") == [(0,)])
        wait_for(lambda: estate.sql("ams", "SELECT count(*) < 50 FROM public.paid") == [(True,)])
        estate.servers["fra"].start()
