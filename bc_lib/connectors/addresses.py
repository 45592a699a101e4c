"""Names to addresses without blocking the loop, checked before use (A13, F26).

The address that was checked is the one connected to: a name that answers differently a moment
later (DNS rebinding) changes nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

from bc_lib.connectors.background import Background
from bc_lib.connectors.singleflight import SingleFlight
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.endpoints import InvalidEndpoint, check_address, is_ip_literal
from bc_lib.domain.inventory import Endpoint, Resource
from bc_lib.domain.observation import Reach

THREADS = 16
MAX_ADDRESSES = 3

LookUp = Callable[[str], tuple[str, ...]]


def system_look_up(host: str) -> tuple[str, ...]:
    """Addresses of `host` as this machine resolves it, best first. Blocks; raises OSError."""
    rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(row[4][0]) for row in rows))


class AddressBook:
    """Resolves host names in threads of its own, one at a time per name, so that a dead name holds one thread."""

    def __init__(self, look_up: LookUp | None = None) -> None:
        self._ask = look_up or system_look_up
        self._background = Background(THREADS, "bc-dns")
        self._flights: SingleFlight[str, tuple[str, ...]] = SingleFlight()

    async def find(self, resource: Resource, endpoint: Endpoint, host: str) -> tuple[str, ...]:
        """The addresses to use for `host`, at most MAX_ADDRESSES. Raises Trouble where there is none that is allowed.

        All addresses of the name must be allowed: one bad address makes the whole name suspicious.
        """
        found = (host,) if is_ip_literal(host) else await self._flights.run(host, lambda: self._look_up(host))
        return allowed(resource, endpoint, found)

    async def _look_up(self, host: str) -> tuple[str, ...]:
        try:
            found = await self._background.run(lambda: self._ask(host))
        except (OSError, UnicodeError):
            found = ()
        if not found:
            raise not_resolved(host)
        return found


def allowed(resource: Resource, endpoint: Endpoint, found: tuple[str, ...]) -> tuple[str, ...]:
    """The first MAX_ADDRESSES of `found`. Raises Trouble where any of them is outside the allow-list."""
    try:
        for address in found:
            check_address(resource, endpoint, address)
    except InvalidEndpoint as error:
        raise Trouble(Reach.ERROR, str(error)) from None
    return found[:MAX_ADDRESSES]


def not_resolved(host: str) -> Trouble:
    """The trouble of a name without addresses."""
    return Trouble(
        Reach.UNREACHABLE, f"The host name {host} could not be resolved; check the name and this machine's DNS."
    )
