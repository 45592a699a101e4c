"""A poller's window: wait for the shard's lease, watch until the window ends, hand over."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Any

from bc_lib.domain.inventory import Resource
from bc_lib.ports.connector import ConnectorRegistry
from bc_lib.ports.inventory import InventoryRepository
from bc_lib.ports.monitoring import Lease, LeaseLost, Leases, MonitoringStore
from bc_lib.services.collection.clock import DatabaseClock
from bc_lib.services.collection.lanes import Lanes
from bc_lib.services.collection.schedule import in_shard
from bc_lib.services.collection.silence import stored_within_s
from bc_lib.services.collection.watch import Watches
from bc_lib.services.collection.writer import Writer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSettings:
    """Seconds throughout. `wait_s`: how long to wait for the lease before giving up."""

    shard: int = 0
    shards: int = 1
    window_s: float = 600.0
    wait_s: float = 900.0
    lease_ttl_s: float = 15.0
    renew_s: float = 4.0
    try_lease_s: float = 0.5
    wishes_s: float = 0.4
    wish_again_s: float = 3.0
    cold_every_s: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowResult:
    """What happened. `ended`: window over, lease lost, stopped, or no lease."""

    ended: str
    rounds: int = 0


class Poller:
    """Everything one window needs; `stop` may be set from a signal handler."""

    def __init__(
        self,
        *,
        inventory: InventoryRepository,
        store: MonitoringStore,
        leases: Leases,
        registry: ConnectorRegistry,
        holder: str,
        settings: WindowSettings,
    ) -> None:
        self._inventory = inventory
        self._store = store
        self._leases = leases
        self._registry = registry
        self._holder = holder
        self._settings = settings
        self._resources: dict[str, Resource] = {}
        self._revision = -1
        self.stop = asyncio.Event()

    async def run(self) -> WindowResult:
        """Run one window. Ends early when `stop` is set or the lease is lost; always closes connections."""
        try:
            lease = await self._wait_for_lease()
            if lease is None:
                return WindowResult(ended="stopped" if self.stop.is_set() else "no lease")
            try:
                return await self._collect(lease)
            finally:
                await asyncio.to_thread(self._leases.release, lease)
        finally:
            await self._registry.close()

    async def _wait_for_lease(self) -> Lease | None:
        name = f"poller/{self._settings.shard}"
        deadline = time.monotonic() + self._settings.wait_s
        while time.monotonic() < deadline and not self.stop.is_set():
            lease = await self._try_lease(name)
            if lease is not None:
                return lease
            await self._pause(self._settings.try_lease_s)
        return None

    async def _try_lease(self, name: str) -> Lease | None:
        try:
            return await asyncio.to_thread(self._leases.acquire, name, self._holder, self._settings.lease_ttl_s)
        except Exception as trouble:  # the database may be restarting: that is what waiting is for
            log.warning("could not ask for the lease %s: %s", name, trouble)
            return None

    async def _collect(self, lease: Lease) -> WindowResult:
        clock = DatabaseClock(self._store.now)
        await asyncio.to_thread(clock.measure)
        writer = Writer(self._store, lease, lambda: self._resources)
        watches = Watches(self._registry, clock, Lanes(self._settings.cold_every_s), writer.add)
        duties: list[asyncio.Task[Any]] = [
            asyncio.create_task(writer.run()),
            asyncio.create_task(self._keep(lease, clock, watches, writer)),
            asyncio.create_task(self.stop.wait()),
            asyncio.create_task(self._heed_wishes(watches)),
        ]
        try:
            done, _ = await asyncio.wait(duties, timeout=self._settings.window_s, return_when=asyncio.FIRST_COMPLETED)
            ended = await self._ending(done, writer)
        finally:
            await watches.stop()
            for duty in duties:
                duty.cancel()
            await asyncio.gather(*duties, return_exceptions=True)
        return WindowResult(ended=ended, rounds=writer.stored)

    async def _ending(self, done: set[asyncio.Task[Any]], writer: Writer) -> str:
        for task in done:
            trouble = task.exception()
            if isinstance(trouble, LeaseLost):
                log.warning("another poller has the lease; nothing more is written")
                return "lease lost"
            if trouble is not None:
                raise trouble
        await writer.flush()
        return "stopped" if self.stop.is_set() else "window over"

    async def _keep(self, lease: Lease, clock: DatabaseClock, watches: Watches, writer: Writer) -> None:
        """Renew the lease, follow the inventory, say that we live; until the lease cannot be kept."""
        while True:
            try:
                await asyncio.to_thread(self._leases.renew, lease)
                await self._follow_inventory(watches)
                await asyncio.to_thread(clock.measure)
                await asyncio.to_thread(self._store.beat, "poller", self._holder, self._details(lease, writer, clock))
            except LeaseLost:
                raise
            except Exception as trouble:
                # Database away: nobody else can take the lease either, and every write checks the epoch
                # under lock. So go on observing; the first answer tells whether we still hold it.
                log.warning("could not renew the lease: %s", trouble)
            await asyncio.sleep(self._settings.renew_s)

    async def _heed_wishes(self, watches: Watches) -> None:
        """Look at once at what a run began with or moved, so that nothing rests on what was seen before it."""
        heeded: dict[str, float] = {}
        while True:
            await asyncio.sleep(self._settings.wishes_s)
            try:
                wishes = await asyncio.to_thread(self._store.look_wishes, list(self._resources))
            except Exception as trouble:  # database away: the ordinary rounds go on, and the next try tells
                log.warning("could not ask what to look at again: %s", trouble)
                continue
            now = time.monotonic()
            for name, at in wishes.items():
                if now - heeded.get(f"{name} {at}", -self._settings.wish_again_s) >= self._settings.wish_again_s:
                    watches.look_now(name)
                    heeded[f"{name} {at}"] = now
            heeded = {key: when for key, when in heeded.items() if now - when < 60.0}

    async def _follow_inventory(self, watches: Watches) -> None:
        revision = await asyncio.to_thread(self._inventory.revision)
        if revision == self._revision:
            return
        stored = await asyncio.to_thread(self._inventory.load)
        mine = in_shard(stored.inventory.resources, self._settings.shard, self._settings.shards)
        self._resources = {resource.name: resource for resource in mine}
        self._revision = stored.revision
        watches.set(mine)

    def _details(self, lease: Lease, writer: Writer, clock: DatabaseClock) -> dict[str, object]:
        return {
            "shard": self._settings.shard,
            "shards": self._settings.shards,
            "epoch": lease.epoch,
            "resources": len(self._resources),
            "rounds": writer.stored,
            "stored_s": round(writer.stored_s, 1),
            "stored_within_s": stored_within_s(self._resources.values()),
            "clock_offset_s": round(clock.offset_s, 3),
            "last_error": writer.last_error,
        }

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.stop.wait(), seconds)
        except TimeoutError:
            return
