"""The same slow question asked by many at once is asked outside only once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SingleFlight(Generic[K, V]):
    """Shares one running look-up per key. A waiter that is cancelled leaves the look-up running for the others."""

    def __init__(self) -> None:
        self._running: dict[K, asyncio.Task[V]] = {}

    async def run(self, key: K, ask: Callable[[], Awaitable[V]]) -> V:
        """The answer of the running look-up for `key`, or of a new one. Raises what the look-up raises."""
        task = self._running.get(key)
        if task is None:
            task = asyncio.ensure_future(self._asked(ask))
            self._running[key] = task
            task.add_done_callback(lambda done: self._finish(key, done))
        return await asyncio.shield(task)

    async def _asked(self, ask: Callable[[], Awaitable[V]]) -> V:
        return await ask()

    def _finish(self, key: K, done: asyncio.Task[V]) -> None:
        self._running.pop(key, None)
        if not done.cancelled():
            done.exception()  # seen, even when every waiter has gone
