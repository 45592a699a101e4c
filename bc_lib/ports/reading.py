"""Read models for pages and commands. All of one call is one snapshot of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bc_lib.domain.assessment import Assessment, Status
from bc_lib.domain.observation import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStatus:
    """The current status as stored; freshness is judged by whoever shows it (domain.freshness)."""

    resource: str
    assessment: Assessment
    observation: Observation
    since: datetime  # when the stored status last changed
    look_from: datetime | None = None  # a run began or moved it then: what was observed before says nothing about now


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A resource's status became another one."""

    resource: str
    at: datetime
    before: Status | None
    after: Status
    codes: tuple[str, ...]
    text: str


class Metric(StrEnum):
    """What trends exist. Seconds or bytes."""

    LAG_REPLAYED_S = "lag_replayed_s"
    LAG_RECEIVED_S = "lag_received_s"
    LAG_BYTES = "lag_bytes"
    LATENCY_S = "latency_s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Least and greatest value of a metric in [start, start + width). None: seen, but not known."""

    start: datetime
    width_s: int
    low: float | None
    high: float | None
    count: int
    worst: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All current statuses and the database's clock at that moment."""

    now: datetime
    statuses: tuple[StoredStatus, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentBeat:
    """Last sign of life of one of our own processes."""

    component: str
    instance: str
    beat_at: datetime
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxState:
    """How the outbox stands."""

    waiting: int
    oldest_waiting_at: datetime | None
    dead: int
    last_delivered_at: datetime | None
    last_error: str | None


class StatusReader(Protocol):
    """Reads what the poller wrote."""

    def snapshot(self) -> Snapshot:
        """Every resource's stored status."""
        ...

    def changes(
        self, resource: str | None, limit: int = 50, start: datetime | None = None, end: datetime | None = None
    ) -> Sequence[StatusChange]:
        """Newest first; of all resources when `resource` is None. With `start` and `end` those from one to the other,
        both included."""
        ...

    def trend(
        self, resource: str, metric: Metric, start: datetime, end: datetime, points: int = 720
    ) -> Sequence[Bucket]:
        """Buckets in time order, at most about `points`, peaks kept (min/max). Gaps are absent rows."""
        ...

    def beats(self) -> Sequence[ComponentBeat]:
        """Every component's last beat."""
        ...

    def outbox(self) -> OutboxState:
        """Delivery state."""
        ...
