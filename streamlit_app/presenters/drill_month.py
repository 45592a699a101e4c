"""A month of dates as a calendar, each on the wall clock of its own schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bc_lib.domain.schedules.times import zone_clock, zone_of
from bc_lib.domain.schedules.values import Blackout, Schedule
from bc_lib.services.schedules.upcoming import Calendar, Coming
from streamlit_app.presenters.drill_words import COMING, OUTCOMES, SKIPS, what
from streamlit_app.presenters.drills import local_day
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.words import count, moment

ALONE = 3
FAR = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One date, or many of one schedule on one day. `request`: where it leads to one, else to its schedule."""

    clock: str
    text: str
    mark: Mark
    schedule: str
    request: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A cell. `blackout`: why nothing is asked for on it."""

    day: date
    inside: bool
    today: bool
    blackouts: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Weeks from Monday. `before`, `after`: the other months' names in the address. `left_out`: what is not
    shown."""

    title: str
    before: str
    after: str
    weeks: tuple[tuple[Day, ...], ...]
    left_out: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing on any day of the month."""
        return not any(day.entries or day.blackouts for week in self.weeks for day in week if day.inside)


def month_of(text: str, today: date) -> date:
    """The first day of `2027-03`; of this month for anything else, or where it is more than ten years away."""
    try:
        found = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        return today.replace(day=1)
    return found if abs((found.year - today.year) * 12 + found.month - today.month) <= FAR else today.replace(day=1)


def stretch(first: date) -> tuple[datetime, datetime]:
    """The instants that any zone's wall clock can count to the month's weeks."""
    begins, ends = _grid(first)
    start = datetime(begins.year, begins.month, begins.day, tzinfo=UTC)
    return start - timedelta(days=1), start + (ends - begins) + timedelta(days=2)


def month(found: Calendar, first: date) -> Month:
    """The month that begins with `first`."""
    begins, ends = _grid(first)
    schedules = {each.id: each for each in found.schedules}
    by_day: dict[date, list[tuple[datetime, Schedule, Mark, str | None]]] = {}
    for past in found.past:
        schedule = schedules[past.schedule]
        local = local_day(past, schedule)
        by_day.setdefault(local.date(), []).append((local, schedule, OUTCOMES[past.outcome], past.request))
    settled = {(each.schedule, each.due_at) for each in found.past}
    for coming in found.coming:
        if (coming.schedule.id, coming.moment.at) not in settled:
            local = coming.moment.local
            by_day.setdefault(local.date(), []).append((local, coming.schedule, _mark(coming), None))
    today = found.now.date()
    days = [
        Day(
            day=day,
            inside=day.month == first.month,
            today=day == today,
            blackouts=tuple(_blackout(each) for each in found.blackouts if each.first_day <= day <= each.last_day),
            entries=_entries(by_day.get(day, [])),
        )
        for day in (begins + timedelta(days=number) for number in range((ends - begins).days + 1))
    ]
    return Month(
        title=f"{first:%B %Y}",
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{first + timedelta(days=31):%Y-%m}",
        weeks=tuple(tuple(days[place : place + 7]) for place in range(0, len(days), 7)),
        left_out=_left_out(found),
    )


def _left_out(found: Calendar) -> tuple[str, ...]:
    """An empty day must not look like a day without dates."""
    coming = tuple(
        f"{schedule.id} has more dates than are shown here: after {zone_clock(last, schedule.spec.zone)} none is shown."
        for schedule, last in found.cut
    )
    if not found.past_cut or not found.past:
        return coming
    return (*coming, f"Dates before {moment(found.past[-1].due_at)} are not shown: there were too many since.")


def _grid(first: date) -> tuple[date, date]:
    """From the Monday before the month to the Sunday after it."""
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def _mark(each: Coming) -> Mark:
    return SKIPS if each.blackout else COMING


def _blackout(each: Blackout) -> str:
    return f"Blackout: {each.reason}" + (f" ({each.schedule})" if each.schedule else "")


def _entries(found: Sequence[tuple[datetime, Schedule, Mark, str | None]]) -> tuple[Entry, ...]:
    """A schedule with more than three dates of one kind on a day takes one line, not a hundred."""
    kinds: dict[tuple[str, str], list[tuple[datetime, Schedule, Mark, str | None]]] = {}
    for each in sorted(found, key=lambda one: (one[0], one[1].id)):
        kinds.setdefault((each[1].id, each[2].word), []).append(each)
    entries: list[tuple[datetime, Entry]] = []
    for some in kinds.values():
        if len(some) <= ALONE:
            entries += [(local, _entry(local, schedule, mark, request)) for local, schedule, mark, request in some]
        else:
            local, schedule, mark, _ = some[0]
            text = f"{what(schedule.spec)}, {count(len(some), 'date')}"
            clock = f"{local:%H:%M}–{some[-1][0]:%H:%M} {_zone(local, schedule)}"
            entries.append((local, Entry(clock=clock, text=text, mark=mark, schedule=schedule.id)))
    return tuple(entry for _, entry in sorted(entries, key=lambda each: (each[0], each[1].schedule)))


def _entry(local: datetime, schedule: Schedule, mark: Mark, request: str | None) -> Entry:
    clock = f"{local:%H:%M} {_zone(local, schedule)}"
    return Entry(clock=clock, text=what(schedule.spec), mark=mark, schedule=schedule.id, request=request)


def _zone(local: datetime, schedule: Schedule) -> str:
    zone = zone_of(schedule.spec.zone)
    return (local.replace(tzinfo=zone).tzname() if zone else None) or schedule.spec.zone
