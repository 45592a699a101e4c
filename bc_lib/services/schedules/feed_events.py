"""Which dates a calendar feed shows: those of the last month, and those to come, with what became or will become."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from bc_lib.domain.schedules.icalendar import Event, period_of, uid_of
from bc_lib.domain.schedules.judging import blacked_out, spans
from bc_lib.domain.schedules.times import Moment, moment, zone_clock, zone_of
from bc_lib.domain.schedules.values import TAG_WORDS, Blackout, Outcome, Past, Schedule, ScheduleState
from bc_lib.domain.words import capital
from bc_lib.ports.recurrence import InvalidRule, Recurrence
from bc_lib.services.gate import Gate

BEHIND = timedelta(days=31)
AHEAD = timedelta(days=400)
MOST = 200
NOTHING_BY_ITSELF = "A request is made at this time. Nothing happens unless it is approved and confirmed after that."


def feed_events(gate: Gate, calendar: Recurrence) -> list[Event]:
    """In order of time; at most 200 past and 200 coming dates a schedule. Where a date was moved, where it is now."""
    found = {
        each.uid: each
        for schedule in gate.store.read.schedules.list(removed=True)
        for each in sorted(_events(gate, calendar, schedule), key=lambda event: event.at)
    }
    return sorted(found.values(), key=lambda each: (each.at, each.uid))


def _events(gate: Gate, calendar: Recurrence, schedule: Schedule) -> Iterator[Event]:
    read = gate.store.read
    now, blackouts, versions = read.now(), read.schedules.blackouts(), read.schedules.versions(schedule.id)
    past = {each.due_at: each for each in read.schedules.past(schedule.id, MOST)}
    for version, date in _dates(calendar, versions, now):
        uid = _uid(calendar, version, date)
        if uid is not None:
            yield _event(gate, version, date, uid, past.get(date.at), blacked_out(date.at, schedule.id, blackouts))


def _dates(calendar: Recurrence, versions: Sequence[Schedule], now: datetime) -> list[tuple[Schedule, Moment]]:
    """Each date once, of the version that stood then, or stands now."""
    stretches = [(version, after, upto) for version, after, upto in spans(versions, now - BEHIND, now)]
    if versions[-1].state is ScheduleState.ACTIVE:
        stretches.append((versions[-1], now, now + AHEAD))
    found: dict[datetime, tuple[Schedule, Moment]] = {}
    for version, after, upto in stretches:
        try:
            dates = calendar.between(version.spec, after, upto, MOST)
        except InvalidRule:  # its zone has left the database of zones
            continue
        found.update({date.at: (version, date) for date in dates})
    return list(found.values())


def _uid(calendar: Recurrence, version: Schedule, date: Moment) -> str | None:
    """By its place in its day, week, month or year, so that a change of the hour keeps it."""
    spec = version.spec
    zone = zone_of(spec.zone)
    if spec.rule is None or zone is None:
        return uid_of(version.id, "", 0)
    name, begins, _ = period_of(date.local, spec.rule)
    if name == f"{date.local:%Y-%m-%d}":
        return uid_of(version.id, name, date.place)
    first = moment(begins, zone).at - timedelta(seconds=1)
    return uid_of(version.id, name, len(calendar.between(spec, first, date.at, 400)) - 1)


def _event(
    gate: Gate, version: Schedule, date: Moment, uid: str, past: Past | None, blackout: Blackout | None
) -> Event:
    spec = version.spec
    skipped = blackout is not None if past is None else past.outcome is Outcome.SKIPPED
    what = capital(spec.what)
    lines = [
        f"{what}: {spec.title}.",
        f"{zone_clock(date.at, spec.zone)}; schedule {version.id}.",
        _became(past, blackout),
    ]
    link = f"/requests?id={quote(past.request)}" if past and past.request else f"/drills?schedule={quote(version.id)}"
    return Event(
        uid=uid,
        sequence=version.version,
        at=date.at,
        lasts_s=spec.busy_s,
        summary=f"{'Skipped: ' if skipped else ''}{what}",
        text="\n".join(lines),
        link=f"{gate.base_url}{link}",
        category=TAG_WORDS[spec.tag] if spec.tag else spec.type.value.capitalize(),
        changed=version.at,
        cancelled=skipped,
    )


def _became(past: Past | None, blackout: Blackout | None) -> str:
    if past is not None and past.request:
        return f"Request {past.request} was made. Nothing happens unless it is approved and confirmed."
    if past is not None:
        because = (past.because or "not known why").rstrip(".")
        return f"No request was made: {because}."
    return f"It will be skipped: blackout, {blackout.reason}." if blackout else NOTHING_BY_ITSELF
