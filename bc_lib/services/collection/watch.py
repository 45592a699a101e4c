"""One loop a resource: wait until it is due, observe, hand the result on."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from bc_lib.domain.freshness import LONGEST_FRESH_S
from bc_lib.domain.inventory import Resource
from bc_lib.domain.observation import Observation
from bc_lib.ports.connector import ConnectorRegistry
from bc_lib.services.collection.clock import DatabaseClock
from bc_lib.services.collection.lanes import Lanes
from bc_lib.services.collection.schedule import next_due

log = logging.getLogger(__name__)


class Watches:
    """Keeps one task per watched resource; a slow target delays nobody else."""

    def __init__(
        self, registry: ConnectorRegistry, clock: DatabaseClock, lanes: Lanes, deliver: Callable[[Observation], None]
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._lanes = lanes
        self._deliver = deliver
        self._tasks: dict[str, tuple[Resource, asyncio.Task[None]]] = {}
        self._at_once: dict[str, asyncio.Event] = {}

    def set(self, resources: list[Resource]) -> None:
        """Watch exactly these; a changed resource is started anew with its new settings."""
        wanted = {resource.name: resource for resource in resources}
        for name, (resource, task) in list(self._tasks.items()):
            if wanted.get(name) != resource:
                task.cancel()
                del self._tasks[name], self._at_once[name]
                self._lanes.forget(name)
        for name, resource in wanted.items():
            if name not in self._tasks:
                self._at_once[name] = asyncio.Event()
                self._tasks[name] = (resource, asyncio.create_task(self._watch(resource), name=f"watch {name}"))

    def look_now(self, name: str) -> None:
        """Look at once, also where a look is under way that began before. Nothing where it is not watched."""
        if name in self._at_once:
            self._at_once[name].set()

    async def stop(self) -> None:
        """End every task and wait for them."""
        tasks = [task for _, task in self._tasks.values()]
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self, resource: Resource) -> None:
        at_once = self._at_once[resource.name]
        while True:
            now = self._clock.now().timestamp()
            await _wait(
                at_once, max(0.0, next_due(resource.name, min(resource.interval_s, LONGEST_FRESH_S), now) - now)
            )
            at_once.clear()
            try:
                await self._observe_once(resource)
            except Exception:  # a connector must not raise; if one does, the others go on and this one goes stale
                log.exception("observing %s failed", resource.name)

    async def _observe_once(self, resource: Resource) -> None:
        connector = self._registry.get(resource.platform)
        cold = self._lanes.cold_next(resource.name, time.monotonic())
        observation = await connector.observe(resource, cold=cold)
        self._lanes.seen(observation, time.monotonic())
        self._deliver(self._clock.shifted(observation))


async def _wait(event: asyncio.Event, seconds: float) -> None:
    """Until the event, at most so long."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
