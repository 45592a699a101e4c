"""What is to be done about a schedule's dates at one moment (FR-050, FR-051). Pure: dates and clock are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bc_lib.domain.schedules.times import Moment, day_of
from bc_lib.domain.schedules.values import Blackout, Outcome, PreNotice, Schedule, ScheduleState


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is to become of a date that has come."""

    outcome: Outcome
    code: str | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One pre-notice that is due: to whom, and which lead it belongs to."""

    notice: PreNotice
    due_at: datetime


def blacked_out(at: datetime, schedule: str | None, blackouts: Iterable[Blackout]) -> Blackout | None:
    """The blackout that an instant falls into, on the wall clock of the blackout's own zone."""
    return next(
        (
            each
            for each in blackouts
            if each.concerns(schedule) and each.first_day <= day_of(at, each.zone) <= each.last_day
        ),
        None,
    )


def verdict(
    schedule: Schedule, newest: bool, due_at: datetime, now: datetime, blackouts: Sequence[Blackout]
) -> Verdict:
    """For a date that has come while `schedule` was the version that stood; `newest`: it still is.

    In this order: a blackout; a schedule that was changed or paused before anybody looked; later than its catch-up.
    """
    found = blacked_out(due_at, schedule.id, blackouts)
    if found is not None:
        return Verdict(outcome=Outcome.SKIPPED, code="BLACKOUT", because=f"blackout: {found.reason}")
    if not newest:
        return Verdict(
            outcome=Outcome.MISSED,
            code="SCHEDULE_CHANGED",
            because="the schedule was changed before this date was turned into a request",
        )
    late = (now - due_at).total_seconds()
    if late > schedule.spec.catch_up_s:
        return Verdict(
            outcome=Outcome.MISSED, code="TOO_LATE", because="nobody looked in time: schedules were not being watched"
        )
    return Verdict(outcome=Outcome.REQUESTED)


def spans(
    versions: Sequence[Schedule], since: datetime | None, now: datetime
) -> list[tuple[Schedule, datetime, datetime]]:
    """Which version stood when, after `since` and up to `now`: (version, later than, up to and including).

    `versions` oldest first. Only times in which the schedule was active; a date before its first version never counts.
    """
    found = []
    for place, each in enumerate(versions):
        ends = versions[place + 1].at if place + 1 < len(versions) else now
        begins = each.at if since is None else max(each.at, since)
        if each.state is ScheduleState.ACTIVE and begins < min(ends, now):
            found.append((each, begins, min(ends, now)))
    return found


def notices_due(
    schedule: Schedule, dates: Iterable[Moment], now: datetime, blackouts: Sequence[Blackout]
) -> list[Told]:
    """Pre-notices whose time has come and whose date has not; of dates in a blackout none."""
    return [
        Told(notice=each, due_at=date.at)
        for date in dates
        if date.at > now and blacked_out(date.at, schedule.id, blackouts) is None
        for each in schedule.spec.notices
        if date.at - timedelta(seconds=each.lead_s) <= now
    ]


def collision(
    mine: Sequence[Moment], lasts_s: float, theirs: Sequence[Moment], their_lasts_s: float
) -> tuple[Moment, Moment] | None:
    """The first two dates that overlap; each busies its group from its instant for its length. Both in order."""
    place = 0
    for each in mine:
        while place < len(theirs) and (theirs[place].at - each.at).total_seconds() + their_lasts_s <= 0:
            place += 1
        if place < len(theirs) and (theirs[place].at - each.at).total_seconds() < lasts_s:
            return each, theirs[place]
    return None


def closest(dates: Sequence[Moment]) -> float | None:
    """The least distance between two dates that follow each other, in seconds; None for fewer than two."""
    return min(((b.at - a.at).total_seconds() for a, b in pairwise(dates)), default=None)
