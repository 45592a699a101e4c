"""One connection through a gate: client on one side, server on the other."""

from __future__ import annotations

import asyncio
from enum import StrEnum

from bc_lib.runtime.portpick import HOST

CHUNK = 65_536


class Wire(StrEnum):
    """PASS forwards. BLACKHOLE swallows, in both directions and without a word. SLOW delays every chunk."""

    PASS = "pass"  # noqa: S105 - it lets bytes pass
    BLACKHOLE = "blackhole"
    SLOW = "slow"


class Flow:
    """Carries bytes until one side ends. `frozen`: bytes were lost, so it can only be cut."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_s: float) -> None:
        self._reader, self._writer = reader, writer
        self._delay_s = delay_s
        self._to_server: asyncio.StreamWriter | None = None
        self.wire = Wire.PASS
        self.frozen = False

    async def run(self, port: int | None) -> None:
        """Connect to the server at `port` (None: nobody is there) and carry. Ends with both sides closed."""
        clean = False
        try:
            clean = await self._swallow_all() if self.wire is Wire.BLACKHOLE else await self._carry(port)
        except OSError:
            clean = False  # a side broke off: the other one sees it as a broken connection, too
        finally:
            for end in (self._writer, self._to_server):
                if end is not None:
                    end.close() if clean else end.transport.abort()

    async def _swallow_all(self) -> bool:
        self.frozen = True
        while await self._reader.read(CHUNK):
            pass
        return True

    async def _carry(self, port: int | None) -> bool:
        if port is None:
            return False
        from_server, self._to_server = await asyncio.open_connection(HOST, port)
        pumps = [
            asyncio.create_task(self._pump(self._reader, self._to_server)),
            asyncio.create_task(self._from_server(from_server)),
        ]
        try:
            done, _ = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
        return all(pump.exception() is None for pump in done)

    async def _from_server(self, reader: asyncio.StreamReader) -> None:
        try:
            await self._pump(reader, self._writer)
        except OSError:
            if self.wire is not Wire.BLACKHOLE:
                raise
        if self.wire is Wire.BLACKHOLE:  # the server's goodbye is swallowed as well
            self.frozen = True
            await asyncio.Event().wait()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            if self.wire is Wire.SLOW:
                await asyncio.sleep(self._delay_s)
            if self.wire is Wire.BLACKHOLE:
                self.frozen = True
            if not self.frozen:
                writer.write(data)
                await writer.drain()
