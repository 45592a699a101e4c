"""A standby that is late on purpose (recovery_min_apply_delay).

PostgreSQL starts the WAL receiver only when all local WAL is replayed. A delayed standby that starts, or whose
primary comes back, would therefore receive nothing for the whole delay; so the delay is lifted until it streams.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg
from psycopg import sql

STREAMING = "SELECT coalesce((SELECT status = 'streaming' FROM pg_stat_wal_receiver), false)"
WAIT_S = 4.0


def impose(connection: psycopg.Connection[Any], delay: str, *, wait: bool) -> None:
    """Set it. `wait`: there is a primary, so give the standby some seconds to begin streaming. Raises psycopg.Error."""
    if wait and not _streams(connection):
        connection.execute("ALTER SYSTEM RESET recovery_min_apply_delay")
        connection.execute("SELECT pg_reload_conf()")
        deadline = time.monotonic() + WAIT_S
        while not _streams(connection) and time.monotonic() < deadline:
            time.sleep(0.05)
    connection.execute(sql.SQL("ALTER SYSTEM SET recovery_min_apply_delay = {}").format(sql.Literal(delay)))
    connection.execute("SELECT pg_reload_conf()")


def _streams(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(STREAMING).fetchone()
    return bool(row and row[0])
