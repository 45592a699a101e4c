"""What the poller writes, and leases between pollers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bc_lib.domain.alerts import AlertState, Notice
from bc_lib.domain.assessment import Assessment
from bc_lib.domain.memory import Memory, OwnMove
from bc_lib.domain.observation import Observation
from bc_lib.domain.own_runs import OwnRun


class LeaseLost(Exception):
    """Another holder has the lease; whoever gets this writes nothing more."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease held. `epoch` grows with every new holder and is never reused."""

    name: str
    holder: str
    epoch: int
    ttl_s: float


class Leases(Protocol):
    """Exclusive leases in the shared database, by the database's clock."""

    def acquire(self, name: str, holder: str, ttl_s: float) -> Lease | None:
        """Take a free or expired lease; None while somebody else holds it."""
        ...

    def renew(self, lease: Lease) -> None:
        """Extend by its ttl. Raises LeaseLost when it is no longer ours."""
        ...

    def release(self, lease: Lease) -> None:
        """Give it back at once; nothing happens when it is no longer ours."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What is stored about a resource between rounds."""

    memory: Memory
    alert: AlertState
    assessment: Assessment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The result of one round for one resource, written as one."""

    observation: Observation
    assessment: Assessment
    memory: Memory
    alert: AlertState
    notices: tuple[Notice, ...] = ()


class MonitoringStore(Protocol):
    """Rounds in, and what must be remembered out."""

    def now(self) -> datetime:
        """The database's clock."""
        ...

    def remembered(self, resources: Sequence[str]) -> Mapping[str, Remembered]:
        """State of the named resources; those never seen are absent."""
        ...

    def own_moves(self, resources: Sequence[str]) -> Mapping[str, tuple[OwnMove, ...]]:
        """Moves of the last day that stand in our journal; a resource without any is absent."""
        ...

    def own_runs(self, resources: Sequence[str]) -> Mapping[str, OwnRun]:
        """Runs that have begun to move one of these and are not over; a resource without any is absent."""
        ...

    def look_wishes(self, resources: Sequence[str]) -> Mapping[str, datetime]:
        """Those that must be looked at again, and since when: nothing that was observed later is stored yet."""
        ...

    def record(self, rounds: Sequence[Round], lease: Lease) -> None:
        """Write observations, current status, status changes, trend buckets and outbox rows of all
        rounds in one transaction, after checking the lease's epoch under lock. Raises LeaseLost.

        A notice whose dedup_key is already in the outbox is not written again.
        """
        ...

    def beat(self, component: str, instance: str, details: Mapping[str, object]) -> None:
        """Say that a component lives: upsert of its last beat by the database's clock."""
        ...
