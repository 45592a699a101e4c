"""The next dates, with what is special about each. Looks, stores nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.schedules.judging import blacked_out
from bc_lib.domain.schedules.times import Moment
from bc_lib.domain.schedules.values import Blackout, Outcome, Past, Schedule, ScheduleState, Spec
from bc_lib.ports.recurrence import InvalidRule, Recurrence
from bc_lib.services.gate import Gate

AHEAD = timedelta(days=3660)
RECENT = timedelta(days=7)
INSTANT = timedelta(microseconds=1)
MOST = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """One date to come. `blackout`: it will be skipped."""

    schedule: Schedule
    moment: Moment
    blackout: Blackout | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A stretch of time: every schedule, removed ones too, what became of its dates in it, those to come in order, and
    standing blackouts. `now` is the database's clock. `trouble`: dates of the last week that should have become a
    request and did not. `cut`: schedules with more dates in it than are given, with the last one that is; `past_cut`:
    older dates than the first of `past` are left out."""

    now: datetime
    schedules: tuple[Schedule, ...]
    coming: tuple[Coming, ...]
    past: tuple[Past, ...]
    blackouts: tuple[Blackout, ...]
    trouble: tuple[Past, ...]
    cut: tuple[tuple[Schedule, datetime], ...] = ()
    past_cut: bool = False


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
) -> tuple[Coming, ...]:
    """Dates after now; none where the rule cannot be read any more (a zone that left the database of zones)."""
    return tuple(_between(calendar, schedule, now, now + AHEAD, blackouts, number))


def calendar_between(gate: Gate, calendar: Recurrence, begins: datetime, ends: datetime) -> Calendar:
    """Everything for a page about `begins` to `ends`, both included."""
    read = gate.store.read
    now, schedules, blackouts = read.now(), read.schedules.list(removed=True), read.schedules.blackouts()
    dates = [
        _between(calendar, schedule, max(now, begins - INSTANT), ends, blackouts)
        for schedule in schedules
        if schedule.state is ScheduleState.ACTIVE and ends > now
    ]
    past = tuple(read.schedules.past(limit=MOST, after=begins - INSTANT, upto=ends))
    lately = read.schedules.past(limit=MOST, after=now - RECENT, upto=now)
    return Calendar(
        now=now,
        schedules=tuple(schedules),
        coming=tuple(
            sorted((each for some in dates for each in some), key=lambda each: (each.moment.at, each.schedule.id))
        ),
        past=past,
        blackouts=tuple(blackouts),
        trouble=tuple(each for each in lately if each.outcome in {Outcome.MISSED, Outcome.REFUSED}),
        cut=tuple((some[-1].schedule, some[-1].moment.at) for some in dates if len(some) >= MOST),
        past_cut=len(past) >= MOST,
    )


def dates_of(gate: Gate, calendar: Recurrence, spec: Spec, number: int) -> tuple[Moment, ...]:
    """The next dates that a spec would have; for a form. Raises Denial SCHEDULE_RULE."""
    now = gate.store.read.now()
    try:
        calendar.check(spec)
        return tuple(calendar.between(spec, now, now + AHEAD, number))
    except InvalidRule as error:
        raise refusal("SCHEDULE_RULE", why=str(error)) from error
    except OverflowError as error:
        raise refusal("SCHEDULE_RULE", why="its dates lie too far away") from error


def _between(
    calendar: Recurrence,
    schedule: Schedule,
    after: datetime,
    upto: datetime,
    blackouts: Sequence[Blackout],
    most: int = MOST,
) -> list[Coming]:
    try:
        dates = calendar.between(schedule.spec, after, upto, most)
    except InvalidRule:
        return []
    return [
        Coming(schedule=schedule, moment=each, blackout=blacked_out(each.at, schedule.id, blackouts)) for each in dates
    ]
