"""What each login role may not do, by raw SQL (SEC-002, decision 8)."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError, ProgrammingError

from bc_lib.store.check import check_database
from tests.fixtures.database import PASSWORDS, Database

INSERT_OBSERVATION = (
    "INSERT INTO bc.observation "
    "(resource, observed_at, status, codes, could_switch_over, could_fail_over, cold, nodes) "
    "VALUES ('x', bc.now(), 'green', '{}', 'yes', 'yes', false, '[]')"
)
INSERT_SITE = "INSERT INTO bc.site VALUES ('fra', 'Frankfurt', 0)"
DENIED = [
    ("bc_ui", INSERT_OBSERVATION),
    ("bc_ui", "UPDATE bc.current_status SET status = 'green'"),
    ("bc_ui", "INSERT INTO bc.lease (name, holder, epoch, expires_at) VALUES ('poller/0', 'ui', 1, bc.now())"),
    ("bc_ui", "UPDATE bc.outbox SET delivered_at = bc.now()"),
    ("bc_ui", "DELETE FROM bc.inventory_change"),
    ("bc_ui", "UPDATE bc.inventory_change SET actor = 'somebody else'"),
    ("bc_ui", "SELECT bc.drop_old(30, 13)"),
    ("bc_ui", "SET ROLE bc_guard_owner"),
    ("bc_ui", "CREATE TABLE bc.mine (x int)"),
    ("bc_ui", "CREATE TABLE public.mine (x int)"),
    ("bc_poller", INSERT_SITE),
    ("bc_poller", "UPDATE bc.resource SET tier = 2"),
    ("bc_poller", "UPDATE bc.inventory_revision SET revision = revision + 1"),
    ("bc_poller", "DELETE FROM bc.observation"),
    ("bc_poller", "UPDATE bc.observation SET status = 'green'"),
    ("bc_poller", "UPDATE bc.outbox SET delivered_at = bc.now()"),
    ("bc_poller", "DELETE FROM bc.lease"),
    ("bc_poller", "TRUNCATE bc.current_status"),
    ("bc_poller", "SELECT bc.ensure_partitions(1)"),
    ("bc_poller", "ALTER TABLE bc.outbox DISABLE TRIGGER ALL"),
    ("bc_poller", "CREATE OR REPLACE FUNCTION bc.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz'"),
    ("bc_runner", INSERT_OBSERVATION),
    ("bc_runner", INSERT_SITE),
    ("bc_keeper", INSERT_OBSERVATION),
    ("bc_keeper", "DELETE FROM bc.observation"),
    ("bc_keeper", "DROP TABLE bc.observation_default"),
    ("bc_keeper", "UPDATE bc.outbox SET notification = '{}'"),
    ("bc_keeper", "UPDATE bc.outbox SET channel = 'pager'"),
    ("bc_keeper", "DELETE FROM bc.outbox"),
    ("bc_keeper", "SELECT bc.make_day('observation', 'observed_at', current_date)"),
    ("bc_reader", INSERT_SITE),
    ("bc_reader", "INSERT INTO bc.component_beat (component, instance) VALUES ('a', 'b')"),
    ("bc_reader", "SELECT bc.drop_old(30, 13)"),
]


@pytest.mark.parametrize(("role", "statement"), DENIED)
def test_denied(database: Database, role: str, statement: str) -> None:
    """SEC-002: refused by the server, whatever the program."""
    with pytest.raises(DBAPIError, match=r"permission denied|must be (owner|able to)|read-only transaction"):
        database.sql(role, statement)


@pytest.mark.parametrize("role", ["bc_ui", "bc_poller", "bc_runner", "bc_keeper", "bc_reader"])
def test_every_role_reads_and_none_may_do_more_than_it_needs(database: Database, role: str) -> None:
    assert database.sql(role, "SELECT count(*) FROM bc.resource") == [(0,)]
    with pytest.raises(ProgrammingError, match=r"must be able to SET ROLE|permission denied"):
        database.sql(role, "SET ROLE bc_owner")


def test_reader_writes_nothing_even_when_it_says_it_would(database: Database) -> None:
    """The read-only default of the role is comfort; the missing right is the control."""
    with pytest.raises(DBAPIError, match="permission denied"), database.engine("bc_reader").connect() as connection:
        connection.exec_driver_sql("SET TRANSACTION READ WRITE")
        connection.exec_driver_sql(INSERT_SITE)


def test_retention_is_limited_by_age(database: Database) -> None:
    """bc_keeper cannot clear history of today: less than one day or one month is refused (FR-013)."""
    for days, months in ((0, 13), (-5, 13), (30, 0), (None, 13)):
        with pytest.raises(DBAPIError, match="is kept"):
            database.sql(
                "bc_keeper", "SELECT bc.drop_old(CAST(:days AS int), CAST(:months AS int))", days=days, months=months
            )


def test_poller_holds_its_own_leases_only(database: Database) -> None:
    with pytest.raises(DBAPIError, match="poller/"):
        database.sql(
            "bc_poller",
            "INSERT INTO bc.lease (name, holder, epoch, expires_at) VALUES ('resource/orders-db', 'x', 1, bc.now())",
        )


def test_check_finds_nothing_and_then_a_guard_that_is_off(database: Database) -> None:
    """bcctl db check."""
    assert check_database(database.engine("bc_reader")) == []
    database.sql("postgres", "ALTER TABLE bc.outbox DISABLE TRIGGER outbox_written")
    assert any("outbox_written" in trouble for trouble in check_database(database.engine("bc_reader")))


def test_passwords_are_stored_as_scram_verifiers(database: Database) -> None:
    """SEC-005: what reaches the server is a verifier, so that no statement log can show a password."""
    rows = database.sql("postgres", "SELECT rolpassword FROM pg_authid WHERE rolcanlogin AND rolname LIKE 'bc\\_%'")
    assert len(rows) >= len(PASSWORDS)
    assert all(str(row[0]).startswith("SCRAM-SHA-256$") for row in rows)
