"""The wire between the monitor and one endpoint: passes, freezes or slows what goes through it.

Replication and the applications do not come through here, so a broken gate is seen by the monitor only.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable

from demo.flow import Flow, Wire
from demo.keptport import KeptPort

MOST_FLOWS = 300
LOOK_EVERY_S = 0.1


class Gate:
    """One listening port that leads to one server.

    `upstream` gives the server's port now, or None where nobody listens there: then the gate does not
    listen either, so that a client is refused as it would be by the host itself. The port stays reserved.
    """

    def __init__(self, name: str, kept: KeptPort, upstream: Callable[[], int | None], delay_s: float) -> None:
        self.name = name
        self.port = kept.number
        self.wire = Wire.PASS
        self._upstream = upstream
        self._delay_s = delay_s
        self._server: asyncio.Server | None = None
        self._flows: dict[asyncio.Task[None], Flow] = {}
        self._kept = kept
        self._looking = asyncio.Lock()
        self._tending: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to follow the server's state."""
        self._tending = asyncio.create_task(self._tend(), name=f"gate {self.name}")

    async def close(self) -> None:
        """Stop listening and cut everything."""
        if self._tending is not None:
            self._tending.cancel()
        self._stop_listening()
        self._kept.release()
        await _cut(list(self._flows))

    async def switch(self, wire: Wire) -> None:
        """Change the wire for every flow. Those that lost bytes in a black hole are cut when it ends."""
        self.wire = wire
        for flow in self._flows.values():
            flow.wire = wire
        if wire is not Wire.BLACKHOLE:
            await _cut([task for task, flow in self._flows.items() if flow.frozen])
        await self.look()

    async def look(self) -> None:
        """Listen where somebody would answer, or where a black hole swallows everything anyhow."""
        async with self._looking:  # two at once would listen twice, and forget one
            wanted = self.wire is Wire.BLACKHOLE or self._upstream() is not None
            if wanted and self._server is None:
                self._server = await asyncio.start_server(self._accept, sock=self._kept.listener())
            elif not wanted:
                self._stop_listening()

    async def _tend(self) -> None:
        while True:
            with contextlib.suppress(OSError):
                await self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
            self._kept.quiet()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._flows) >= MOST_FLOWS:
            writer.transport.abort()
            return
        flow = Flow(reader, writer, self._delay_s)
        flow.wire = self.wire
        self._flows[task] = flow
        try:
            with contextlib.suppress(asyncio.CancelledError):  # only we cancel it, to cut it
                await flow.run(self._upstream())
        finally:
            del self._flows[task]


async def _cut(flows: Iterable[asyncio.Task[None]]) -> None:
    for flow in flows:
        flow.cancel()
    await asyncio.gather(*flows, return_exceptions=True)
