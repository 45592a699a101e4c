"""How old is too old. The age decides after everything else: an old green is not green (F28)."""

from __future__ import annotations

from datetime import datetime

from bc_lib.domain.assessment import Status

GRACE_S = 5.0
LONGEST_FRESH_S = 900.0
"""Nothing is fresh for longer, whatever interval the inventory says: a row alone must not keep a light green."""


def stale_after_s(interval_s: float) -> float:
    """Age in seconds from which an observation is stale: one interval, LONGEST_FRESH_S at most, plus the grace."""
    return min(interval_s, LONGEST_FRESH_S) + GRACE_S


def effective_status(stored: Status | None, observed_at: datetime | None, now: datetime, interval_s: float) -> Status:
    """The status to show at `now` for what was stored at `observed_at`.

    A time in the future (a clock that jumped) is as unknown as one too old.
    """
    if stored is None or observed_at is None:
        return Status.NEVER_SEEN
    age = (now - observed_at).total_seconds()
    if age > stale_after_s(interval_s) or age < -GRACE_S:
        return Status.STALE
    return stored
