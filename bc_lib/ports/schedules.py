"""Schedules in the shared database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bc_lib.domain.actor import Actor
from bc_lib.domain.schedules.values import Blackout, Outcome, Past, PreNotice, Schedule, ScheduleState, Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A calendar feed of one person; its token is known to its holder alone."""

    id: int
    title: str
    person: int
    name: str
    at: datetime
    revoked_at: datetime | None


class ScheduleReading(Protocol):
    """Looks up. An unknown schedule raises Denial UNKNOWN_SCHEDULE."""

    def list(self, *, removed: bool = False) -> Sequence[Schedule]:
        """The newest version of each, oldest schedule first; `removed`: with those that were removed."""
        ...

    def get(self, schedule: str) -> Schedule:
        """The newest version."""
        ...

    def versions(self, schedule: str) -> Sequence[Schedule]:
        """Every version, oldest first."""
        ...

    def by_key(self, actor: Actor, key: str) -> Schedule | None:
        """The version that this account stored with this key."""
        ...

    def last_due(self, schedule: str) -> datetime | None:
        """The latest date that was dealt with."""
        ...

    def past(
        self,
        schedule: str | None = None,
        limit: int = 50,
        *,
        after: datetime | None = None,
        upto: datetime | None = None,
    ) -> Sequence[Past]:
        """What became of dates, latest first; of those later than `after`, up to and including `upto`."""
        ...

    def told(self, schedule: str, after: datetime) -> Sequence[tuple[datetime, PreNotice]]:
        """Pre-notices sent for dates later than `after`."""
        ...

    def blackouts(self, *, ended: bool = False) -> Sequence[Blackout]:
        """Every blackout that stands; `ended`: and those that were ended."""
        ...

    def feeds(self, person: int | None = None) -> Sequence[Feed]:
        """Feeds, newest first; of one person, or all."""
        ...

    def feed_of(self, digest: str) -> Feed | None:
        """The feed with this token digest, unless it is revoked or its person switched off."""
        ...


class ScheduleWork(ScheduleReading, Protocol):
    """Writes within a unit of work. A refusal by the database's guards is raised as Denial."""

    def lock(self) -> None:
        """Nobody else edits schedules until the end, so that two new ones cannot overlap unseen."""
        ...

    def store(
        self, actor: Actor, spec: Spec, state: ScheduleState, key: str, note: str, before: Schedule | None = None
    ) -> Schedule:
        """A new schedule, or the version after `before`, as bc_ui. `key`: once an account."""
        ...

    def settle(
        self, version: Schedule, due_at: datetime, outcome: Outcome, code: str | None, because: str | None
    ) -> bool:
        """Record what becomes of a date, as bc_runner; False where that was recorded before."""
        ...

    def tell_once(self, version: Schedule, due_at: datetime, notice: PreNotice) -> bool:
        """Record that a pre-notice is sent, as bc_runner; False where it was sent before."""
        ...

    def add_blackout(
        self, actor: Actor, schedule: str | None, first: date, last: date, zone: str, reason: str
    ) -> Blackout:
        """A blackout, as bc_ui."""
        ...

    def end_blackout(self, actor: Actor, number: int) -> None:
        """It ends for good, as bc_ui."""
        ...

    def add_feed(self, actor: Actor, digest: str, title: str) -> int:
        """A feed, as bc_ui; its number."""
        ...

    def revoke_feed(self, number: int) -> None:
        """Its token opens nothing any more, as bc_ui."""
        ...
