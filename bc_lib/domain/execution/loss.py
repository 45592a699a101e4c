"""What may be said about lost data: proven, bounded, or that it cannot be proven. Never more than the evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bc_lib.domain.execution.run import Facts
from bc_lib.domain.lsn import position
from bc_lib.domain.words import clock, duration, size


class Certainty(StrEnum):
    """How much the evidence carries."""

    PROVEN = "proven"  # nothing that was acknowledged is missing
    BOUNDED = "bounded"  # what may be missing lies between two moments
    UNPROVEN = "cannot be proven"


@dataclass(frozen=True, slots=True, kw_only=True)
class LossStatement:
    """About one move of one resource, by its `step`. What was acknowledged up to `after` is there, by the old primary's
    own clock; what it acknowledged until `until` (our clock) may be missing. `seconds`: the window's length, widened by
    the clock's measured offset; None where that was not measured. `least_bytes`: of the log that is certainly missing.
    """

    resource: str
    certainty: Certainty
    sentence: str
    step: str = ""
    after: datetime | None = None
    until: datetime | None = None
    seconds: float | None = None
    least_bytes: int | None = None


def statement(
    resource: str, *, old: str, new: str, moved: Facts, checked: Facts, fenced_at: datetime | None
) -> LossStatement:
    """From the facts of the verified move and of the check before it. `fenced_at`: when the fence was proven."""
    if _all_there(moved):
        return LossStatement(
            resource=resource,
            certainty=Certainty.PROVEN,
            sentence=f"Nothing that {old} acknowledged is missing: it was stopped cleanly, and {new} had applied its "
            f"last record ({moved['marker']}) before it was promoted.",
        )
    least = _certainly_missing(moved)
    more = f" At least {size(least)} of its log is missing." if least else ""
    last = _moment(moved.get("last_commit_at"))
    why = _why_open(moved, fenced_at, last, old)
    if why or last is None or fenced_at is None:
        return LossStatement(
            resource=resource,
            certainty=Certainty.UNPROVEN,
            sentence=f"What is missing cannot be proven: {why}.{more}",
            after=last,
            least_bytes=least,
        )
    seconds = _window(last, fenced_at, checked, old)
    length = (
        f"a window of at most {duration(math.ceil(seconds * 10) / 10)}"  # a bound is rounded up
        if seconds is not None
        else f"how long that is cannot be said, because the clock of {old} was not measured"
    )
    return LossStatement(
        resource=resource,
        certainty=Certainty.BOUNDED,
        sentence=f"What {old} acknowledged up to {_exact(last)} by its own clock is at {new}. What it acknowledged "
        f"after that, until it was proven stopped at {_exact(fenced_at)}, may be missing: {length}.{more}",
        after=last,
        until=fenced_at,
        seconds=seconds,
        least_bytes=least,
    )


def _all_there(moved: Facts) -> bool:
    """The old primary wrote its shutdown checkpoint, and exactly that was applied before the promotion."""
    marker = position(_text(moved.get("marker")))
    if moved.get("fence") != "proven" or moved.get("caught_up") != "marker" or marker is None:
        return False
    if "replayed_lsn" not in moved:
        return True  # the planned move waits until replay is past the marker, or is taken back
    return (position(_text(moved["replayed_lsn"])) or 0) > marker


def _why_open(moved: Facts, fenced_at: datetime | None, last: datetime | None, old: str) -> str:
    if moved.get("fence") == "attested":
        return f"that {old} was stopped is people's word and not proven, so the window stays open"
    if moved.get("fence") != "proven":
        return f"whether {old} still takes writes is not proven, so the window stays open"
    if fenced_at is None:
        return f"when {old} was stopped is not recorded"
    return "" if last is not None else "no commit was seen at the new primary, so no moment is certain"


def _certainly_missing(moved: Facts) -> int | None:
    """Bytes between what the old primary had written when last seen and what was applied; only on one timeline."""
    seen = moved.get("old_last_seen")
    if not isinstance(seen, dict) or seen.get("timeline") != moved.get("timeline_before"):
        return None
    had, applied = position(_text(seen.get("lsn"))), position(_text(moved.get("replayed_lsn")))
    return None if had is None or applied is None else max(0, had - applied)


def _window(last: datetime, until: datetime, checked: Facts, old: str) -> float | None:
    """Seconds from the old primary's `last` to our `until`; its clock may be `within` further off than measured."""
    noted = checked.get("nodes", {}).get(old, {})
    ahead, within = noted.get("clock_ahead_s"), noted.get("clock_within_s")
    if not isinstance(ahead, int | float) or not isinstance(within, int | float):
        return None
    ours = last - timedelta(seconds=float(ahead) + abs(float(within)))
    return max(0.0, (until - ours).total_seconds())


def _exact(moment: datetime) -> str:
    """To the millisecond: a window is often shorter than a second."""
    return clock(moment).replace(" UTC", f".{moment.microsecond // 1000:03d} UTC")


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
