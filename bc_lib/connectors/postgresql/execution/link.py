"""One synchronous connection that acts: explicit keywords, bounded waits, the run's name in the target's sessions."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString, Self, TypeVar, cast

import psycopg
from psycopg import pq
from psycopg.abc import PQGen, PQGenConn
from psycopg.rows import TupleRow

from bc_lib.connectors.postgresql import connecting
from bc_lib.connectors.postgresql.endpoint import connection_keywords
from bc_lib.connectors.postgresql.errors import to_trouble
from bc_lib.connectors.postgresql.execution.names import resolve
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.inventory import Endpoint, Resource
from bc_lib.ports.secrets import Credential

T = TypeVar("T")
CONNECT_S, ANSWER_S = 2.0, 5.0
# The format of dates too: a server's own DateStyle may be one that the driver cannot read.
SETUP: LiteralString = (
    "SET search_path = pg_catalog; SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; "
    "SET jit = off; SET lock_timeout = '1s'"
)


class BoundedConnection(psycopg.Connection[TupleRow]):
    """A connection that is dropped when an answer takes longer than `patience_s`: a frozen server holds nobody."""

    patience_s = ANSWER_S

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> PQGenConn[Self]:
        """As in psycopg, so that a refusal carries its SQLSTATE."""
        return cls((yield from connecting.connect(conninfo)))

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """As in psycopg, with a limit of its own."""
        limit = self.patience_s if timeout is None else timeout
        begun = time.monotonic()
        try:
            return super().wait(gen, interval=interval, timeout=limit)
        except psycopg.Error as error:
            if error.sqlstate is None and time.monotonic() - begun >= limit:
                self.pgconn.finish()
                raise psycopg.OperationalError("timeout expired") from None
            raise


@dataclass(slots=True)
class Link:
    """An open connection to one node. `ahead` is the server's clock minus ours, known to within `ahead_within`."""

    connection: BoundedConnection
    endpoint: Endpoint
    credential: Credential
    ahead: timedelta = timedelta(0)
    ahead_within: timedelta = timedelta(0)

    @property
    def usable(self) -> bool:
        """True while nothing says that the connection has ended."""
        return not self.connection.closed and not self.connection.broken

    @property
    def version(self) -> int:
        """As 180006."""
        return self.connection.info.server_version

    @property
    def where(self) -> str:
        """Host and port for people."""
        return f"{self.endpoint.host}:{self.endpoint.port}"

    def row(self, sql: str, *values: Any, within_s: float = ANSWER_S) -> tuple[Any, ...]:
        """The first row. Raises Trouble; a lost connection too."""
        rows = self.rows(sql, *values, within_s=within_s)
        return rows[0] if rows else ()

    def rows(self, sql: str, *values: Any, within_s: float = ANSWER_S) -> list[tuple[Any, ...]]:
        """All rows; none for a command. Raises Trouble."""
        try:
            return self.raw(sql, *values, within_s=within_s)
        except psycopg.Error as error:
            raise to_trouble(error, self.where, self.credential) from None

    def raw(self, sql: str, *values: Any, within_s: float = ANSWER_S) -> list[tuple[Any, ...]]:
        """As `rows`, with the driver's own errors."""
        self.connection.patience_s = within_s
        cursor = self.connection.execute(sql.encode(), values or None)
        return cursor.fetchall() if cursor.description else []

    def measure_clock(self) -> None:
        """How far the server's clock is ahead of ours (decision 17). Raises Trouble."""
        before = datetime.now(UTC)
        (theirs,) = self.row("SELECT pg_catalog.clock_timestamp()")
        after = datetime.now(UTC)
        self.ahead_within = (after - before) / 2
        self.ahead = theirs - (before + self.ahead_within)

    def their_time(self, ours: datetime) -> datetime:
        """`ours` on the server's clock, early rather than late: for deadlines."""
        return ours + self.ahead - self.ahead_within

    def close(self) -> None:
        """End the connection without waiting for the server."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_link(
    resource: Resource,
    endpoint: Endpoint,
    credential: Credential,
    actor: str,
    *,
    connect_s: float = CONNECT_S,
    database: str = "",
) -> Link:
    """Connect to one node, ready to act. Raises Trouble."""
    addresses = resolve(resource, endpoint, connect_s)
    keywords = connection_keywords(endpoint, addresses, credential, connect_s) | {"application_name": actor}
    keywords |= {"dbname": database} if database else {}
    return connected(endpoint, credential, keywords)


def connected(endpoint: Endpoint, credential: Credential, keywords: dict[str, str]) -> Link:
    """A link over these keywords. Raises Trouble."""
    where = f"{endpoint.host}:{endpoint.port}"
    try:
        connection = BoundedConnection.connect(**cast(Any, keywords), autocommit=True)
    except psycopg.Error as error:
        raise to_trouble(error, where, credential) from None
    try:
        connection.execute(SETUP)
        link = Link(connection, endpoint, credential)
        link.measure_clock()
    except psycopg.Error as error:
        connection.pgconn.finish()
        raise to_trouble(error, where, credential) from None
    except Trouble:
        connection.pgconn.finish()
        raise
    return link


def conninfo_for(conninfo: str, host: str, port: int) -> str:
    """A standby's `primary_conninfo` with another upstream. It may hold a password: never show it.

    Raises psycopg.Error.
    """
    kept = {
        option.keyword.decode(): option.val.decode()
        for option in pq.Conninfo.parse(conninfo.encode())
        if option.val is not None and option.keyword != b"hostaddr"
    }
    return psycopg.conninfo.make_conninfo(**{**kept, "host": host, "port": str(port)})
