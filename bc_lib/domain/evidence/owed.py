"""Packs that should be there and are not: when that is late, and how it is said on Health and in the notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.words import clock, count, duration

LATE_S = 300.0  # a pack is made about 10 s after the end; a burst of ends takes some passes more


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Requests that are over and have no pack: how many, and which ended first, when. None is owed: `oldest` None."""

    now: datetime
    count: int = 0
    oldest: str | None = None
    since: datetime | None = None

    @property
    def late(self) -> bool:
        """Longer than making takes: something is wrong."""
        return self.since is not None and (self.now - self.since).total_seconds() > LATE_S

    @property
    def sentence(self) -> str:
        """For people."""
        if self.since is None:
            return "No evidence pack is owed."
        age = duration((self.now - self.since).total_seconds())
        many = count(self.count, "evidence pack is owed", "evidence packs are owed")
        return f"{many}; {self.oldest} ended first, at {clock(self.since)}, {age} ago."
