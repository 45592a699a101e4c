"""Guards and what they guard belong to a role that nobody can sign in as (decision 8)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from psycopg.errors import DependentObjectsStillExist
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.actor import Role
from bc_lib.domain.requests.states import State
from bc_lib.services.requests.approve import approve
from bc_lib.store import guard_admin
from bc_lib.store.admin import LOGIN_ROLES, initialise
from bc_lib.store.check import check_database
from tests.fixtures.database import PASSWORDS, Database
from tests.fixtures.requests import World, world

__all__ = ["world"]

ROOT = Path(__file__).resolve().parents[3]
TABLES = "SELECT relname::text FROM pg_class WHERE relnamespace = 'bc'::regnamespace AND relkind IN ('r', 'p')"
LIE = "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
WAYS = [
    "ALTER TABLE bc.request DISABLE TRIGGER request_changed",
    "ALTER TABLE bc.vote DISABLE TRIGGER ALL",
    "ALTER TABLE bc.vote ENABLE REPLICA TRIGGER vote_written",
    "SET session_replication_role = replica",
    "DROP TRIGGER vote_written ON bc.vote",
    f"CREATE OR REPLACE FUNCTION bc.request_changed() {LIE}",
    f"CREATE OR REPLACE FUNCTION bc.never_changed() {LIE}",
    "CREATE OR REPLACE FUNCTION bc.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now() - interval ''1 day'''",
    "ALTER FUNCTION bc.request_changed() SECURITY INVOKER",
    "ALTER FUNCTION bc.holds_role(bigint, text) RENAME TO away",
    "DROP FUNCTION bc.vote_written() CASCADE",
    # A better match for bc.person_of(NEW.issuer, NEW.subject) than the one delivered: it would run with the guard's rights.
    "CREATE FUNCTION bc.person_of(bc.line, bc.line) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
    "CREATE FUNCTION bc.refuse(text) RETURNS void LANGUAGE sql AS ''",
    "CREATE TABLE bc.mine (x int)",
    "CREATE SCHEMA mine",
    "CREATE TRIGGER mine BEFORE INSERT ON bc.schema_version FOR EACH ROW EXECUTE FUNCTION bc.never_changed()",
    "CREATE RULE mine AS ON INSERT TO bc.vote DO INSTEAD NOTHING",
    "CREATE POLICY mine ON bc.resource USING (false)",
    "ALTER TABLE bc.resource ENABLE ROW LEVEL SECURITY",
    "ALTER DOMAIN bc.line ADD CHECK (true)",
    "ALTER DOMAIN bc.role DROP CONSTRAINT role_check",
    "ALTER TABLE bc.request DROP CONSTRAINT window_whole",
    "UPDATE bc.request SET state = 'Approved'",
    "DELETE FROM bc.request_history",
    "INSERT INTO bc.vote (request) VALUES ('r-1')",
    "INSERT INTO bc.policy_rule (version, position, name) VALUES (9, 1, 'Anything goes')",
    "INSERT INTO bc.role_assignment (person, role) VALUES (1, 'admin')",
    "UPDATE bc.lease SET epoch = 1",
    "UPDATE bc.outbox SET production = false",
    "TRUNCATE bc.request CASCADE",
    "TRUNCATE bc.vote",
    "SELECT setval('bc.request_number', 1)",
    "DROP TABLE bc.request CASCADE",
    "DROP SCHEMA bc CASCADE",
    "ALTER SCHEMA bc RENAME TO away",
    "ALTER SCHEMA bc OWNER TO bc_owner",
    "ALTER TABLE bc.request OWNER TO bc_owner",
    "ALTER FUNCTION bc.refuse(text, jsonb) OWNER TO bc_owner",
    "REASSIGN OWNED BY bc_guard_owner TO bc_owner",
    "DROP OWNED BY bc_guard_owner CASCADE",
    "SET ROLE bc_guard_owner",
    "GRANT bc_guard_owner TO bc_owner",
    "ALTER ROLE bc_guard_owner LOGIN",
    "ALTER TABLE bc.request_history SET SCHEMA public",
]


def test_refused_by_the_database_on_every_way(world: World) -> None:
    """FR-030, A16: whoever has the password of bc_owner neither reaches a guard nor what it guards, nor code it would run."""
    world.ready()
    for role in LOGIN_ROLES:
        # What other roles may write is limited by the guards; tests/integration/requests/test_sql_gate.py has that.
        ways = WAYS if role == "bc_owner" else [way for way in WAYS if not way.startswith(("UPDATE", "INSERT"))]
        allowed = []
        for way in ways:
            try:
                with world.database.engine(role).begin() as connection:
                    connection.exec_driver_sql("SET TRANSACTION READ WRITE")
                    connection.exec_driver_sql(way)
                allowed.append(way)
            except DBAPIError as refusal:
                assert getattr(refusal.orig, "sqlstate", None) == "42501", (
                    role,
                    way,
                    refusal,
                )  # insufficient_privilege
        assert allowed == [], role
    world.database.sql("bc_owner", "GRANT SELECT ON bc.schema_version TO bc_ui")  # a warning; PostgreSQL grants nothing
    assert check_database(world.database.engine("bc_reader")) == []


def test_bc_owner_writes_to_no_table_at_all(database: Database) -> None:
    """Also of tables that are still to come: by what the database says, not by a list."""
    rights = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    tables = database.sql("postgres", TABLES)
    assert tables
    for (table,) in tables:
        for right in rights:
            asked = "SELECT has_table_privilege('bc_owner', :table, :right)"
            assert database.sql("postgres", asked, table=f"bc.{table}", right=right) == [(False,)], (table, right)


def test_everything_belongs_to_a_role_without_members(database: Database) -> None:
    """One rule in one place: what stands in bc is guarded; no object of any kind is somebody else's."""
    others = """
        SELECT pg_describe_object(d.classid, d.objid, 0) FROM pg_shdepend d
        WHERE d.deptype = 'o' AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND d.refobjid IN (SELECT oid FROM pg_roles WHERE rolcanlogin)
    """
    assert database.sql("postgres", others) == []
    assert not any(guard_admin.OWNER in trouble for trouble in check_database(database.engine("bc_reader")))
    for role in LOGIN_ROLES:
        asked = "SELECT pg_has_role(:who, 'bc_guard_owner', 'MEMBER'), has_schema_privilege(:who, 'bc', 'CREATE')"
        assert database.sql("postgres", asked, who=role) == [(False, False)]


def test_delivered_guards_are_read_from_their_files(database: Database) -> None:
    """What `db check` expects is exactly what stands after `db init`, loops included."""
    functions, triggers = guard_admin.delivered()
    with database.engine("bc_reader").connect() as connection:
        standing = {(table, name) for table, name, _ in connection.execute(text(guard_admin.TRIGGERS))}
        made = {name for name, _ in connection.execute(text(guard_admin.FUNCTIONS))}
    assert standing == triggers and ("vote", "never_changed") in triggers and ("request", "never_removed") in triggers
    assert made == functions.keys() and len(functions) > 20


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("ALTER TABLE bc.vote DISABLE TRIGGER vote_written", "The guard vote_written of bc.vote is missing"),
        ("DROP TRIGGER never_emptied ON bc.request", "The guard never_emptied of bc.request is missing"),
        (f"CREATE OR REPLACE FUNCTION bc.vote_written() {LIE}", "bc.vote_written is not the one"),
        ("ALTER TABLE bc.request OWNER TO bc_owner", "bc.request belongs to bc_owner"),
        ("ALTER SCHEMA bc OWNER TO bc_owner", "schema bc belongs to bc_owner"),
        ("ALTER DOMAIN bc.line OWNER TO bc_owner", "bc.line belongs to bc_owner"),
        ("ALTER FUNCTION bc.now() OWNER TO bc_owner", "bc.now belongs to bc_owner"),
    ],
)
def test_check_names_it_and_init_mends_it(database: Database, statement: str, named: str) -> None:
    """A guard in other hands, off, gone or different, by the superuser's own doing: one sentence, and `db init` mends it."""
    database.sql("postgres", statement)
    assert any(named in trouble for trouble in check_database(database.engine("bc_reader")))
    initialise(database.url("postgres"), PASSWORDS, database=database.name)
    assert check_database(database.engine("bc_reader")) == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("GRANT CREATE ON SCHEMA bc TO bc_owner", "bc_owner has the right CREATE on schema bc"),
        ("GRANT INSERT ON bc.vote TO bc_owner", "bc_owner has the right INSERT on bc.vote"),
        ("GRANT UPDATE (state) ON bc.request TO bc_owner", "bc_owner has the right UPDATE on bc.request.state"),
        ("GRANT TRUNCATE ON bc.observation TO bc_keeper", "bc_keeper has the right TRUNCATE on bc.observation"),
        ("CREATE FUNCTION bc.extra() RETURNS int LANGUAGE sql AS 'SELECT 1'", "bc.extra is not the one"),
        (
            "CREATE TRIGGER extra BEFORE INSERT ON bc.vote FOR EACH ROW EXECUTE FUNCTION bc.never_changed()",
            "The trigger extra of bc.vote was not delivered",
        ),
    ],
)
def test_check_names_what_was_added(database: Database, statement: str, named: str) -> None:
    """What does not come from sql/ is said."""
    database.sql("postgres", statement)
    assert any(named in trouble for trouble in check_database(database.engine("bc_reader")))


def _as_it_was(database: Database) -> None:
    """The layout before the guards had an owner of their own: bc_owner owned the schema and all in it."""
    database.sql("postgres", "REASSIGN OWNED BY bc_guard_owner TO bc_owner")
    database.sql("postgres", "GRANT USAGE ON SCHEMA bc TO bc_owner")
    assert database.sql("bc_owner", "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'bc'") == [
        ("bc_owner",)
    ]


def test_an_existing_database_is_taken_over_with_its_rows(world: World) -> None:
    """From the previous layout, twice; requests, votes and plans stay and go on."""
    request = world.ask()
    _as_it_was(world.database)
    before = world.database.sql("postgres", "SELECT to_jsonb(r)::text FROM bc.request r")
    for _ in range(2):
        initialise(world.database.url("postgres"), PASSWORDS, database=world.database.name)
        assert check_database(world.database.engine("bc_reader")) == []
    assert world.database.sql("postgres", "SELECT to_jsonb(r)::text FROM bc.request r") == before
    with pytest.raises(DBAPIError, match="permission denied"):
        world.database.sql("bc_owner", "UPDATE bc.request SET state = 'Running'")
    approve(world.gate, world.actor("ian"), request.id, Role.APPROVER_IT)
    assert approve(world.gate, world.actor("bea"), request.id, Role.APPROVER_BUSINESS).state is State.APPROVED


PLANTED = """
CREATE FUNCTION bc.person_of(bc.line, bc.line) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE FUNCTION bc.rise() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RESET ROLE; ALTER ROLE bc_owner SUPERUSER; RETURN NEW; END$$;
CREATE TRIGGER rise BEFORE UPDATE OR INSERT ON bc.schema_version FOR EACH ROW EXECUTE FUNCTION bc.rise();
CREATE RULE quiet AS ON UPDATE TO bc.inventory_revision DO INSTEAD NOTHING;
CREATE POLICY mine ON bc.resource USING (true);
ALTER TABLE bc.resource ENABLE ROW LEVEL SECURITY;
CREATE OR REPLACE FUNCTION bc.now() RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER AS $$BEGIN RETURN 'epoch'; END$$;
"""


def test_what_bc_owner_planted_before_is_thrown_away_unread(database: Database) -> None:
    """A trigger that would have made bc_owner a superuser while the migrations run never runs."""
    _as_it_was(database)
    with database.engine("bc_owner").begin() as connection:
        connection.connection.driver_connection.execute(PLANTED)  # type: ignore[union-attr]  # psycopg's own
    initialise(database.url("postgres"), PASSWORDS, database=database.name)
    assert check_database(database.engine("bc_reader")) == []
    assert database.sql("postgres", "SELECT rolsuper FROM pg_roles WHERE rolname = 'bc_owner'") == [(False,)]
    left = """
        SELECT (SELECT count(*) FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class WHERE relnamespace = 'bc'::regnamespace)
             + (SELECT count(*) FROM pg_policy) + (SELECT count(*) FROM pg_class WHERE relrowsecurity)
             + (SELECT count(*) FROM pg_proc WHERE oid = 'bc.now()'::regprocedure AND prosecdef)
    """
    assert database.sql("postgres", left) == [(0,)]


def test_a_column_or_domain_that_calls_a_planted_function_stops_the_take_over(database: Database) -> None:
    """Nothing changes, and the message names it."""
    _as_it_was(database)
    database.sql("bc_owner", "CREATE FUNCTION bc.evil(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'")
    database.sql("bc_owner", "ALTER DOMAIN bc.line ADD CONSTRAINT evil CHECK (bc.evil(VALUE))")
    with pytest.raises(DependentObjectsStillExist, match=r"cannot drop function bc\.evil"):
        initialise(database.url("postgres"), PASSWORDS, database=database.name)
    assert any("belongs to bc_owner" in trouble for trouble in check_database(database.engine("bc_reader")))


def test_three_starts_at_once_on_the_previous_layout(database: Database) -> None:
    """The advisory lock: one takes over, the others find it done."""
    _as_it_was(database)
    code = (
        "import json, sys; from bc_lib.store.admin import initialise; "
        "initialise(sys.argv[1], json.loads(sys.argv[2]), database=sys.argv[3])"
    )
    arguments = [sys.executable, "-c", code, database.url("postgres"), json.dumps(PASSWORDS), database.name]
    started = [subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in started:
        _, trouble = process.communicate(timeout=60)
        assert process.returncode == 0, trouble
    assert check_database(database.engine("bc_reader")) == []


def test_the_clock_and_retention_still_work(database: Database) -> None:
    """Functions that changed hands: bc_keeper makes and drops partitions, resources take their status with them (FR-013)."""
    assert database.sql("bc_keeper", "SELECT bc.ensure_partitions(9)")[0][0] == 4  # two days, two tables
    database.set_clock("pg_catalog.clock_timestamp() + interval '40 days'")
    assert database.sql("bc_keeper", "SELECT dropped > 0 FROM bc.drop_old(30, 13) WHERE what = 'partitions'") == [
        (True,)
    ]
    assert any("bc.now is not the one" in trouble for trouble in check_database(database.engine("bc_reader")))
