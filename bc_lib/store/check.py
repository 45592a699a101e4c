"""Is the shared database as it should be? One sentence for each thing that is not."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, text

from bc_lib.store import audit_admin, guard_admin, migrate
from bc_lib.store.admin import LOGIN_ROLES
from bc_lib.store.hiding import hidden

DAYS_AHEAD_WANTED = 2


def check_database(engine: Engine) -> list[str]:
    """Troubles of schema, roles, guards and partitions; empty when there is none. Raises SQLAlchemy's errors."""
    with engine.connect() as connection:
        return [
            *_revision(connection),
            *_roles(connection),
            *guard_admin.troubles(connection),
            *hidden(connection, "bc"),
            *audit_admin.troubles(connection),
            *_partitions(connection),
        ]


def _revision(connection: Connection) -> Iterator[str]:
    stored, newest = migrate.stored(connection), migrate.newest()
    if stored != newest:
        yield f"The schema is at revision {stored or 'none'}, this version needs {newest}: run bcctl db init."


def _roles(connection: Connection) -> Iterator[str]:
    found = set(connection.scalars(text("SELECT rolname FROM pg_roles WHERE rolname LIKE 'bc\\_%'")))
    for role in LOGIN_ROLES:
        if role not in found:
            yield f"The role {role} is missing: run bcctl db init."
    powerful = connection.scalars(
        text("SELECT rolname FROM pg_roles WHERE rolname LIKE 'bc\\_%' AND (rolsuper OR rolcreaterole OR rolbypassrls)")
    )
    for role in powerful:
        yield f"The role {role} has more rights than it needs: take SUPERUSER, CREATEROLE and BYPASSRLS from it."


def _partitions(connection: Connection) -> Iterator[str]:
    days = connection.scalar(
        text("""
        SELECT count(*) FROM generate_series(0, :days) n
        WHERE to_regclass('bc.observation_' || to_char((bc.now() AT TIME ZONE 'UTC')::date + n, 'YYYYMMDD')) IS NULL
    """),
        {"days": DAYS_AHEAD_WANTED},
    )
    if days:
        yield f"{days} of the next days have no partition; the housekeeping DAG makes them, or bcctl db migrate."
