"""Alembic in this process: migrations first, then guards and grants, all in one transaction."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from bc_lib.store.script import run_script
from bc_lib.store.tables import SCHEMA

SQL = Path(__file__).resolve().parents[2] / "sql"
LOCK = 7022026001
LOCK_TIMEOUT_S = 30


class MigrationFailed(RuntimeError):
    """The migrations do not fit the database or each other; the message says so in one sentence."""


def _sentence(error: CommandError) -> str:
    """Most often the database was migrated by a newer version than this one."""
    what = str(error).splitlines()[0].rstrip(".")
    return f"The migrations do not fit the database ({what}): was it made by a newer version of this tool?"


def configuration() -> Config:
    """Alembic's configuration without a file. Its parser expands %, which a folder's name may hold."""
    config = Config()
    config.set_main_option("script_location", str(SQL / "migrations").replace("%", "%%"))
    return config


# No role of ours ever takes this lock; one that holds it means to hold us up. As the superuser, else nobody is ended.
END_SQUATTERS = """
SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND (CAST(l.classid AS bigint) << 32) + CAST(l.objid AS bigint) = :key
    AND a.usename LIKE 'bc\\_%' AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
"""


def take_turn(connection: Connection) -> None:
    """One at a time until the end of the transaction: a second caller waits for the first, then finds nothing to do."""
    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_S}s'"))
    connection.execute(text(END_SQUATTERS), {"key": LOCK})
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    connection.execute(text("SET LOCAL lock_timeout = '5s'"))


def upgrade(connection: Connection) -> None:
    """Bring the database to the newest revision and apply guards and grants; the caller took its turn, and commits."""
    config = configuration()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise MigrationFailed(_sentence(error)) from error
    for script in scripts():
        run_script(connection, script.read_text(encoding="utf-8"))


def scripts() -> list[Path]:
    """Guards, then grants: idempotent SQL."""
    return [*sorted((SQL / "guards").glob("*.sql")), *sorted((SQL / "grants").glob("database_roles*.sql"))]


def newest() -> str:
    """The newest revision there is."""
    try:
        head = ScriptDirectory.from_config(configuration()).get_current_head()
    except CommandError as error:
        raise MigrationFailed(_sentence(error)) from error
    if head is None:
        raise RuntimeError(f"{SQL / 'migrations'} holds no migration.")
    return head


def stored(connection: Connection) -> str | None:
    """The revision the database is at; None where it was never migrated."""
    options = {"version_table": "schema_version", "version_table_schema": SCHEMA}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def require_newest(connection: Connection) -> None:
    """Raises MigrationFailed where the database is at another revision than the newest."""
    found, wanted = stored(connection), newest()
    if found != wanted:
        raise MigrationFailed(
            f"The schema is at revision {found or 'none'} and this version needs {wanted}: "
            "run bcctl db init with the superuser's URL."
        )
