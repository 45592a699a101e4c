"""Makes the databases, the roles and the schema on a server, as its superuser."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg import sql
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from bc_lib.store import audit_admin, guard_admin, migrate
from bc_lib.store.script import driver

LOGIN_ROLES = (
    "bc_owner",
    "bc_ui",
    "bc_poller",
    "bc_runner",
    "bc_keeper",
    "bc_reader",
    "bc_signer",
    "bc_sign_on",
)
PARTITION_DAYS_AHEAD = 7
DATABASE_LOCK = 7022026002
SETTINGS = {
    "bc_ui": {"statement_timeout": "15s", "idle_in_transaction_session_timeout": "30s"},
    "bc_poller": {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "30s"},
    "bc_runner": {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "60s"},
    "bc_keeper": {"idle_in_transaction_session_timeout": "60s"},
    "bc_signer": {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "30s"},
    "bc_sign_on": {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "30s"},
    "bc_reader": {"default_transaction_read_only": "on", "statement_timeout": "15s"},
}


def initialise(
    superuser_url: str,
    passwords: Mapping[str, str],
    airflow_password: str | None = None,
    *,
    database: str = "bc",
    airflow_database: str = "airflow",
) -> None:
    """Make or bring up to date roles, databases, schema, guards and grants. May run any number of times.

    `passwords` has one for each login role. `airflow_password`: also Airflow's role and database.
    Raises KeyError for a password that is missing and SQLAlchemy's errors for trouble with the server.
    """
    base = make_url(superuser_url).set(drivername="postgresql+psycopg")
    with _connect(base.set(database="postgres")) as server, server.connect() as connection:
        # Other sessions of this function wait here until the end: roles belong to the whole server.
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": DATABASE_LOCK})
        for role in LOGIN_ROLES:
            _ensure_role(connection, role, passwords[role])
        _ensure_database(connection, database, owner=None)
        if airflow_password is not None:
            _ensure_role(connection, "airflow", airflow_password)
            _ensure_database(connection, airflow_database, owner="airflow")
        _prepare(base.set(database=database), database)
        apply_schema(base, database=database)


BEGIN_INCARNATION = """
WITH begun AS (
    INSERT INTO bc.instance (incarnation, reason) SELECT max(incarnation) + 1, :reason FROM bc.instance
    RETURNING incarnation, id)
SELECT incarnation, bc_audit.append(jsonb_build_object(
    'kind', 'recorded', 'verb', 'instance.begin', 'channel', 'database', 'outcome', 'begun',
    'actor', jsonb_build_object('name', session_user),
    'payload', jsonb_build_object('incarnation', incarnation, 'id', id, 'reason', CAST(:reason AS text)))) FROM begun
"""


def apply_schema(superuser_url: str | URL, *, database: str = "bc") -> None:
    """The audit log, migrations, guards, grants and the next days' partitions; roles and passwords stay as they are.

    Everything in schema bc is made by bc_guard_owner, as whom nobody can sign in: only the superuser may become it.
    Raises MigrationFailed where database and migrations do not fit, and SQLAlchemy's errors.
    """
    url = make_url(superuser_url).set(drivername="postgresql+psycopg", database=database)
    with _connect(url, autocommit=False) as engine:
        with engine.begin() as connection:
            migrate.take_turn(connection)
            audit_admin.install(connection)  # before the migrations: their triggers write to it
        with engine.begin() as connection:
            migrate.take_turn(connection)
            guard_admin.install(connection)
            guard_admin.become_owner(connection)
            migrate.upgrade(connection)
            _ensure_partitions(connection)


def begin_incarnation(superuser_url: str | URL, reason: str, *, database: str = "bc") -> int:
    """After a restore or promotion of the shared database: its new incarnation, audited.

    Raises SQLAlchemy's errors.
    """
    url = make_url(superuser_url).set(drivername="postgresql+psycopg", database=database)
    with _connect(url, autocommit=False) as engine, engine.begin() as connection:
        migrate.take_turn(connection)
        return int(connection.execute(text(BEGIN_INCARNATION), {"reason": reason}).scalar_one())


def look_after(owner_url: str | URL) -> None:
    """What bc_owner may do: see that the schema is this version's, and make the next days' partitions.

    Raises MigrationFailed where the schema is another version's, and SQLAlchemy's errors.
    """
    with _connect(make_url(owner_url), autocommit=False) as engine, engine.begin() as connection:
        migrate.require_newest(connection)
        _ensure_partitions(connection)


def _ensure_partitions(connection: Connection) -> None:
    connection.execute(text("SELECT bc.ensure_partitions(:days)"), {"days": PARTITION_DAYS_AHEAD})


class _connect:
    """An engine for a moment; every connection is closed at the end."""

    def __init__(self, url: URL, *, autocommit: bool = True) -> None:
        args = {"connect_timeout": 10, "application_name": "bcctl db"}
        self._engine = create_engine(url, poolclass=NullPool, connect_args=args)
        self._autocommit = autocommit

    def __enter__(self) -> Engine:
        return self._engine.execution_options(isolation_level="AUTOCOMMIT") if self._autocommit else self._engine

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()


def _run(connection: Connection, statement: str, *names: str, **literals: str) -> None:
    """A statement with quoted identifiers {} and literals {name}: DDL takes no parameters."""

    quoted = {key: sql.Literal(value) for key, value in literals.items()}
    driver(connection).execute(sql.SQL(statement).format(*map(sql.Identifier, names), **quoted))


def _ensure_role(connection: Connection, role: str, password: str) -> None:
    """The password travels as a SCRAM verifier, so that no log of the server can show it."""
    if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}):
        _run(connection, "CREATE ROLE {} LOGIN", role)

    verifier = driver(connection).pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    _run(connection, "ALTER ROLE {} LOGIN NOCREATEDB NOCREATEROLE PASSWORD {verifier}", role, verifier=verifier)


def _ensure_database(connection: Connection, database: str, owner: str | None) -> None:
    if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": database}):
        _run(connection, "CREATE DATABASE {}", database)
    if owner is not None:
        _run(connection, "ALTER DATABASE {} OWNER TO {}", database, owner)
    _run(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", database)


def _prepare(url: URL, database: str) -> None:
    """Who may connect, an empty `public` and each role's limits."""
    with _connect(url) as engine, engine.connect() as connection:
        _run(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
        for role in LOGIN_ROLES:
            _run(connection, "GRANT CONNECT ON DATABASE {} TO {}", database, role)
            for name, value in SETTINGS.get(role, {}).items():
                _run(connection, "ALTER ROLE {} SET {} = {value}", role, name, value=value)
