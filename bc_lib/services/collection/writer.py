"""Collects observations and stores them in batches, each batch one transaction."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from bc_lib.domain.inventory import Resource
from bc_lib.domain.observation import Observation
from bc_lib.ports.monitoring import Lease, LeaseLost, MonitoringStore, Remembered
from bc_lib.services.collection.judge import judge, unjudged

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
        self._stored_at = time.monotonic()
        self._away: str | None = None
        self._broken: dict[str, str] = {}  # by resource, until something of it is stored again

    @property
    def last_error(self) -> str | None:
        """What is wrong now, for Health."""
        return self._away or next(iter(self._broken.values()), None)

    @property
    def stored_s(self) -> float:
        """Seconds since something was stored, or since this writer began."""
        return time.monotonic() - self._stored_at

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
            await self._store_what_can_be(batch)
            self._away = None
        except LeaseLost:
            raise
        except Exception as trouble:  # whatever the database says: keep the batch, tell, try again
            self._away = f"{type(trouble).__name__}: {trouble}"
            log.warning("could not store %d observations, keeping them: %s", len(batch), self._away)
            self._waiting = _bounded(batch + self._waiting)
            await asyncio.sleep(RETRY_S)
            self._arrived.set()

    async def _store_what_can_be(self, batch: list[Observation]) -> None:
        """All at once; where that breaks and the database answers, each resource by itself.

        A resource that breaks where another does not is stored as a check that failed. Where all break it is not
        theirs: raises, and all is kept.
        """
        try:
            await self._store_batch(batch)
        except LeaseLost:
            raise
        except Exception as trouble:
            await asyncio.to_thread(self._store.now)  # raises where it is away: then all is kept
            log.warning("%d observations are stored resource by resource: %s", len(batch), type(trouble).__name__)
            names = sorted({item.resource for item in batch})
            of = {name: [item for item in batch if item.resource == name] for name in names}
            broken = [(name, found) for name in names if (found := await self._store_one(of[name])) is not None]
            refused = [name for name, _ in broken if await self._store_one([unjudged(of[name][-1])]) is not None]
            if len(refused) == len(names):
                raise broken[0][1] from trouble
            for name, found in broken:
                self._broke(name, found)

    async def _store_one(self, batch: list[Observation]) -> Exception | None:
        try:
            await self._store_batch(batch)
        except LeaseLost:
            raise
        except Exception as trouble:
            return trouble
        return None

    def _broke(self, name: str, trouble: Exception) -> None:
        log.error("what was seen of %s could not be judged or stored", name, exc_info=trouble)
        self._broken[name] = f"what was seen of {name} could not be judged or stored ({type(trouble).__name__})"

    async def _store_batch(self, batch: list[Observation]) -> None:
        resources = self._resources()
        unknown = [name for name in {item.resource for item in batch} - self._known if name in resources]
        if unknown:
            self._remembered.update(await asyncio.to_thread(self._store.remembered, unknown))
            self._known.update(unknown)
        names = sorted({item.resource for item in batch})
        moves = await asyncio.to_thread(self._store.own_moves, names)
        runs = await asyncio.to_thread(self._store.own_runs, names)
        judged = judge(batch, resources, self._remembered, moves, runs)
        await asyncio.to_thread(self._store.record, judged.rounds, self._lease)
        self._remembered.update(judged.remembered)
        for item in judged.rounds:
            if item.observation.resource not in judged.broken:
                self._broken.pop(item.observation.resource, None)
        for name, trouble in judged.broken.items():
            self._broke(name, trouble)
        self.stored += len(judged.rounds)
        self._stored_at = time.monotonic()


def _bounded(observations: list[Observation]) -> list[Observation]:
    """At most KEPT_PER_RESOURCE newest of each resource, in order."""
    counts: dict[str, int] = {}
    kept: list[Observation] = []
    for item in reversed(observations):
        counts[item.resource] = counts.get(item.resource, 0) + 1
        if counts[item.resource] <= KEPT_PER_RESOURCE:
            kept.append(item)
    return kept[::-1]
