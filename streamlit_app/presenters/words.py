"""Numbers and times as people say them. None is "not known", never zero."""

from __future__ import annotations

from datetime import UTC, datetime

from bc_lib.domain import words
from bc_lib.domain.words import count

UNKNOWN = "not known"


def duration(seconds: float | None) -> str:
    """0.4 s, 47 s, 2 min 5 s, 1 h 5 min, 3 d 2 h; rounded up, as in reasons and notices."""
    if seconds is None:
        return UNKNOWN
    if seconds == 0:
        return "0 s"
    return f"-{words.duration(-seconds)}" if seconds < 0 else words.duration(seconds)


def latency(seconds: float | None) -> str:
    """2 ms, 1.4 s."""
    return UNKNOWN if seconds is None else words.latency(seconds)


def age(seconds: float | None) -> str:
    """How long ago, in whole seconds: an age is no measurement."""
    if seconds is None:
        return "never"
    if seconds < 0:
        return f"{duration(float(round(-seconds)))} in the future"
    return "just now" if seconds < 1 else f"{duration(float(round(seconds)))} ago"


def size(amount: float | None) -> str:
    """0 B, 328 B, 7.0 MB, as in reasons and notices."""
    return UNKNOWN if amount is None else words.size(int(amount))


def moment(at: datetime | None, now: datetime | None = None) -> str:
    """Absolute time with its zone; the date too unless it is the day of `now`."""
    if at is None:
        return UNKNOWN
    shown = at.astimezone(UTC)
    if now is not None and shown.date() == now.astimezone(UTC).date():
        return f"{shown:%H:%M:%S} UTC"
    return f"{shown:%Y-%m-%d %H:%M:%S} UTC"


def listed(names: tuple[str, ...] | list[str], limit: int = 3) -> str:
    """a, b and c; or a, b, c and 4 more."""
    if len(names) > limit:
        return f"{', '.join(names[:limit])} and {len(names) - limit} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


__all__ = ["UNKNOWN", "age", "count", "duration", "latency", "listed", "moment", "size"]
