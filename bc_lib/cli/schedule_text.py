"""What `bcctl schedule` says to people."""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.domain.schedules.times import zone_clock
from bc_lib.domain.schedules.values import Blackout, Past, Schedule
from bc_lib.domain.words import clock, duration
from bc_lib.ports.schedules import Feed
from bc_lib.services.schedules.upcoming import Coming
from bc_lib.services.schedules.view import Listed, ScheduleView


def list_lines(found: Listed) -> list[str]:
    """One line a schedule."""
    return [
        f"{each.schedule.id:<6} {each.schedule.state.value:<8} {each.schedule.spec.what}: {each.schedule.spec.title}; "
        + (f"next {_date(each.coming[0])}" if each.coming else "no date to come")
        for each in found.items
    ] or ["No schedules. Add one with: bcctl schedule add"]


def lines_of(view: ScheduleView) -> list[str]:
    """One schedule."""
    each, spec = view.schedule, view.schedule.spec
    lines = [
        f"{each.id}  {each.state.value}  {spec.what}  (version {each.version})",
        f"  {spec.title}: {spec.reason}",
        f"  {when(each)}; lasts {duration(spec.lasts_s)}; missed when seen over {duration(spec.catch_up_s)} late",
        f"  to {spec.where}",
    ]
    if spec.window_s is not None:
        opens = duration(spec.window_after_s) if spec.window_after_s else "at once"
        lines.append(f"  window opens {opens} after the date, for {duration(spec.window_s)}")
    lines += [f"  tells {notice.channel} {duration(notice.lead_s)} before" for notice in spec.notices]
    lines.append(
        f"  edited by {each.editor_name}, {clock(each.at)}; editors count as requesters: {', '.join(view.editors)}"
    )
    lines += [f"  next {_date(date)}" for date in view.coming]
    lines += [f"  was  {_past(date, spec.zone)}" for date in view.past]
    return lines


def next_lines(found: Sequence[Coming]) -> list[str]:
    """One line a date."""
    return [_date(each) for each in found] or ["No date to come."]


def blackout_lines(found: Sequence[Blackout]) -> list[str]:
    """One line a blackout."""
    return [
        f"{each.id:<4} {each.first_day} to {each.last_day} ({each.zone}), {each.schedule or 'every schedule'}: "
        f"{each.reason}, by {each.by}{f'; ended {clock(each.ended_at)}' if each.ended_at else ''}"
        for each in found
    ] or ["No blackouts. Add one with: bcctl schedule blackout add"]


def feed_lines(found: Sequence[Feed]) -> list[str]:
    """One line a feed; its address is nowhere."""
    return [f"{each.id:<4} {each.title}, of {each.name}, made {clock(each.at)}" for each in found] or [
        "No calendar feeds. Make one with: bcctl schedule feed add"
    ]


def when(schedule: Schedule) -> str:
    """`FREQ=DAILY from 2027-03-01 10:00 Europe/Amsterdam`."""
    spec = schedule.spec
    return f"{spec.rule + ' from' if spec.rule else 'once at'} {spec.starts:%Y-%m-%d %H:%M} {spec.zone}"


def _date(each: Coming) -> str:
    notes = []
    if each.moment.oddity:
        notes.append(each.moment.oddity.value)
    if each.blackout:
        notes.append(f"skipped: blackout {each.blackout.id}, {each.blackout.reason}")
    return zone_clock(each.moment.at, each.schedule.spec.zone) + "".join(f"; {note}" for note in notes)


def _past(each: Past, zone: str) -> str:
    said = f"{each.outcome.value} {each.request}" if each.request else f"{each.outcome.value}: {each.because}"
    return f"{zone_clock(each.due_at, zone)}: {said}"
