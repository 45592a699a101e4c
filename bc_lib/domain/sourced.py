"""A fact with its source and the moment from which it counts (decision 22).

A lag that began at a reconnect, a receiver without its sender, a witness who was never connected: each was
true of something else, or of a later time. So a rule asks `counts` before it uses what somebody told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced(Generic[T]):
    """What `source`, a node, told about `about`, a node; it says nothing about what happened before `since`.

    `about` None: whom it speaks of is not known. `since` None: from when it counts is not known.
    """

    value: T
    source: str
    about: str | None
    since: datetime | None

    def counts(self, *, about: str, since: datetime | None = None) -> bool:
        """Whether it may be used for `about`, for everything from `since` on (None: for this moment only).

        What is not known never counts.
        """
        if self.about != about:
            return False
        return since is None or (self.since is not None and self.since <= since)
