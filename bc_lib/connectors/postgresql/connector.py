"""Observes PostgreSQL nodes over kept connections, or over fresh ones for the slow lane (FR-010, TC-020)."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field, replace

import psycopg

from bc_lib.connectors.addresses import AddressBook
from bc_lib.connectors.credentials import CredentialSource
from bc_lib.connectors.lanes import Lanes
from bc_lib.connectors.postgresql import queries
from bc_lib.connectors.postgresql.endpoint import connection_keywords
from bc_lib.connectors.postgresql.errors import is_lost_connection, to_trouble
from bc_lib.connectors.postgresql.parse import parse
from bc_lib.connectors.postgresql.second_look import overtaken, renewed, unlisting
from bc_lib.connectors.postgresql.session import Session, open_session
from bc_lib.connectors.rounds import observe_nodes
from bc_lib.connectors.seats import Seats
from bc_lib.connectors.trouble import Progress, Trouble
from bc_lib.domain.capabilities import SHEETS
from bc_lib.domain.inventory import Endpoint, Platform, Resource
from bc_lib.domain.observation import NodeFacts, Observation, Reach
from bc_lib.ports.connector import Statement
from bc_lib.ports.secrets import Credential, SecretResolver

SECRET_SHARE = 0.4  # how much of a round the secrets manager may take where we could do without it
SERVER_SHARE = 0.9  # the server gives up first, so that its reason can still be heard


@dataclass(slots=True)
class _Seat:
    """What is kept for one node between rounds."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    session: Session | None = None
    suspect: bool = False

    async def close(self) -> None:
        """Close the kept connection."""
        session, self.session = self.session, None
        if session is not None:
            await session.close()


class PostgresConnector:
    """Implements the Connector port. `timeout_s` bounds each node: waiting, connecting and querying together."""

    platform = Platform.POSTGRESQL
    capabilities = SHEETS[Platform.POSTGRESQL]

    def __init__(
        self,
        secrets: SecretResolver,
        *,
        timeout_s: float = 5.0,
        lanes: Lanes | None = None,
        addresses: AddressBook | None = None,
        keep_secret_s: float = 60.0,
    ) -> None:
        self._timeout_s = timeout_s
        self._lanes = lanes or Lanes()
        self._credentials = CredentialSource(secrets, keep_secret_s)
        self._addresses = addresses or AddressBook()
        self._seats: Seats[_Seat] = Seats(_Seat)

    async def observe(self, resource: Resource, *, cold: bool = False) -> Observation:
        """See the port."""
        await self._seats.sweep()
        seen = await observe_nodes(resource, self._look, cold=cold, timeout_s=self._timeout_s)
        doubtful = overtaken(seen) | unlisting(resource, seen)
        if not doubtful:
            return seen
        # A standby was read later than the node above it, or belongs to another: a second look tells which.
        ends = tuple(one for one in resource.endpoints if one.node in doubtful)
        again = await observe_nodes(replace(resource, endpoints=ends), self._look, cold=cold, timeout_s=self._timeout_s)
        return renewed(seen, again)

    def statements(self) -> tuple[Statement, ...]:
        """See the port."""
        return queries.statements(timeout_ms=self._statement_timeout_ms)

    async def close(self) -> None:
        """See the port."""
        await self._seats.close()
        self._credentials.close()

    @property
    def _statement_timeout_ms(self) -> int:
        return int(self._timeout_s * SERVER_SHARE * 1000)

    async def _look(
        self, resource: Resource, endpoint: Endpoint, cold: bool, progress: Progress
    ) -> tuple[float, NodeFacts]:
        seat = self._seats.of(resource, endpoint)
        if cold:
            return await self._look_cold(resource, endpoint, seat, progress)
        async with seat.lock:
            return await self._look_warm(resource, endpoint, seat, progress)

    async def _look_cold(
        self, resource: Resource, endpoint: Endpoint, seat: _Seat, progress: Progress
    ) -> tuple[float, NodeFacts]:
        credential = await self._credential(endpoint, progress, fresh=True)
        started, session = await self._open(resource, endpoint, credential, seat, progress, keep=False)
        try:
            return await self._read(resource, session, started, progress)
        except psycopg.Error as error:
            raise to_trouble(error, _where(endpoint), credential) from None
        finally:
            await session.close()

    async def _look_warm(
        self, resource: Resource, endpoint: Endpoint, seat: _Seat, progress: Progress
    ) -> tuple[float, NodeFacts]:
        credential = await self._credential_or_kept(endpoint, seat, progress)
        session = seat.session
        if session is not None and session.usable and session.made_from(endpoint, credential):
            try:
                async with self._lanes.warm():
                    return await self._read(resource, session, time.perf_counter(), progress)
            except psycopg.Error as error:
                lost = is_lost_connection(error) or not session.usable
                await seat.close()
                if not lost:
                    raise to_trouble(error, _where(endpoint), credential) from None
            except BaseException:
                await seat.close()
                raise
        await seat.close()
        started, session = await self._open(resource, endpoint, credential, seat, progress, keep=True)
        try:
            result = await self._read(resource, session, started, progress)
        except BaseException as error:
            await session.close()
            if isinstance(error, psycopg.Error):
                raise to_trouble(error, _where(endpoint), credential) from None
            raise
        seat.session = session
        return result

    async def _read(
        self, resource: Resource, session: Session, started: float, progress: Progress
    ) -> tuple[float, NodeFacts]:
        progress.now(f"an answer of {_where(session.endpoint)}")
        answers, failed = await session.gather(resource.heartbeat is not None)
        latency_s = time.perf_counter() - started
        try:
            return latency_s, parse(answers, failed)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            raise Trouble(
                Reach.ERROR,
                f"The server at {_where(session.endpoint)} gave figures that make no sense; is it PostgreSQL?",
            ) from None

    async def _open(
        self,
        resource: Resource,
        endpoint: Endpoint,
        credential: Credential,
        seat: _Seat,
        progress: Progress,
        *,
        keep: bool,
    ) -> tuple[float, Session]:
        """A new session and when connecting began. A node that did not answer waits in the suspects' lane next time."""
        progress.now("a free connection slot of the monitor", Reach.ERROR)
        async with self._lanes.connect(suspect=seat.suspect):
            seat.suspect = True
            progress.now(f"the address of {endpoint.host}")
            addresses = await self._addresses.find(resource, endpoint, str(endpoint.host))
            keywords = connection_keywords(endpoint, addresses, credential, self._timeout_s)
            progress.now(f"a connection to {_where(endpoint)}")
            started = time.perf_counter()
            try:
                session = await open_session(keywords, endpoint, credential, self._timeout_s * SERVER_SHARE, keep=keep)
            except psycopg.Error as error:
                trouble = to_trouble(error, _where(endpoint), credential)
                if trouble.reach is Reach.CREDENTIAL:
                    self._credentials.forget(str(endpoint.secret))
                seat.suspect = trouble.reach is Reach.UNREACHABLE
                raise trouble from None
            seat.suspect = False
            return started, session

    async def _credential(self, endpoint: Endpoint, progress: Progress, *, fresh: bool = False) -> Credential:
        progress.now(f"the secret {endpoint.secret}", Reach.CREDENTIAL)
        return await self._credentials.get(str(endpoint.secret), fresh=fresh)

    async def _credential_or_kept(self, endpoint: Endpoint, seat: _Seat, progress: Progress) -> Credential:
        """A sealed secrets manager must not blind a connection that still works (F24)."""
        session = seat.session
        if session is None or not session.usable or session.endpoint != endpoint:
            return await self._credential(endpoint, progress)
        try:
            async with asyncio.timeout(self._timeout_s * SECRET_SHARE):
                return await self._credential(endpoint, progress)
        except (Trouble, TimeoutError):
            return session.credential


def _where(endpoint: Endpoint) -> str:
    return f"{endpoint.host}:{endpoint.port}"
