"""One connection to one node: opened with explicit keywords, bounded, read-only."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

import psycopg
from psycopg import waiting
from psycopg.abc import PQGen, PQGenConn
from psycopg.rows import TupleRow

from bc_lib.connectors.postgresql import connecting, foreign_text, queries
from bc_lib.connectors.postgresql.errors import is_lasting, is_section_trouble
from bc_lib.domain.inventory import Endpoint
from bc_lib.ports.secrets import Credential

T = TypeVar("T")
FORGIVE_AFTER_S = 60.0
MAX_AGE_S = 1800.0  # so that a name that moved to another address is followed, and the server's caches stay small
PREPARE_AFTER = 2


class MonitorConnection(psycopg.AsyncConnection[TupleRow]):
    """A connection that is dropped when its query is cancelled.

    psycopg would ask the server to cancel and wait for its answer, up to ten seconds more on a
    black hole; statement_timeout ends what is left at the server.
    """

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> PQGenConn[Self]:
        """As in psycopg, so that a refusal carries its SQLSTATE."""
        return cls((yield from connecting.connect(conninfo)))

    async def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """As in psycopg, without the courtesy."""
        try:
            return await waiting.wait_async(gen, self.pgconn.socket, interval=interval, timeout=timeout)
        except asyncio.CancelledError:
            self.pgconn.finish()
            raise


@dataclass(slots=True)
class Session:
    """An open connection and what it was made from; `refused`: sections to leave out, until when, and the SQLSTATE."""

    connection: MonitorConnection
    endpoint: Endpoint
    credential: Credential
    use_until: float
    history: bool = False
    refused: dict[str, tuple[float, str]] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        """True while nothing says that the connection has ended, and it is not too old."""
        return (
            asyncio.get_running_loop().time() < self.use_until
            and not self.connection.closed
            and not self.connection.broken
        )

    def made_from(self, endpoint: Endpoint, credential: Credential) -> bool:
        """True where a new connection would be made from the same values."""
        return self.endpoint == endpoint and self.credential == credential

    async def gather(self, heartbeat: bool) -> tuple[dict[str, Any], dict[str, str]]:
        """Answers by section, and the SQLSTATE of each section that could not be read. Raises psycopg.Error."""
        now = asyncio.get_running_loop().time()
        version = self.connection.info.server_version
        names = queries.section_names(version, heartbeat, self.history)
        failed = {name: state for name, (until, state) in self.refused.items() if name in names and until > now}
        wanted = tuple(name for name in names if name not in failed)
        try:
            answers = await self._ask(queries.combined(wanted, version))
        except psycopg.Error as error:
            if not is_section_trouble(error):
                raise
            answers, refused = await self._one_by_one(wanted, version, now)
            failed |= refused
        return answers, failed

    async def _one_by_one(
        self, names: tuple[str, ...], version: int, now: float
    ) -> tuple[dict[str, Any], dict[str, str]]:
        answers: dict[str, Any] = {}
        failed: dict[str, str] = {}
        for name in names:
            try:
                answers |= await self._ask(queries.combined((name,), version))
            except psycopg.Error as error:
                if name == queries.NODE.name or not is_section_trouble(error):
                    raise
                failed[name] = str(error.sqlstate)
                if is_lasting(error):
                    self.refused[name] = (now + FORGIVE_AFTER_S, failed[name])
        return answers, failed

    async def _ask(self, sql: str) -> dict[str, Any]:
        cursor = await self.connection.execute(sql.encode())
        row = await cursor.fetchone()
        return answer(row, self.connection)

    async def close(self) -> None:
        """End the connection without waiting for the server."""
        await self.connection.close()


def answer(row: TupleRow | None, connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> dict[str, Any]:
    """What a statement of `queries.combined` brought. Raises psycopg.DataError where that makes no sense."""
    try:
        return foreign_text.load(row[0] if row else b"", connection.info.parameter_status("server_encoding") or "")
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise psycopg.DataError("no row") from None


async def open_session(
    keywords: dict[str, Any], endpoint: Endpoint, credential: Credential, timeout_s: float, *, keep: bool
) -> Session:
    """Connect and make the session read-only. Raises psycopg.Error. `keep`: the connection will be used again."""
    connection = await MonitorConnection.connect(
        **keywords, autocommit=True, prepare_threshold=PREPARE_AFTER if keep else None
    )
    try:
        await connection.execute(queries.SESSION_SETUP.format(timeout_ms=int(timeout_s * 1000)).encode())
        row = await (await connection.execute(queries.MAY_READ_HISTORY.encode())).fetchone()
    except BaseException:
        connection.pgconn.finish()
        raise
    use_until = asyncio.get_running_loop().time() + MAX_AGE_S * random.uniform(0.7, 1.0)
    return Session(connection, endpoint, credential, use_until, history=bool(row and row[0]))
