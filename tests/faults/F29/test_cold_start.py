"""F29: a cold start with the whole estate: spread, covered within 60 s, no target sees over one connect a second."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import replace

from bc_lib.connectors.registry import LazyRegistry
from bc_lib.domain.inventory import Inventory, Resource
from bc_lib.services.collection.window import Poller, WindowSettings
from bc_lib.testing.fake_monitoring import FakeInventory, FakeLeases, FakeMonitoringStore
from tests.fixtures.pgcluster import FixedSecrets, resource

COUNT, INTERVAL_S, WINDOW_S = 200, 5.0, 12.0
STARTING = b"SERROR\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"
REFUSAL = b"E" + (len(STARTING) + 4).to_bytes(4, "big") + STARTING


class Targets:
    """Two hundred pairs that are starting up themselves: each counts who comes, and when."""

    def __init__(self) -> None:
        self.came: dict[int, list[float]] = defaultdict(list)
        self.servers: list[asyncio.Server] = []

    async def open(self, number: int) -> int:
        """One more node; its port."""

        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.came[number].append(time.monotonic())
            await reader.read(1024)
            writer.write(REFUSAL)
            await writer.drain()
            writer.close()

        self.servers.append(await asyncio.start_server(refuse, "127.0.0.1", 0))
        return int(self.servers[-1].sockets[0].getsockname()[1])

    async def pair(self, number: int) -> Resource:
        """A resource of two nodes."""
        ports = ("fra", await self.open(2 * number)), ("ams", await self.open(2 * number + 1))
        return replace(resource(*ports, name=f"db-{number}", heartbeat=False), interval_s=INTERVAL_S)

    def close(self) -> None:
        """Nobody listens any more."""
        for server in self.servers:
            server.close()


async def test_a_cold_start_is_spread() -> None:
    """The worst case: no node lets anybody in, so that every look is a fresh connection."""
    targets, store = Targets(), FakeMonitoringStore(FakeLeases())
    estate = Inventory(resources=tuple([await targets.pair(number) for number in range(COUNT)]))
    poller = Poller(
        inventory=FakeInventory(estate),
        store=store,
        leases=store.leases,
        registry=LazyRegistry(FixedSecrets(), timeout_s=3.0),
        holder="test",
        settings=WindowSettings(window_s=WINDOW_S),
    )
    began = time.monotonic()
    try:
        await asyncio.wait_for(poller.run(), 90)
    finally:
        targets.close()
    first = sorted(each[0] - began for each in targets.came.values())
    assert len(first) == 2 * COUNT and first[-1] < 60, "every node was looked at"
    busiest = max(sum(start <= one < start + INTERVAL_S / 10 for one in first) for start in first)
    assert busiest < 2 * COUNT / 2, f"{busiest} of {2 * COUNT} first looks in a tenth of the interval"
    close = [b - a for each in targets.came.values() for a, b in zip(each, each[1:], strict=False)]
    assert close and min(close) >= 1.0, f"two connections within {min(close):.2f} s"
