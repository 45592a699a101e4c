"""Fakes that implement the monitoring ports in memory: leases, store, connector, registry."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bc_lib.domain.actor import Actor
from bc_lib.domain.capabilities import Capabilities, Support
from bc_lib.domain.inventory import Inventory, Platform, Resource
from bc_lib.domain.memory import OwnMove
from bc_lib.domain.observation import Observation
from bc_lib.domain.own_runs import OwnRun
from bc_lib.ports.connector import Connector, Statement
from bc_lib.ports.inventory import StaleRevision, StoredInventory
from bc_lib.ports.monitoring import Lease, LeaseLost, Remembered, Round


def utc_now() -> datetime:
    """The real time; tests pass their own clock instead."""
    return datetime.now(UTC)


FULL_MONITORING = Capabilities(
    monitor=Support.FULL,
    marker=Support.FULL,
    heartbeat=Support.FULL,
    switchover=Support.NOT_IMPLEMENTED,
    failover=Support.NOT_IMPLEMENTED,
    failback=Support.NOT_IMPLEMENTED,
    rehearsal=Support.NOT_IMPLEMENTED,
)


@dataclass
class FakeLeases:
    """Leases in memory, by the clock given."""

    clock: Callable[[], datetime] = utc_now
    held: dict[str, tuple[Lease, float]] = field(default_factory=dict)
    epochs: dict[str, int] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def acquire(self, name: str, holder: str, ttl_s: float) -> Lease | None:
        with self.guard:
            now = self.clock().timestamp()
            if name in self.held and self.held[name][1] > now:
                return None
            self.epochs[name] = self.epochs.get(name, 0) + 1
            lease = Lease(name, holder, self.epochs[name], ttl_s)
            self.held[name] = (lease, now + ttl_s)
            return lease

    def renew(self, lease: Lease) -> None:
        with self.guard:
            if not self._ours(lease):
                raise LeaseLost(f"{lease.name} has another holder")
            self.held[lease.name] = (lease, self.clock().timestamp() + lease.ttl_s)

    def release(self, lease: Lease) -> None:
        with self.guard:
            if self._ours(lease):
                del self.held[lease.name]

    def _ours(self, lease: Lease) -> bool:
        return lease.name in self.held and self.held[lease.name][0].epoch == lease.epoch


@dataclass
class FakeMonitoringStore:
    """Rounds in memory. `trouble` makes the next writes fail until it is cleared."""

    leases: FakeLeases
    clock: Callable[[], datetime] = utc_now
    rounds: list[Round] = field(default_factory=list)
    state: dict[str, Remembered] = field(default_factory=dict)
    notices: dict[str, object] = field(default_factory=dict)
    beats: dict[tuple[str, str], Mapping[str, object]] = field(default_factory=dict)
    moves: dict[str, tuple[OwnMove, ...]] = field(default_factory=dict)
    wishes: dict[str, datetime] = field(default_factory=dict)
    trouble: Exception | None = None

    def now(self) -> datetime:
        return self.clock()

    def remembered(self, resources: Sequence[str]) -> Mapping[str, Remembered]:
        return {name: self.state[name] for name in resources if name in self.state}

    def own_moves(self, resources: Sequence[str]) -> Mapping[str, tuple[OwnMove, ...]]:
        return {name: self.moves[name] for name in resources if name in self.moves}

    def own_runs(self, resources: Sequence[str]) -> Mapping[str, OwnRun]:
        return {}

    def look_wishes(self, resources: Sequence[str]) -> Mapping[str, datetime]:
        seen = {each.observation.resource: each.observation.observed_at for each in self.rounds}
        return {
            name: at for name, at in self.wishes.items() if name in resources and (name not in seen or seen[name] < at)
        }

    def record(self, rounds: Sequence[Round], lease: Lease) -> None:
        if self.trouble is not None:
            raise self.trouble
        if self.leases.epochs.get(lease.name) != lease.epoch:
            raise LeaseLost(f"{lease.name} has another holder")
        for item in rounds:
            self.rounds.append(item)
            self.state[item.observation.resource] = Remembered(
                memory=item.memory, alert=item.alert, assessment=item.assessment
            )
            for notice in item.notices:
                self.notices.setdefault(notice.dedup_key, notice)

    def beat(self, component: str, instance: str, details: Mapping[str, object]) -> None:
        self.beats[component, instance] = details


@dataclass
class FakeInventory:
    """An inventory in memory."""

    inventory: Inventory = field(default_factory=Inventory)
    number: int = 1

    def revision(self) -> int:
        return self.number

    def load(self) -> StoredInventory:
        return StoredInventory(self.inventory, self.number)

    def replace(self, inventory: Inventory, *, expected_revision: int, actor: Actor, summary: str) -> int:
        if expected_revision != self.number:
            raise StaleRevision(f"revision {expected_revision} is not the current one")
        self.inventory, self.number = inventory, self.number + 1
        return self.number


@dataclass
class FakeConnector:
    """Answers with what `look` makes of (resource, cold), after `delay_s` of that resource."""

    look: Callable[[Resource, bool], Observation]
    delay_s: Mapping[str, float] = field(default_factory=dict)
    platform: Platform = Platform.POSTGRESQL
    asked: list[tuple[str, bool]] = field(default_factory=list)
    closed: bool = False
    capabilities: Capabilities = FULL_MONITORING

    async def observe(self, resource: Resource, *, cold: bool = False) -> Observation:
        self.asked.append((resource.name, cold))
        await asyncio.sleep(self.delay_s.get(resource.name, 0.0))
        return self.look(resource, cold)

    def statements(self) -> tuple[Statement, ...]:
        return ()

    async def close(self) -> None:
        self.closed = True


@dataclass
class FakeRegistry:
    """One connector for every platform."""

    connector: FakeConnector

    def get(self, platform: Platform) -> Connector:
        return self.connector

    async def close(self) -> None:
        await self.connector.close()
