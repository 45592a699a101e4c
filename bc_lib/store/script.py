"""SQL scripts of several statements, as they stand: no parameter, no colon and no % means anything in them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection


def driver(connection: Connection) -> Any:
    """psycopg's own connection, in the same transaction."""
    return connection.connection.driver_connection


def run_script(connection: Connection, script: str) -> None:
    """Run `script` in the connection's transaction. Raises psycopg's errors."""
    if not connection.in_transaction():
        connection.begin()
    driver(connection).execute(script)
