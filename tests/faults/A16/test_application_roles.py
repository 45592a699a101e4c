"""A16, TC-052: every role that signs in is refused by the database on every way to tamper; the superuser by the guards."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from bc_lib.store.admin import LOGIN_ROLES
from bc_lib.store.audit import OwnTransactionAuditLog
from tests.fixtures.audit_log import MUTATIONS, entry, make_log
from tests.fixtures.database import Database

MORE = [
    ("switch the guards off", "ALTER TABLE bc_audit.record DISABLE TRIGGER ALL"),
    ("replica mode", "SET session_replication_role = replica"),
    (
        "replace append",
        "CREATE OR REPLACE FUNCTION bc_audit.append(entry jsonb) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
    ),
    ("drop a guard", "DROP TRIGGER refuse ON bc_audit.record"),
    ("drop the table", "DROP TABLE bc_audit.record"),
    ("drop the schema", "DROP SCHEMA bc_audit CASCADE"),
    ("take ownership", "ALTER TABLE bc_audit.record OWNER TO CURRENT_USER"),
    ("become the owner", "SET ROLE bc_audit_owner"),
    ("join the owner", "GRANT bc_audit_owner TO CURRENT_USER"),
    ("grant oneself", "GRANT ALL ON bc_audit.record TO CURRENT_USER"),
    (
        "plant a trigger",
        "CREATE TRIGGER mine BEFORE INSERT ON bc_audit.record FOR EACH ROW EXECUTE FUNCTION bc.forget_resource()",
    ),
    ("plant a rule", "CREATE RULE mine AS ON INSERT TO bc_audit.record DO INSTEAD NOTHING"),
    ("add a column", "ALTER TABLE bc_audit.record ADD COLUMN x int"),
    ("row security", "ALTER TABLE bc_audit.record ENABLE ROW LEVEL SECURITY"),
    ("block the log", "LOCK TABLE bc_audit.head IN ACCESS EXCLUSIVE MODE"),
    ("hold the end", "SELECT * FROM bc_audit.head FOR UPDATE"),
    ("set the end back", "UPDATE bc_audit.head SET seq = 3"),
    ("remove the end", "DELETE FROM bc_audit.head"),
]
WAYS = [(name, statements) for name, statements, *_ in MUTATIONS] + MORE


@pytest.mark.parametrize("role", LOGIN_ROLES)
def test_refused_by_the_database(database: Database, tmp_path: Path, role: str) -> None:
    """Permission denied on each way, and the log stays as it was."""
    log = make_log(database, tmp_path)
    log.sign()
    allowed = []
    for name, statements in WAYS:
        try:
            with database.engine(role).begin() as connection:
                connection.exec_driver_sql("SET TRANSACTION READ WRITE")
                connection.connection.driver_connection.execute(statements)
            if name != "grant oneself":  # PostgreSQL warns and grants nothing, which `sound` proves below
                allowed.append(name)
        except Exception as refusal:
            state = getattr(getattr(refusal, "orig", refusal), "sqlstate", None)
            assert state == "42501", (name, refusal)  # insufficient_privilege
    assert not allowed
    assert log.verify().sound


@pytest.mark.parametrize(
    ("name", "statements"),
    [(name, statements) for name, statements, *_ in MUTATIONS],
    ids=[row[0] for row in MUTATIONS],
)
def test_the_superuser_meets_the_guards(database: Database, tmp_path: Path, name: str, statements: str) -> None:
    """TC-052: while the guards stand, nobody changes a record, replica mode included."""
    log = make_log(database, tmp_path)
    for mode in ("origin", "replica"):
        with (
            pytest.raises(Exception, match="append-only|does not continue|moves with a new record"),
            database.engine("postgres").begin() as connection,
        ):
            connection.connection.driver_connection.execute(
                f"SET LOCAL session_replication_role = {mode}; {statements}"
            )
    log.sign()
    assert log.verify().sound


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("bc_ui", True),
        ("bc_runner", True),
        ("bc_keeper", True),
        ("bc_poller", False),
        ("bc_reader", False),
        ("bc_owner", False),
    ],
)
def test_who_may_append(database: Database, role: str, may: bool) -> None:
    """Only the roles of processes that act append, and the record says which one it was, whatever they claim."""
    log = OwnTransactionAuditLog(database.engine(role))
    if may:
        number = log.append(entry(payload={"db_role": "postgres", "seq": 1}))
        said = database.sql("postgres", "SELECT body::jsonb->>'db_role' FROM bc_audit.record WHERE seq = :n", n=number)
        assert said == [(role,)]
    else:
        with pytest.raises(DBAPIError, match=r"permission denied|read-only"):
            database.sql(role, "SELECT bc_audit.append('{}')")


def test_set_role_does_not_hide_who_signed_in(database: Database) -> None:
    """The login role is stored, not the role that was taken on."""
    with database.engine("postgres").begin() as connection:
        connection.exec_driver_sql("SET LOCAL ROLE bc_ui")
        number = connection.exec_driver_sql(
            """SELECT bc_audit.append('{"kind": "recorded", "verb": "x", "actor": {}, "db_role": "bc_ui"}')"""
        ).scalar_one()
        body = connection.exec_driver_sql(
            f"SELECT body::jsonb->>'db_role' FROM bc_audit.record WHERE seq = {number}"
        ).scalar_one()
    assert body == "postgres"


def test_the_owner_of_our_clock_does_not_write_the_log(database: Database, tmp_path: Path) -> None:
    """No function of schema bc, replaced or not, runs with the audit owner's rights or sets a record's time."""
    log = make_log(database, tmp_path)
    database.set_clock("TIMESTAMPTZ '2001-01-01'")
    log.fill(1)
    assert database.sql("postgres", "SELECT count(*) FROM bc_audit.record WHERE at < '2020'") == [(0,)]
    assert not database.sql(
        "postgres",
        "SELECT 1 FROM pg_proc WHERE pronamespace = 'bc_audit'::regnamespace AND prosrc ~ '\\mbc\\.\\w+\\s*\\('",
    )
    # The one table of schema bc that is read there is a plain table: no view, rule or policy runs anything for it.
    assert database.sql(
        "postgres",
        "SELECT relkind::text, relhasrules, relrowsecurity FROM pg_class WHERE oid = 'bc.request'::regclass",
    ) == [("r", False, False)]
