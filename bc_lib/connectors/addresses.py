"""Names to addresses without blocking the loop, checked before use (A13, F26).

The address that was checked is the one connected to: a name that answers differently a moment
later (DNS rebinding) changes nothing.
"""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from bc_lib.connectors.singleflight import SingleFlight
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.endpoints import InvalidEndpoint, check_address, is_ip_literal
from bc_lib.domain.inventory import Endpoint, Resource
from bc_lib.domain.observation import Reach

THREADS = 16
MAX_ADDRESSES = 3


class AddressBook:
    """Resolves host names in threads of its own, one at a time per name, so that a dead name holds one thread."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="bc-dns")
        self._flights: SingleFlight[str, tuple[str, ...]] = SingleFlight()

    async def find(self, resource: Resource, endpoint: Endpoint, host: str) -> tuple[str, ...]:
        """The addresses to use for `host`, at most MAX_ADDRESSES. Raises Trouble where there is none that is allowed.

        All addresses of the name must be allowed: one bad address makes the whole name suspicious.
        """
        found = (host,) if is_ip_literal(host) else await self._flights.run(host, lambda: self._look_up(host))
        try:
            for address in found:
                check_address(resource, endpoint, address)
        except InvalidEndpoint as error:
            raise Trouble(Reach.ERROR, str(error)) from None
        return found[:MAX_ADDRESSES]

    async def _look_up(self, host: str) -> tuple[str, ...]:
        loop = asyncio.get_running_loop()
        try:
            rows = await loop.run_in_executor(
                self._threads, lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            )
        except OSError:
            raise Trouble(
                Reach.UNREACHABLE, f"The host name {host} could not be resolved; check the name and this machine's DNS."
            ) from None
        return tuple(dict.fromkeys(str(row[4][0]) for row in rows))

    def close(self) -> None:
        """Forget the threads; one that still waits for DNS ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)
