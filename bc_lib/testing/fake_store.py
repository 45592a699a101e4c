"""Fakes that implement InventoryRepository and StatusReader over values in memory, for tests and design."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bc_lib.domain.actor import Actor
from bc_lib.domain.inventory import Inventory
from bc_lib.ports.inventory import StaleRevision, StoredInventory
from bc_lib.ports.reading import Bucket, ComponentBeat, Metric, OutboxState, Snapshot, StatusChange, StoredStatus


class DatabaseAway(ConnectionError):
    """What the fakes raise while they play a database that is away."""


@dataclass(slots=True, kw_only=True)
class FakeInventory:
    """Implements InventoryRepository."""

    inventory: Inventory
    stored_revision: int = 1
    away: bool = False

    def revision(self) -> int:
        """The current revision."""
        _check(self.away)
        return self.stored_revision

    def load(self) -> StoredInventory:
        """The whole inventory."""
        _check(self.away)
        return StoredInventory(self.inventory, self.stored_revision)

    def replace(self, inventory: Inventory, *, expected_revision: int, actor: Actor, summary: str) -> int:
        """Store `inventory`; raises StaleRevision."""
        _check(self.away)
        if expected_revision != self.stored_revision:
            raise StaleRevision(f"The inventory is at revision {self.stored_revision}, not {expected_revision}.")
        self.inventory, self.stored_revision = inventory, self.stored_revision + 1
        return self.stored_revision


@dataclass(slots=True, kw_only=True)
class FakeReader:
    """Implements StatusReader. `make_statuses` is asked at each snapshot, so that ages stay believable."""

    make_statuses: Callable[[datetime], Sequence[StoredStatus]]
    make_trend: Callable[[str, Metric, datetime, datetime], Sequence[Bucket]] = lambda *_: ()
    make_beats: Callable[[datetime], Sequence[ComponentBeat]] = lambda _: ()
    make_outbox: Callable[[datetime], OutboxState] | None = None
    make_changes: Callable[[str | None, datetime], Sequence[StatusChange]] = lambda *_: ()
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    away: bool = False

    def snapshot(self) -> Snapshot:
        """Every status now."""
        _check(self.away)
        now = self.clock()
        return Snapshot(now=now, statuses=tuple(self.make_statuses(now)))

    def changes(
        self, resource: str | None, limit: int = 50, start: datetime | None = None, end: datetime | None = None
    ) -> Sequence[StatusChange]:
        """Newest first."""
        _check(self.away)
        made = sorted(self.make_changes(resource, self.clock()), key=lambda row: row.at, reverse=True)
        return [each for each in made if (not start or each.at >= start) and (not end or each.at <= end)][:limit]

    def trend(
        self, resource: str, metric: Metric, start: datetime, end: datetime, points: int = 720
    ) -> Sequence[Bucket]:
        """Buckets of the made trend."""
        _check(self.away)
        return self.make_trend(resource, metric, start, end)

    def beats(self) -> Sequence[ComponentBeat]:
        """Every component's last beat."""
        _check(self.away)
        return self.make_beats(self.clock())

    def outbox(self) -> OutboxState:
        """Delivery state."""
        _check(self.away)
        if self.make_outbox:
            return self.make_outbox(self.clock())
        return OutboxState(waiting=0, oldest_waiting_at=None, dead=0, last_delivered_at=None, last_error=None)


def _check(away: bool) -> None:
    if away:
        raise DatabaseAway("connection refused")
