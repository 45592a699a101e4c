"""Collects observations and stores them in batches, each batch one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from bc_lib.domain.inventory import Resource
from bc_lib.domain.observation import Observation
from bc_lib.ports.monitoring import Lease, LeaseLost, MonitoringStore, Remembered
from bc_lib.services.collection.judge import judge

log = logging.getLogger(__name__)
BATCH_WAIT_S = 0.25
RETRY_S = 1.0
KEPT_PER_RESOURCE = 40


class Writer:
    """Keeps observations until they are stored; what is remembered advances only after the commit."""

    def __init__(self, store: MonitoringStore, lease: Lease, resources: Callable[[], Mapping[str, Resource]]) -> None:
        self._store = store
        self._lease = lease
        self._resources = resources
        self._waiting: list[Observation] = []
        self._arrived = asyncio.Event()
        self._remembered: dict[str, Remembered] = {}
        self._known: set[str] = set()
        self.stored = 0
        self.last_error: str | None = None

    def add(self, observation: Observation) -> None:
        """Take an observation; never waits."""
        self._waiting.append(observation)
        self._arrived.set()

    async def run(self) -> None:
        """Write until cancelled. Raises LeaseLost when another poller took over."""
        while True:
            await self._arrived.wait()
            await asyncio.sleep(BATCH_WAIT_S)
            await self.flush()

    async def flush(self) -> None:
        """Store everything that waits. A database that is away is tried again, nothing is lost meanwhile."""
        self._arrived.clear()
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        try:
            await self._store_batch(batch)
            self.last_error = None
        except LeaseLost:
            raise
        except Exception as trouble:  # whatever the database says: keep the batch, tell, try again
            self.last_error = f"{type(trouble).__name__}: {trouble}"
            log.warning("could not store %d observations, keeping them: %s", len(batch), self.last_error)
            self._waiting = _bounded(batch + self._waiting)
            await asyncio.sleep(RETRY_S)
            self._arrived.set()

    async def _store_batch(self, batch: list[Observation]) -> None:
        resources = self._resources()
        unknown = [name for name in {item.resource for item in batch} - self._known if name in resources]
        if unknown:
            self._remembered.update(await asyncio.to_thread(self._store.remembered, unknown))
            self._known.update(unknown)
        moves = await asyncio.to_thread(self._store.own_moves, sorted({item.resource for item in batch}))
        judged = judge(batch, resources, self._remembered, moves)
        await asyncio.to_thread(self._store.record, judged.rounds, self._lease)
        self._remembered.update(judged.remembered)
        self.stored += len(judged.rounds)


def _bounded(observations: list[Observation]) -> list[Observation]:
    """At most KEPT_PER_RESOURCE newest of each resource, in order."""
    counts: dict[str, int] = {}
    kept: list[Observation] = []
    for item in reversed(observations):
        counts[item.resource] = counts.get(item.resource, 0) + 1
        if counts[item.resource] <= KEPT_PER_RESOURCE:
            kept.append(item)
    return kept[::-1]
