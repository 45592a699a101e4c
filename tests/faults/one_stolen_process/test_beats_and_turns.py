"""W, P, K, R: with the password of one login role, keep another component alive, drive a lease, hold others up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from bc_lib.store import migrate
from bc_lib.store.admin import LOGIN_ROLES
from tests.fixtures.database import Database

BEAT = """
INSERT INTO bc.component_beat (component, instance, beat_at, details)
VALUES ('{component}', 'zz', bc.now() + interval '10 years', '{{"signed_to": 900000000}}')
"""
OWN = {
    "poller": "bc_poller",
    "audit-signer": "bc_signer",
    "sign-on": "bc_sign_on",
    "requests": "bc_runner",
    "dispatcher": "bc_runner",
    "schedules": "bc_runner",
    "runbooks": "bc_runner",
    "notices": "bc_keeper",
    "housekeeping": "bc_keeper",
    "evidence": "bc_keeper",
    "waits": "bc_keeper",
}
FOREIGN = [(role, component) for component, owner in OWN.items() for role in LOGIN_ROLES if role != owner]


def test_nobody_says_that_another_lives(database: Database) -> None:
    """Every login role, every component but its own."""
    assert len(FOREIGN) == len(OWN) * (len(LOGIN_ROLES) - 1)
    for role, component in FOREIGN:
        with pytest.raises(DBAPIError, match="permission denied|may not say that|read-only transaction"):
            database.sql(role, BEAT.format(component=component))
    assert database.sql("bc_reader", "SELECT count(*) FROM bc.component_beat WHERE instance = 'zz'") == [(0,)]


def test_own_sign_of_life_is_of_now(database: Database) -> None:
    """Time comes from the database, whatever the row says, at the first writing and at each change."""
    later = "UPDATE bc.component_beat SET beat_at = 'infinity' WHERE component = :one AND instance = 'zz'"
    newest = "SELECT extract(epoch FROM bc.now() - max(beat_at)), count(*) FROM bc.component_beat"
    for component, role in OWN.items():
        database.sql(role, BEAT.format(component=component))
    ((age, count),) = database.sql("bc_reader", newest)
    assert (0 <= float(str(age)) < 60, count) == (True, len(OWN))
    for component, role in OWN.items():
        database.sql(role, later, one=component)
    ((age, count),) = database.sql("bc_reader", newest)
    assert (0 <= float(str(age)) < 60, count) == (True, len(OWN))


def test_a_lease_cannot_be_driven_to_its_end(database: Database) -> None:
    """P: the epoch grows by one, the lease ends within the hour; so somebody else can always take it."""
    insert = "INSERT INTO bc.lease (name, holder, epoch, expires_at) VALUES ('poller/7', 'p', {epoch}, {until})"
    for epoch, until in (("9223372036854775807", "bc.now()"), ("2", "bc.now()"), ("1", "'infinity'")):
        with pytest.raises(DBAPIError, match="grows by one|for an hour at most"):
            database.sql("bc_poller", insert.format(epoch=epoch, until=until))
    database.sql("bc_poller", insert.format(epoch="1", until="bc.now()"))
    for change in ("epoch = 9223372036854775807", "epoch = epoch + 2", "expires_at = 'infinity'"):
        with pytest.raises(DBAPIError, match="grows by one|for an hour at most"):
            database.sql("bc_poller", f"UPDATE bc.lease SET {change} WHERE name = 'poller/7'")
    database.sql("bc_poller", "UPDATE bc.lease SET epoch = epoch + 1, holder = 'q' WHERE name = 'poller/7'")


@contextmanager
def holding(database: Database, role: str, statements: list[str]) -> Iterator[None]:
    """A session of `role` that has said these and stays."""
    with psycopg.connect(database.url(role).replace("+psycopg", "")) as connection:
        for statement in statements:
            connection.execute(statement.encode())
        yield
        connection.rollback()


ADVISORY = [
    "SELECT pg_advisory_lock(hashtext('bc.partitions'))",
    *(f"SELECT pg_advisory_lock(70220261, {number})" for number in range(1, 20)),
    *(f"SELECT pg_advisory_lock({7022026000 + number})" for number in (101, 102, 103, 104, 109)),
    *(f"SELECT pg_advisory_lock({(7022026000 + 103) % 2**31}, {number})" for number in range(1, 20)),
]


def test_a_reader_holds_nobody_up(database: Database) -> None:
    """R: every advisory lock that this project ever took, and the row that is locked instead."""
    with holding(database, "bc_reader", ADVISORY):
        assert database.sql("bc_keeper", "SELECT bc.ensure_partitions(3)")
    for statement in (
        "SELECT bc.take_turn('partitions')",
        "SELECT FROM bc.turn FOR UPDATE",
        "SELECT FROM bc.turn FOR KEY SHARE",
        "LOCK TABLE bc.turn IN SHARE MODE",
        "INSERT INTO bc.turn VALUES ('x')",
    ):
        with pytest.raises(DBAPIError, match="permission denied|read-only transaction"):
            database.sql("bc_reader", "SET transaction_read_only = off; " + statement)


def test_turns_are_taken_one_after_the_other(database: Database) -> None:
    """Two at once: the second waits for the first, also for a name that nobody has used before."""
    done: list[str] = []

    def second() -> None:
        database.sql("bc_keeper", "SELECT bc.take_turn('a new name')")
        done.append("second")

    with holding(database, "bc_runner", ["SELECT bc.take_turn('a new name')"]):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(1.0)
        assert waiting.is_alive()
        assert done == []
        done.append("first")
    waiting.join(10)
    assert done == ["first", "second"]


def test_a_migration_ends_whoever_squats_on_its_lock(database: Database) -> None:
    """R holds the migration's own lock: the superuser ends that session and goes on."""
    with psycopg.connect(database.url("bc_reader").replace("+psycopg", ""), autocommit=True) as squatter:
        squatter.execute(f"SELECT pg_advisory_lock({migrate.LOCK})".encode())
        with database.engine("postgres").begin() as connection:
            migrate.take_turn(connection)
        with pytest.raises(psycopg.OperationalError):
            squatter.execute("SELECT 1")
