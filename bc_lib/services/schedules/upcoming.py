"""The next dates, with what is special about each. Looks, stores nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bc_lib.domain.schedules.judging import blacked_out
from bc_lib.domain.schedules.times import Moment
from bc_lib.domain.schedules.values import Blackout, Past, Schedule, ScheduleState
from bc_lib.ports.recurrence import InvalidRule, Recurrence
from bc_lib.services.gate import Gate

AHEAD = timedelta(days=3660)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """One date to come. `blackout`: it will be skipped."""

    schedule: Schedule
    moment: Moment
    blackout: Blackout | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Schedules, dates to come in order, what became of past ones, blackouts; `now` is the database's clock."""

    now: datetime
    schedules: tuple[Schedule, ...]
    coming: tuple[Coming, ...]
    past: tuple[Past, ...]
    blackouts: tuple[Blackout, ...]


def next_dates(gate: Gate, calendar: Recurrence, schedule: str, number: int) -> tuple[Coming, ...]:
    """The next dates of one schedule, as if it were active. Raises Denial."""
    read = gate.store.read
    return coming(calendar, read.schedules.get(schedule), read.now(), read.schedules.blackouts(), number)


def coming(
    calendar: Recurrence,
    schedule: Schedule,
    now: datetime,
    blackouts: Sequence[Blackout],
    number: int,
    ahead: timedelta = AHEAD,
) -> tuple[Coming, ...]:
    """Dates after now; none where the rule cannot be read any more (a zone that left the database of zones)."""
    try:
        dates = calendar.between(schedule.spec, now, now + ahead, number)
    except InvalidRule:
        return ()
    return tuple(
        Coming(schedule=schedule, moment=each, blackout=blacked_out(each.at, schedule.id, blackouts)) for each in dates
    )


def whole_calendar(gate: Gate, calendar: Recurrence, days: int, most: int = 200) -> Calendar:
    """Everything for a page: dates of active schedules within `days`, `most` of each, and the last 50 past ones."""
    read = gate.store.read
    now, schedules, blackouts = read.now(), read.schedules.list(), read.schedules.blackouts()
    found = [
        each
        for schedule in schedules
        if schedule.state is ScheduleState.ACTIVE
        for each in coming(calendar, schedule, now, blackouts, most, timedelta(days=days))
    ]
    return Calendar(
        now=now,
        schedules=tuple(schedules),
        coming=tuple(sorted(found, key=lambda each: (each.moment.at, each.schedule.id))),
        past=tuple(read.schedules.past()),
        blackouts=tuple(blackouts),
    )
