"""Bounded concurrency: what is slow waits among the slow, so that it delays nobody else (F26)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PATIENCE_S = 1.0


class Lanes:
    """Slots for one event loop: warm queries, connects, and connects to nodes that failed last time."""

    def __init__(self, warm: int = 256, connects: int = 64, suspects: int = 256) -> None:
        self._warm = asyncio.Semaphore(warm)
        self._connects = asyncio.Semaphore(connects)
        self._suspects = asyncio.Semaphore(suspects)

    @asynccontextmanager
    async def warm(self) -> AsyncIterator[None]:
        """A slot for one query over a kept connection; given back early where the answer takes long."""
        async with _brief(self._warm):
            yield

    @asynccontextmanager
    async def connect(self, *, suspect: bool) -> AsyncIterator[None]:
        """A slot for one fresh connection. A `suspect` did not answer last time and waits in a lane of its own;
        another gives its slot back early where the connection takes long.
        """
        async with self._suspects if suspect else _brief(self._connects):
            yield


@asynccontextmanager
async def _brief(slots: asyncio.Semaphore) -> AsyncIterator[None]:
    """Hold a slot for PATIENCE_S at most: whoever needs longer waits for its own time-out, not at others' expense."""
    await slots.acquire()
    held = True

    def give_back() -> None:
        nonlocal held
        if held:
            held = False
            slots.release()

    timer = asyncio.get_running_loop().call_later(PATIENCE_S, give_back)
    try:
        yield
    finally:
        timer.cancel()
        give_back()
