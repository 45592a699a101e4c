"""What a connector keeps per node between rounds, and when it lets go."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from bc_lib.domain.inventory import Endpoint, Resource

IDLE_ROUNDS, IDLE_MIN_S, SWEEP_EVERY_S = 10, 300.0, 60.0


class Closable(Protocol):
    """Something kept for a node."""

    async def close(self) -> None:
        """Close what is open."""
        ...


S = TypeVar("S", bound=Closable)


class Seats(Generic[S]):
    """Seats by (resource, node). Those of removed nodes and resources are closed after a while without use."""

    def __init__(self, make: Callable[[], S]) -> None:
        self._make = make
        self._seats: dict[tuple[str, str], S] = {}
        self._keep_until: dict[tuple[str, str], float] = {}
        self._next_sweep = 0.0

    def of(self, resource: Resource, endpoint: Endpoint) -> S:
        """The seat of one node; used now."""
        key = (resource.name, endpoint.node)
        self._keep_until[key] = time.monotonic() + max(IDLE_MIN_S, IDLE_ROUNDS * resource.interval_s)
        if key not in self._seats:
            self._seats[key] = self._make()
        return self._seats[key]

    async def sweep(self) -> None:
        """Now and then close the seats that nobody used for ten rounds: their node or resource is gone."""
        now = time.monotonic()
        if now < self._next_sweep:
            return
        self._next_sweep = now + SWEEP_EVERY_S
        for key in [key for key, until in self._keep_until.items() if until < now]:
            await self._end(key)

    async def close(self) -> None:
        """Close every seat."""
        for key in list(self._seats):
            await self._end(key)

    async def _end(self, key: tuple[str, str]) -> None:
        self._keep_until.pop(key, None)
        seat = self._seats.pop(key, None)
        if seat is not None:
            await seat.close()
