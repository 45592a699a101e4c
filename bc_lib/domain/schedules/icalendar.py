"""Dates of schedules as an iCalendar file (RFC 5545). Pure text; the same dates always give the same bytes.

Instants are written in UTC, which every reader shows in its own zone, on the days of a clock change too: a rule with a
zone would have to be read the same way by every calendar program, and hours would not be passing time there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PRODUCT = "-//Business Continuity//Schedules//EN"
WIDTH = 75
ESCAPES = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One date. `uid` stays the same while it is the same date; `sequence` grows when it changes. `changed`: when its
    schedule was written. `cancelled`: it will be, or was, skipped."""

    uid: str
    sequence: int
    at: datetime
    lasts_s: float
    summary: str
    text: str
    link: str
    category: str
    changed: datetime
    cancelled: bool = False


def calendar_text(title: str, events: Iterable[Event]) -> str:
    """The whole file, lines ended and folded as the standard asks."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_escaped(title)}",
        f"X-WR-CALNAME:{_escaped(title)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        *(line for each in events for line in _event(each)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def period_of(local: datetime, rule: str | None) -> tuple[str, datetime, datetime]:
    """The stretch of the wall clock whose dates are counted for their UIDs: name, begin, end.

    A weekly date that moves from Monday to Tuesday is the same date, and so is a monthly one within its month.
    """
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    every = next((part[5:] for part in (rule or "").split(";") if part.startswith("FREQ=")), "DAILY")
    if every == "WEEKLY":
        monday = day - timedelta(days=day.weekday())
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}", monday, monday + timedelta(days=7)
    if every == "MONTHLY":
        first = day.replace(day=1)
        return f"{day:%Y-%m}", first, (first + timedelta(days=32)).replace(day=1)
    if every == "YEARLY":
        first = day.replace(month=1, day=1)
        return f"{day:%Y}", first, first.replace(year=first.year + 1)
    return f"{day:%Y-%m-%d}", day, day + timedelta(days=1)


def uid_of(schedule: str, period: str, place: int) -> str:
    """The UID of a date: the `place`-th of its schedule in a period; `period` empty: its only one."""
    return f"{schedule}.{period}.{place}@business-continuity" if period else f"{schedule}@business-continuity"


def _event(each: Event) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_escaped(each.uid)}",
        f"SEQUENCE:{each.sequence}",
        f"DTSTAMP:{_instant(each.changed)}",
        f"LAST-MODIFIED:{_instant(each.changed)}",
        f"DTSTART:{_instant(each.at)}",
        f"DTEND:{_instant(each.at + timedelta(seconds=each.lasts_s))}",
        f"SUMMARY:{_escaped(each.summary)}",
        f"DESCRIPTION:{_escaped(each.text)}",
        f"CATEGORIES:{_escaped(each.category)}",
        f"URL:{each.link}",
        f"STATUS:{'CANCELLED' if each.cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for plain, written in ESCAPES:
        text = text.replace(plain, written)
    return text.replace("\r", " ")


def _folded(line: str) -> list[str]:
    """At most 75 octets a line; what follows begins with a space. No character is cut in two."""
    found, piece, used = [], "", 0
    for char in line:
        length = len(char.encode())
        if used + length > WIDTH:
            found.append(piece)
            piece, used = " ", 1
        piece, used = piece + char, used + length
    return [*found, piece]
