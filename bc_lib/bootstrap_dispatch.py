"""Composition of what orders DAG runs and what their light tasks look up, as bc_runner."""

from __future__ import annotations

import os

from bc_lib.bootstrap import engine
from bc_lib.config import DbRole
from bc_lib.ports.dispatch import DispatchStore


def orders() -> DispatchStore:
    """DAG runs that were ordered."""
    from bc_lib.store.dispatch import DispatchStore as Stored

    return Stored(engine(DbRole.RUNNER))


def beat(component: str, holder: str, details: dict[str, object], role: DbRole = DbRole.RUNNER) -> None:
    """A sign of life, as a role that this process was given."""
    from bc_lib.store.monitoring import beat as say

    say(engine(role), component, holder, details)


def request_state(request: str) -> str:
    """Where a request stands: one look at one row. Raises LookupError for an unknown one."""
    from sqlalchemy import text

    with engine(_looking()).connect() as connection:
        found = connection.execute(text("SELECT state FROM bc.request WHERE id = :id"), {"id": request}).scalar()
    if found is None:
        raise LookupError(f"There is no request {request[:20]!a}.")
    return str(found)


def _looking() -> DbRole:
    """Tasks were given the runner's role, the triggerer the reader's."""
    return DbRole.RUNNER if DbRole.RUNNER.variable in os.environ else DbRole.READER
