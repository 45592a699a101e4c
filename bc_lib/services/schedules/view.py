"""One schedule, or all, as commands and pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bc_lib.domain.schedules.values import Blackout, Past, Schedule, ScheduleState, spec_json
from bc_lib.ports.recurrence import Recurrence
from bc_lib.ports.schedules import Feed
from bc_lib.services.gate import Gate
from bc_lib.services.schedules.upcoming import Coming, coming


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleView:
    """A schedule with its next dates (none while it is not active), its last ones, and everybody who edited it."""

    schedule: Schedule
    coming: tuple[Coming, ...]
    past: tuple[Past, ...] = ()
    editors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """All schedules; `now` is the database's clock."""

    now: datetime
    items: tuple[ScheduleView, ...]


def shown(gate: Gate, calendar: Recurrence, schedule: str, dates: int = 3) -> ScheduleView:
    """One schedule. Raises Denial UNKNOWN_SCHEDULE."""
    read = gate.store.read
    versions = read.schedules.versions(schedule)
    return ScheduleView(
        schedule=versions[-1],
        coming=_coming(gate, calendar, versions[-1], dates),
        past=tuple(read.schedules.past(schedule, 10)),
        editors=tuple(dict.fromkeys(each.editor_name for each in versions)),
    )


def listed(gate: Gate, calendar: Recurrence, *, removed: bool = False) -> Listed:
    """All of them, each with its next date."""
    read = gate.store.read
    schedules: Sequence[Schedule] = read.schedules.list(removed=removed)
    items = tuple(ScheduleView(schedule=each, coming=_coming(gate, calendar, each, 1)) for each in schedules)
    return Listed(now=read.now(), items=items)


def _coming(gate: Gate, calendar: Recurrence, schedule: Schedule, number: int) -> tuple[Coming, ...]:
    read = gate.store.read
    if schedule.state is not ScheduleState.ACTIVE:
        return ()
    return coming(calendar, schedule, read.now(), read.schedules.blackouts(), number)


def schedule_json(view: ScheduleView) -> dict[str, Any]:
    """For --json."""
    each = view.schedule
    return {
        "id": each.id,
        "version": each.version,
        "state": each.state.value,
        **spec_json(each.spec),
        "edited_by": each.editor_name,
        "edited_at": each.at.isoformat(),
        "editors": list(view.editors),
        "next": [coming_json(date) for date in view.coming],
        "past": [past_json(date) for date in view.past],
    }


def coming_json(date: Coming) -> dict[str, Any]:
    """A date to come."""
    return {
        "at": date.moment.at.isoformat(),
        "local": date.moment.local.isoformat(),
        "zone": date.schedule.spec.zone,
        "clock_change": date.moment.oddity.value if date.moment.oddity else None,
        "blackout": date.blackout.reason if date.blackout else None,
    }


def past_json(date: Past) -> dict[str, Any]:
    """A date that was dealt with."""
    return {
        "at": date.due_at.isoformat(),
        "outcome": date.outcome.value,
        "code": date.code,
        "because": date.because,
        "request": date.request,
    }


def blackout_json(each: Blackout) -> dict[str, Any]:
    """A blackout."""
    return {
        "id": each.id,
        "schedule": each.schedule,
        "first_day": each.first_day.isoformat(),
        "last_day": each.last_day.isoformat(),
        "zone": each.zone,
        "reason": each.reason,
        "by": each.by,
        "ended_at": each.ended_at.isoformat() if each.ended_at else None,
    }


def feed_json(each: Feed) -> dict[str, Any]:
    """A feed; its token is not known."""
    return {"id": each.id, "title": each.title, "of": each.name, "made_at": each.at.isoformat()}
