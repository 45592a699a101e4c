"""Implements ports.recurrence.Recurrence: RFC 5545 rules, of which python-dateutil computes the days.

Days, weeks, months and years are counted on the wall clock. Hours and minutes are counted as time that passes, so that
"every five minutes" is that on the days of a clock change too; such rules take no BY… part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from bc_lib.domain.schedules.times import Moment, moment, wall, zone_of
from bc_lib.domain.schedules.values import Spec
from bc_lib.ports.recurrence import InvalidRule

PASSING = {"MINUTELY": timedelta(minutes=1), "HOURLY": timedelta(hours=1)}
EVERY = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL"})
DAYS = EVERY | {"BYDAY", "BYMONTH", "BYHOUR", "BYMINUTE", "WKST"}
PARTS = {
    "MINUTELY": EVERY,
    "HOURLY": EVERY,
    "DAILY": DAYS,
    "WEEKLY": DAYS,
    "MONTHLY": DAYS | {"BYMONTHDAY", "BYSETPOS"},
    "YEARLY": DAYS | {"BYMONTHDAY", "BYSETPOS", "BYYEARDAY", "BYWEEKNO"},
}
UNTIL = re.compile(r"[0-9]{8}(T[0-9]{6})?\Z", re.ASCII)
NUMBER = re.compile(r"[1-9][0-9]{0,4}\Z", re.ASCII)
MAX_RULE = 200
A_DAY = timedelta(days=1)


class RruleCalendar:
    """Dates of specs."""

    def check(self, spec: Spec) -> None:
        """Raises InvalidRule where rule or zone cannot be used, or the rule gives no date at all."""
        zone = _zone(spec)
        if spec.rule is not None:
            parts_of(spec.rule)
            if next(_moments(spec, zone, _utc(spec, zone) - A_DAY), None) is None:
                raise InvalidRule("the rule gives no date at all")

    def between(self, spec: Spec, after: datetime, upto: datetime, limit: int = 500) -> Sequence[Moment]:
        """Dates in order, each instant once."""
        found: list[Moment] = []
        for each in _moments(spec, _zone(spec), after):
            if each.at > upto or len(found) >= limit:
                break
            if each.at > after and (not found or found[-1].at != each.at):
                found.append(each)
        return tuple(found)


def parts_of(rule: str) -> dict[str, str]:
    """The parts of a rule. Raises InvalidRule."""
    text = rule.strip().upper().removeprefix("RRULE:")
    if not text or len(text) > MAX_RULE or not text.isascii() or not text.isprintable():
        raise InvalidRule("the rule is empty, too long or not plain text")
    found: dict[str, str] = {}
    for piece in text.split(";"):
        name, equals, value = piece.partition("=")
        if not equals or not value or name in found:
            raise InvalidRule(f"{piece[:40]!a} is not a part of a rule, such as FREQ=WEEKLY")
        found[name] = value
    allowed = PARTS.get(found.get("FREQ", ""))
    if allowed is None:
        raise InvalidRule(f"FREQ must be one of {', '.join(PARTS)}")
    extra = sorted(found.keys() - allowed)
    if extra:
        raise InvalidRule(f"{extra[0][:20]!a} cannot be used with FREQ={found['FREQ']}")
    _check_values(found)
    return found


def _check_values(parts: dict[str, str]) -> None:
    for name in ("INTERVAL", "COUNT"):
        if name in parts and not NUMBER.match(parts[name]):
            raise InvalidRule(f"{name} must be a whole number from 1 to 99999")
    if parts["FREQ"] in {"DAILY", "WEEKLY"} and re.search(r"[0-9]", parts.get("BYDAY", "")):
        raise InvalidRule(f"BYDAY takes days without a number with FREQ={parts['FREQ']}, such as MO,TH")
    if {"COUNT", "UNTIL"} <= parts.keys():
        raise InvalidRule("COUNT and UNTIL cannot be used together")
    if "UNTIL" in parts and not UNTIL.match(parts["UNTIL"]):
        raise InvalidRule("UNTIL must be local, such as 20271231 or 20271231T120000, without Z")


def _zone(spec: Spec) -> ZoneInfo:
    zone = zone_of(spec.zone)
    if zone is None:
        raise InvalidRule(f"there is no time zone {spec.zone[:63]!a}; use one such as Europe/Amsterdam or UTC")
    return zone


def _utc(spec: Spec, zone: ZoneInfo) -> datetime:
    return moment(spec.starts, zone).at


def _moments(spec: Spec, zone: ZoneInfo, after: datetime) -> Iterator[Moment]:
    """Dates in order, from some time before `after`."""
    if spec.rule is None:
        yield moment(spec.starts, zone)
        return
    parts = parts_of(spec.rule)
    if parts["FREQ"] in PASSING:
        yield from _passing(spec, zone, parts, after)
        return
    for day, locals_ in groupby(_locals(spec, parts), key=datetime.date):
        if day >= wall(after, zone).date() - A_DAY:
            # Where clocks go forward two of them may be one instant, or change places.
            known = {found.at: found for local in locals_ if (found := moment(local, zone))}
            yield from (replace(known[at], place=place) for place, at in enumerate(sorted(known)))


def _locals(spec: Spec, parts: dict[str, str]) -> Iterator[datetime]:
    whole = dict(parts)
    if len(whole.get("UNTIL", "")) == 8:
        whole["UNTIL"] += "T235959"
    text = ";".join(f"{name}={value}" for name, value in whole.items())
    try:
        yield from rrulestr(f"RRULE:{text}", dtstart=spec.starts)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError) as error:
        raise InvalidRule(f"the rule cannot be read ({str(error)[:80]})") from error


def _passing(spec: Spec, zone: ZoneInfo, parts: dict[str, str], after: datetime) -> Iterator[Moment]:
    step = PASSING[parts["FREQ"]] * int(parts.get("INTERVAL", "1"))
    start, count = _utc(spec, zone), int(parts.get("COUNT", "0"))
    until = _until(parts.get("UNTIL"), zone)
    number = max(0, (after - start) // step)
    while True:
        at = start + number * step
        if (count and number >= count) or (until is not None and at > until) or at.year > 9000:
            return
        local = wall(at, zone)
        yield Moment(at=at, local=local, place=_place(start, step, at, zone))
        number += 1


def _place(start: datetime, step: timedelta, at: datetime, zone: ZoneInfo) -> int:
    """How many dates of the same local day came before."""
    midnight = moment(wall(at, zone).replace(hour=0, minute=0, second=0, microsecond=0), zone).at
    return int((at - max(start, start + -((start - midnight) // step) * step)) // step)


def _until(text: str | None, zone: ZoneInfo) -> datetime | None:
    if text is None:
        return None
    try:
        local = datetime.fromisoformat(text if "T" in text else f"{text}T235959")
    except ValueError as error:
        raise InvalidRule("UNTIL is not a date") from error
    return moment(local, zone).at.astimezone(UTC)
