"""Days on which nothing is asked for: added and ended by editors of schedules, audited; those told hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.names import MAX_LENGTH, MAX_TEXT, InvalidName, check_text
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.schedules.judging import blacked_out
from bc_lib.domain.schedules.times import day_of, zone_of
from bc_lib.domain.schedules.values import Blackout, Schedule, ScheduleState
from bc_lib.ports.recurrence import Recurrence
from bc_lib.ports.requests import RequestWork
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Act, Subject, acting
from bc_lib.services.schedules.edit import announced, still
from bc_lib.services.schedules.telling import tell_again, tell_called_off

MOST_DAYS = 400


def add_blackout(gate: Gate, calendar: Recurrence, actor: Actor, wanted: Blackout) -> Blackout:
    """Store it (`wanted.id`, `by` and `ended_at` do not matter). The same days for the same reason again are the same
    blackout. Dates that were announced and fall into it are called off. Raises Denial."""
    with acting(gate, actor, Verb.CHANGE_SCHEDULE, Subject()) as act:
        schedules = act.work.schedules
        schedules.lock()
        _check(act.work, wanted)
        before = schedules.blackouts()
        known = next((each for each in before if _same(each, wanted)), None)
        if known is not None:
            return known
        made = schedules.add_blackout(
            actor, wanted.schedule, wanted.first_day, wanted.last_day, wanted.zone, wanted.reason
        )
        _record(act, "schedule.blackout-add", "added", made)
        for schedule, due_at, channels in _told(act.work, calendar):
            if made.concerns(schedule.id) and _hits(due_at, schedule, [made]) and not _hits(due_at, schedule, before):
                tell_called_off(gate, act.work, schedule, due_at, channels, f"blackout: {made.reason}")
        return made


def end_blackout(gate: Gate, calendar: Recurrence, actor: Actor, number: int) -> Blackout:
    """It ends for good; dates in it that were announced come again, and that is told. Raises Denial."""
    with acting(gate, actor, Verb.CHANGE_SCHEDULE, Subject()) as act:
        schedules = act.work.schedules
        schedules.lock()
        before = next((each for each in schedules.blackouts() if each.id == number), None)
        if before is None:
            raise refusal("UNKNOWN_BLACKOUT", blackout=number)
        schedules.end_blackout(actor, number)
        after = replace(before, ended_at=act.work.now())
        _record(act, "schedule.blackout-end", "ended", after)
        left = schedules.blackouts()
        for schedule, due_at, channels in _told(act.work, calendar):
            if _hits(due_at, schedule, [before]) and not _hits(due_at, schedule, left):
                tell_again(gate, act.work, schedule, due_at, channels, f"blackout {number} was ended")
        return after


def _check(work: RequestWork, wanted: Blackout) -> None:
    try:
        check_text("reason", wanted.reason)
    except InvalidName as error:
        raise refusal("TEXT_INVALID", field="reason", most=MAX_TEXT) from error
    if zone_of(wanted.zone) is None:
        raise _bad(f"there is no time zone {wanted.zone[:MAX_LENGTH]!a}; use one such as Europe/Amsterdam or UTC")
    if wanted.last_day < wanted.first_day:
        raise _bad("its last day is before its first")
    if (wanted.last_day - wanted.first_day).days > MOST_DAYS:
        raise _bad(f"it may be at most {MOST_DAYS} days long")
    today = day_of(work.now(), wanted.zone)
    if wanted.last_day < today:
        raise _bad(f"its last day {wanted.last_day} is over (today is {today} in {wanted.zone})")
    if not today.year <= wanted.last_day.year <= today.year + 10:
        raise _bad("it lies more than ten years ahead")
    if wanted.schedule is not None and work.schedules.get(wanted.schedule).state is ScheduleState.REMOVED:
        raise refusal("SCHEDULE_REMOVED", schedule=wanted.schedule)


def _same(each: Blackout, wanted: Blackout) -> bool:
    def said(one: Blackout) -> tuple[str | None, date, date, str, str]:
        return one.schedule, one.first_day, one.last_day, one.zone, one.reason

    return said(each) == said(wanted)


def _told(work: RequestWork, calendar: Recurrence) -> list[tuple[Schedule, datetime, list[str]]]:
    """Dates to come that stakeholders know of: (schedule, date, channels)."""
    return [
        (schedule, due_at, channels)
        for schedule in work.schedules.list()
        if schedule.state is ScheduleState.ACTIVE
        for due_at, channels in announced(work, schedule.id)
        if still(calendar, schedule, due_at)
    ]


def _hits(due_at: datetime, schedule: Schedule, blackouts: Sequence[Blackout]) -> bool:
    return blacked_out(due_at, schedule.id, blackouts) is not None


def _record(act: Act, verb: str, outcome: str, each: Blackout) -> None:
    payload = {
        "blackout": each.id,
        "schedule": each.schedule,
        "first_day": each.first_day.isoformat(),
        "last_day": each.last_day.isoformat(),
        "zone": each.zone,
        "reason": each.reason,
    }
    act.record(verb, outcome, payload=payload)


def _bad(why: str) -> Exception:
    return refusal("BLACKOUT_INVALID", why=why)
