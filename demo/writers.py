"""Clients of a pair that write for ever: the application's load and the heartbeat.

They find the primary by themselves (libpq multi-host) and past the proxy, so they go on while the monitor is blind.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bc_lib.runtime.portpick import HOST

log = logging.getLogger(__name__)
STATEMENT_S = 3.0
RETRY_S = 0.5
TRIM_EVERY_S = 60.0
KEEP = "1 hour"

Connection = psycopg.AsyncConnection[tuple[Any, ...]]
Turn = Callable[[Connection], Awaitable[None]]


def conninfo(ports: Sequence[int], database: str, user: str, password: str, attrs: str = "read-write") -> str:
    """A connection string that tries each port and keeps the one that fits `attrs` (target_session_attrs)."""
    return make_conninfo(
        host=",".join(HOST for _ in ports),
        port=",".join(str(port) for port in ports),
        dbname=database,
        user=user,
        password=password,
        target_session_attrs=attrs,
        connect_timeout=2,
        sslmode="disable",
        application_name=user,
    )


class Writer:
    """Does `turn` every `every_s` seconds; whatever fails, it connects again and goes on."""

    def __init__(self, name: str, conninfo: str, every_s: float, turn: Turn) -> None:
        self.name = name
        self._conninfo = conninfo
        self._every_s = every_s
        self._turn = turn
        self._task: asyncio.Task[None] | None = None
        self.done = 0

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Begin; nothing happens where it runs."""
        if not self.running:
            self._task = asyncio.create_task(self._for_ever(), name=self.name)

    async def stop(self) -> None:
        """End it and wait until it ended."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _for_ever(self) -> None:
        while True:
            try:
                await self._session()
            except (psycopg.Error, OSError, TimeoutError) as error:
                log.debug("%s: %s", self.name, error)
            await asyncio.sleep(RETRY_S)

    async def _session(self) -> None:
        async with asyncio.timeout(STATEMENT_S * 2):
            connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
        try:
            await self._turns(connection)
        finally:
            await connection.close()

    async def _turns(self, connection: Connection) -> None:
        clock = asyncio.get_running_loop()
        due = clock.time()
        while True:
            async with asyncio.timeout(STATEMENT_S):
                await self._turn(connection)
            self.done += 1
            due = max(due + self._every_s, clock.time())  # never catch up in a burst
            await asyncio.sleep(due - clock.time())


async def beat(connection: Connection) -> None:
    """Stamp time, timeline and position."""
    await connection.execute("SELECT public.bc_beat()")


def load(table: str) -> Turn:
    """Insert one row; now and then remove what is older than an hour."""
    name = sql.Identifier("public", table)
    insert = sql.SQL("INSERT INTO {} (customer, cents) VALUES (%s, %s)").format(name)
    trim = sql.SQL("DELETE FROM {} WHERE placed_at < clock_timestamp() - {}::interval").format(name, sql.Literal(KEEP))
    trimmed_at = 0.0

    async def turn(connection: Connection) -> None:
        nonlocal trimmed_at
        await connection.execute(insert, (random.randrange(10_000), random.randrange(100, 50_000)))
        now = asyncio.get_running_loop().time()
        if now - trimmed_at > TRIM_EVERY_S:
            trimmed_at = now
            await connection.execute(trim)

    return turn
