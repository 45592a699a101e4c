"""The Drills page: what went wrong with dates, the month, the schedules, blackouts (FR-050, US-006, US-008)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bc_lib.domain.schedules.times import wall, zone_clock, zone_of
from bc_lib.domain.schedules.values import Blackout, Past, Schedule, ScheduleState
from bc_lib.services.schedules.upcoming import Calendar, Coming
from bc_lib.services.schedules.view import Listed, ScheduleView
from streamlit_app.presenters.drill_words import OUTCOMES, STATES, lasts, what, when
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.words import age, count, duration, moment

BLACKOUT_HEAD = ("Days", "Of", "Why", "By")
UNWATCHED_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLine:
    """A schedule in the list."""

    id: str
    title: str
    name: str
    state: Mark
    facts: str
    next: str
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulePage:
    """One schedule. `past`: when, mark, what is to be said, the request."""

    id: str
    title: str
    state: Mark
    lead: str
    rows: tuple[tuple[str, str], ...]
    coming: tuple[str, ...]
    past: tuple[tuple[str, Mark, str, str | None], ...]


def headline(found: Calendar, listed: Listed) -> str:
    """What is wrong, else what is next."""
    if found.trouble:
        return f"{count(len(found.trouble), 'date')} of the last 7 days without a request"
    first = _first(listed)
    if first is None:
        return "No drill is scheduled"
    left = duration((first.moment.at - found.now).total_seconds())
    return f"Next: {first.schedule.spec.what} in {left}"


def troubles(found: Calendar) -> tuple[str, ...]:
    """Dates that should have become requests, newest first; one sentence for each schedule and reason."""
    zones = {each.id: each.spec.zone for each in found.schedules}
    groups: dict[tuple[str, str], list[Past]] = {}
    for each in found.trouble:
        groups.setdefault((each.schedule, each.because or "not known why"), []).append(each)
    return tuple(
        f"{schedule}: {count(len(some), 'date')}, the last {zone_clock(some[0].due_at, zones[schedule])}: "
        f"{because.rstrip('.')}."
        for (schedule, because), some in groups.items()
    )


def unwatched(seen_at: datetime | None, now: datetime) -> str | None:
    """Where nobody looks, dates are missed: said before it hurts."""
    if seen_at is None:
        return "Nobody has looked at schedules yet, so no date becomes a request. See Health."
    silent = (now - seen_at).total_seconds()
    if silent <= UNWATCHED_S:
        return None
    return f"Schedules were last looked at {age(silent)}; dates are missed while nobody looks. See Health."


def schedule_lines(found: Listed, trouble: Sequence[Past]) -> tuple[ScheduleLine, ...]:
    """All that are not removed, the one that is next first."""
    bad = {each.schedule for each in trouble}
    lines = [_line(each, found.now, bad) for each in sorted(found.items, key=_order)]
    return tuple(lines)


def schedule_page(view: ScheduleView, now: datetime) -> SchedulePage:
    """Everything about one."""
    schedule, spec = view.schedule, view.schedule.spec
    window = None
    if spec.window_s is not None:
        opens = duration(spec.window_after_s) if spec.window_after_s else "at once"
        window = f"opens {opens} after the date, for {duration(spec.window_s)}"
    rows = (
        ("When", when(schedule)),
        ("Asks for", what(spec)),
        ("To", spec.where),
        ("Reason", spec.reason),
        ("Change ticket", spec.ticket),
        ("Takes", lasts(spec)),
        ("Window to start", window),
        ("Catch-up", f"a date noticed more than {duration(spec.catch_up_s)} late is missed"),
        ("Tells", ", ".join(f"{each.channel} {duration(each.lead_s)} before" for each in spec.notices) or None),
        ("Last edited by", f"{schedule.editor_name}, {moment(schedule.at, now)} (version {schedule.version})"),
        ("Count as requesters", f"{', '.join(view.editors)}: none of them can approve what it asks for"),
    )
    return SchedulePage(
        id=schedule.id,
        title=f"{what(spec)}: {spec.title}",
        state=STATES[schedule.state],
        lead=STATES[schedule.state].meaning.capitalize() + ".",
        rows=tuple((name, value) for name, value in rows if value),
        coming=tuple(date_words(each) for each in view.coming),
        past=tuple(_past(each, schedule) for each in view.past),
    )


def date_words(each: Coming) -> str:
    """A date to come, with what is special about it."""
    said = zone_clock(each.moment.at, each.schedule.spec.zone)
    if each.moment.oddity:
        said += f" ({each.moment.oddity.value})"
    return f"{said}: will be skipped, blackout {each.blackout.id} ({each.blackout.reason})" if each.blackout else said


def blackout_rows(found: Sequence[Blackout], today: date) -> list[tuple[int, tuple[str, str, str, str]]]:
    """Those that are not over, with their numbers; cells under BLACKOUT_HEAD."""
    return [
        (each.id, (_days(each), each.schedule or "every schedule", each.reason, each.by))
        for each in found
        if each.last_day >= today - timedelta(days=1)
    ]


def local_day(each: Past, schedule: Schedule) -> datetime:
    """The wall clock of a date that was, in its schedule's zone."""
    zone = zone_of(schedule.spec.zone)
    return wall(each.due_at, zone) if zone else each.due_at.replace(tzinfo=None)


def _days(each: Blackout) -> str:
    days = f"{each.first_day}" if each.first_day == each.last_day else f"{each.first_day} to {each.last_day}"
    return f"{days} ({each.zone})"


def _past(each: Past, schedule: Schedule) -> tuple[str, Mark, str, str | None]:
    said = "" if each.request else each.because or ""
    return zone_clock(each.due_at, schedule.spec.zone), OUTCOMES[each.outcome], said, each.request


def _first(listed: Listed) -> Coming | None:
    dates = [each.coming[0] for each in listed.items if each.coming and not each.coming[0].blackout]
    return min(dates, key=lambda each: each.moment.at, default=None)


def _order(view: ScheduleView) -> tuple[bool, datetime | str, str]:
    return not view.coming, view.coming[0].moment.at if view.coming else "", view.schedule.id


def _line(view: ScheduleView, now: datetime, bad: set[str]) -> ScheduleLine:
    schedule, spec = view.schedule, view.schedule.spec
    if view.coming:
        left = duration((view.coming[0].moment.at - now).total_seconds())
        upcoming = f"Next in {left}: {date_words(view.coming[0])}"
    else:
        upcoming = "No date to come." if schedule.state is ScheduleState.ACTIVE else "No dates until it is resumed."
    return ScheduleLine(
        id=schedule.id,
        title=what(spec),
        name=spec.title,
        state=STATES[schedule.state],
        facts=f"{schedule.id} · {when(schedule)} · edited by {schedule.editor_name}",
        next=upcoming,
        trouble="It has dates of the last 7 days without a request." if schedule.id in bad else None,
    )
