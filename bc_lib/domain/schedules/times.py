"""From a clock on the wall to an instant, also on the days when that clock is put forward or back.

The rule is RFC 5545's: a local time that does not exist (clocks forward) is read with the offset before the change, so
02:30 becomes 03:30; one that exists twice (clocks back) is the first of the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class Oddity(StrEnum):
    """What is special about a local time."""

    SKIPPED = "this time does not exist that day (clocks go forward), so it is taken as long after the change"
    TWICE = "this time exists twice that day (clocks go back); the first one is meant"


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A date of a schedule: the instant, and the wall clock there and then. `place` counts the dates of a local day."""

    at: datetime
    local: datetime
    place: int = 0
    oddity: Oddity | None = None


def zone_of(name: str) -> ZoneInfo | None:
    """The zone of the IANA database; None where there is none of that name."""
    if not name or len(name) > 63 or not name.isascii() or name in {"localtime", "posixrules", "Factory"}:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def moment(local: datetime, zone: ZoneInfo, place: int = 0) -> Moment:
    """The instant of a wall clock's time (naive), by the rule above."""
    first = local.replace(tzinfo=zone, fold=0)
    second = local.replace(tzinfo=zone, fold=1)
    at = first.astimezone(UTC)
    oddity = None
    if first.utcoffset() != second.utcoffset():
        oddity = Oddity.TWICE if at.astimezone(zone).replace(tzinfo=None) == local else Oddity.SKIPPED
    return Moment(at=at, local=at.astimezone(zone).replace(tzinfo=None), place=place, oddity=oddity)


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    """The wall clock at an instant, naive."""
    return at.astimezone(zone).replace(tzinfo=None)


def day_of(at: datetime, zone: str) -> date:
    """The local day of an instant."""
    return at.astimezone(ZoneInfo(zone)).date()


def zone_clock(at: datetime, zone: str) -> str:
    """`Sun 2027-03-28 03:30 CEST (01:30 UTC)`."""
    there = at.astimezone(ZoneInfo(zone))
    utc = at.astimezone(UTC)
    day = "" if utc.date() == there.date() else f"{utc:%Y-%m-%d} "
    short = "" if there.tzname() == "UTC" else f" ({day}{utc:%H:%M} UTC)"
    return f"{there:%a %Y-%m-%d %H:%M} {there.tzname()}{short}"
