"""Observes HTTP applications: reach, status, latency, and by choice a version or role from JSON (FR-010)."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import httpx

from bc_lib.connectors.addresses import AddressBook
from bc_lib.connectors.http.endpoint import pinned, same_origin, tls_context
from bc_lib.connectors.http.errors import is_lost_connection, to_trouble
from bc_lib.connectors.http.parse import parse
from bc_lib.connectors.http.queries import HEADERS, MAX_BODY_BYTES, MAX_REDIRECTS, STATEMENTS
from bc_lib.connectors.lanes import Lanes
from bc_lib.connectors.rounds import observe_nodes
from bc_lib.connectors.seats import Seats
from bc_lib.connectors.trouble import Progress, Trouble
from bc_lib.domain.capabilities import SHEETS
from bc_lib.domain.endpoints import http_target
from bc_lib.domain.inventory import Endpoint, Platform, Resource
from bc_lib.domain.observation import NodeFacts, Observation, Reach
from bc_lib.ports.connector import Statement


@dataclass(slots=True)
class _Seat:
    """What is kept for one node between rounds. A client of its own: connections are never shared between names."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    client: httpx.AsyncClient | None = None
    endpoint: Endpoint | None = None
    addresses: tuple[str, ...] = ()
    suspect: bool = False

    async def close(self) -> None:
        """Close the kept connection."""
        client, self.client = self.client, None
        if client is not None:
            await client.aclose()


class HttpConnector:
    """Implements the Connector port. `timeout_s` bounds each node: name look-up, connecting and answering together."""

    platform = Platform.HTTP
    capabilities = SHEETS[Platform.HTTP]

    def __init__(
        self, *, timeout_s: float = 5.0, lanes: Lanes | None = None, addresses: AddressBook | None = None
    ) -> None:
        self._timeout_s = timeout_s
        self._lanes = lanes or Lanes()
        self._addresses = addresses or AddressBook()
        self._seats: Seats[_Seat] = Seats(_Seat)

    async def observe(self, resource: Resource, *, cold: bool = False) -> Observation:
        """See the port."""
        await self._seats.sweep()
        return await observe_nodes(resource, self._look, cold=cold, timeout_s=self._timeout_s)

    def statements(self) -> tuple[Statement, ...]:
        """See the port."""
        return STATEMENTS

    async def close(self) -> None:
        """See the port."""
        await self._seats.close()

    async def _look(
        self, resource: Resource, endpoint: Endpoint, cold: bool, progress: Progress
    ) -> tuple[float, NodeFacts]:
        if cold:
            seat = _Seat()
            try:
                return await self._fresh(resource, endpoint, seat, progress)
            finally:
                await seat.close()
        seat = self._seats.of(resource, endpoint)
        async with seat.lock:
            return await self._kept_or_fresh(resource, endpoint, seat, progress)

    async def _kept_or_fresh(
        self, resource: Resource, endpoint: Endpoint, seat: _Seat, progress: Progress
    ) -> tuple[float, NodeFacts]:
        if seat.client is not None and seat.endpoint == endpoint:
            try:
                async with self._lanes.warm():
                    return await self._ask(endpoint, seat, progress)
            except httpx.HTTPError as error:
                await seat.close()
                if not is_lost_connection(error):
                    raise to_trouble(error, _where(endpoint)) from None
            except BaseException:
                await seat.close()
                raise
        await seat.close()
        return await self._fresh(resource, endpoint, seat, progress)

    async def _fresh(
        self, resource: Resource, endpoint: Endpoint, seat: _Seat, progress: Progress
    ) -> tuple[float, NodeFacts]:
        host = http_target(endpoint)[1]
        async with self._lanes.connect(suspect=seat.suspect):
            seat.suspect = True
            progress.now(f"the address of {host}")
            seat.addresses = await self._addresses.find(resource, endpoint, host)
            seat.client, seat.endpoint = self._client(endpoint), endpoint
            try:
                result = await self._ask(endpoint, seat, progress)
            except BaseException as error:
                await seat.close()
                if not isinstance(error, httpx.HTTPError | httpx.InvalidURL):
                    raise
                trouble = to_trouble(error, _where(endpoint))
                seat.suspect = trouble.reach is Reach.UNREACHABLE
                raise trouble from None
            seat.suspect = False
            return result

    def _client(self, endpoint: Endpoint) -> httpx.AsyncClient:
        try:
            context = tls_context(endpoint)
        except OSError:
            raise Trouble(
                Reach.ERROR, f"The ca_file {endpoint.ca_file} cannot be read; put the certificates there."
            ) from None
        # trust_env=False: no proxy, no netrc, no certificate path from the surroundings.
        return httpx.AsyncClient(
            verify=context,
            trust_env=False,
            follow_redirects=False,
            timeout=self._timeout_s,
            headers=HEADERS,
            limits=httpx.Limits(max_connections=2, max_keepalive_connections=1, keepalive_expiry=120),
        )

    async def _ask(self, endpoint: Endpoint, seat: _Seat, progress: Progress) -> tuple[float, NodeFacts]:
        progress.now(f"an answer of {_where(endpoint)}")
        started = time.perf_counter()
        url = str(endpoint.url)
        for _ in range(MAX_REDIRECTS + 1):
            status, body, location = await self._get(url, seat, read_body=endpoint.json_field is not None)
            onward = same_origin(url, location) if location is not None else None
            if onward is None:
                break
            url = onward
        return time.perf_counter() - started, parse(status, body, endpoint.json_field)

    async def _get(self, url: str, seat: _Seat, *, read_body: bool) -> tuple[int, bytes | None, str | None]:
        """Status, body (where wanted and small enough) and where it redirects to."""
        if seat.client is None:
            raise Trouble(Reach.ERROR, "The connection was closed in the middle of a check.")
        target = pinned(url, seat.addresses[0])
        extensions = {"sni_hostname": target.host}
        async with seat.client.stream(
            "GET", target.pinned, headers={"Host": target.host_header}, extensions=extensions
        ) as response:
            location = response.headers.get("location") if response.is_redirect else None
            # A short body is read even where nobody wants it: only then can the connection be kept.
            body = await _limited(response) if read_body or _is_short(response) else None
            return response.status_code, body, location


def _is_short(response: httpx.Response) -> bool:
    length = response.headers.get("content-length", "")
    return length.isdigit() and len(length) < 8 and int(length) <= MAX_BODY_BYTES


async def _limited(response: httpx.Response) -> bytes | None:
    """The body, None where it is longer than allowed."""
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_raw():
        size += len(part)
        if size > MAX_BODY_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def _where(endpoint: Endpoint) -> str:
    _, host, port = http_target(endpoint)
    return f"{host}:{port}"
