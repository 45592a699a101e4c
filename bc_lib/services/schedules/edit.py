"""Add, change, pause, resume, remove: each is a version of its own, with its editor, audited with before and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bc_lib.domain.actor import Actor
from bc_lib.domain.audit_changes import changed
from bc_lib.domain.authorization import Verb
from bc_lib.domain.names import MAX_LENGTH, MAX_TEXT, InvalidName, check_text
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.schedules.judging import blacked_out
from bc_lib.domain.schedules.values import Schedule, ScheduleState, Spec, changes_json
from bc_lib.ports.recurrence import InvalidRule, Recurrence
from bc_lib.ports.requests import RequestWork
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Act, Subject, acting
from bc_lib.services.schedules.checking import checked
from bc_lib.services.schedules.telling import tell_again, tell_called_off

ACTIVE, PAUSED, REMOVED = ScheduleState.ACTIVE, ScheduleState.PAUSED, ScheduleState.REMOVED
WORDS = {ACTIVE: "resume", PAUSED: "pause", REMOVED: "remove"}
OFF = {PAUSED: "the schedule was paused", REMOVED: "the schedule was removed"}


def add(gate: Gate, calendar: Recurrence, actor: Actor, spec: Spec, key: str) -> Schedule:
    """Store a schedule, active. The same key again returns what it stored. Raises Denial."""
    with acting(gate, actor, Verb.CHANGE_SCHEDULE, Subject(system=spec.scope.name[:MAX_LENGTH])) as act:
        work = act.work
        work.schedules.lock()
        earlier = work.schedules.by_key(actor, _key(key))
        if earlier is not None:
            if _filled_in(spec, earlier.spec) != earlier.spec:
                raise refusal("KEY_REUSED")
            return work.schedules.get(earlier.id)
        made = work.schedules.store(actor, checked(work, calendar, spec), ACTIVE, key, "")
        _record(act, "schedule.add", None, made)
        return made


def _filled_in(spec: Spec, stored: Spec) -> Spec:
    """A submission with what the first one of the same key had filled in."""
    return replace(spec, lasts_s=spec.lasts_s or stored.lasts_s, drill=spec.drill or stored.drill, tag=stored.tag)


def change(
    gate: Gate, calendar: Recurrence, actor: Actor, schedule: str, version: int, spec: Spec, key: str, note: str = ""
) -> Schedule:
    """Another version of it, made from `version`. Its state stays. Raises Denial."""
    with acting(gate, actor, Verb.CHANGE_SCHEDULE, Subject(system=spec.scope.name[:MAX_LENGTH])) as act:
        before = _open(act, actor, schedule, version, key)
        if before is None:
            return act.work.schedules.get(schedule)
        stored = checked(act.work, calendar, spec, schedule)
        if stored == before.spec:
            raise refusal("SCHEDULE_STATE", schedule=schedule, state="like that")
        after = act.work.schedules.store(actor, stored, before.state, key, _note(note), before)
        _record(act, "schedule.change", before, after)
        _call_off(gate, act.work, calendar, before, after, "the schedule was changed")
        return after


def turn(
    gate: Gate,
    calendar: Recurrence,
    actor: Actor,
    schedule: str,
    version: int | None,
    to: ScheduleState,
    key: str,
    note: str = "",
) -> Schedule:
    """Pause, resume or remove. `version` None: whatever is newest. Resuming looks at everything as adding does."""
    with acting(gate, actor, Verb.CHANGE_SCHEDULE, Subject()) as act:
        before = _open(act, actor, schedule, version, key)
        if before is None:
            return act.work.schedules.get(schedule)
        act.about.system = before.spec.scope.name
        if before.state is to:
            raise refusal("SCHEDULE_STATE", schedule=schedule, state=to.value)
        spec = checked(act.work, calendar, before.spec, schedule) if to is ACTIVE else before.spec
        after = act.work.schedules.store(actor, spec, to, key, _note(note), before)
        _record(act, f"schedule.{WORDS[to]}", before, after)
        if to in OFF:
            _call_off(gate, act.work, calendar, before, after, OFF[to])
        else:
            _call_again(gate, act.work, calendar, after)
        return after


def _open(act: Act, actor: Actor, schedule: str, version: int | None, key: str) -> Schedule | None:
    """The newest version, nobody else editing; None where this very submission was stored already."""
    schedules = act.work.schedules
    schedules.lock()
    earlier = schedules.by_key(actor, _key(key))
    if earlier is not None:
        if earlier.id != schedule:
            raise refusal("KEY_REUSED")
        return None
    before = schedules.get(schedule)
    if before.state is REMOVED:
        raise refusal("SCHEDULE_REMOVED", schedule=before.id)
    if version is not None and version != before.version:
        raise refusal("SCHEDULE_STALE", schedule=before.id)
    return before


def _call_off(gate: Gate, work: RequestWork, calendar: Recurrence, before: Schedule, after: Schedule, why: str) -> None:
    """Whoever was told that a date comes is told when it does not; a blackout has called its dates off before."""
    blackouts = work.schedules.blackouts()
    for due_at, channels in announced(work, before.id):
        stands = after.state is ACTIVE and still(calendar, after, due_at)
        if not stands and not blacked_out(due_at, before.id, blackouts):
            tell_called_off(gate, work, replace(after, spec=before.spec), due_at, channels, why)


def _call_again(gate: Gate, work: RequestWork, calendar: Recurrence, after: Schedule) -> None:
    """Whoever was told that a date is called off is told that it comes after all."""
    blackouts = work.schedules.blackouts()
    for due_at, channels in announced(work, after.id):
        if still(calendar, after, due_at) and not blacked_out(due_at, after.id, blackouts):
            tell_again(gate, work, after, due_at, channels, "the schedule was resumed")


def announced(work: RequestWork, schedule: str) -> list[tuple[datetime, list[str]]]:
    """Dates to come that stakeholders were told of, in order, each with its channels."""
    told: dict[datetime, set[str]] = {}
    for due_at, notice in work.schedules.told(schedule, work.now()):
        told.setdefault(due_at, set()).add(notice.channel)
    return [(due_at, sorted(told[due_at])) for due_at in sorted(told)]


def still(calendar: Recurrence, schedule: Schedule, due_at: datetime) -> bool:
    """Whether it is a date of the schedule as it is now."""
    try:
        return bool(calendar.between(schedule.spec, due_at - timedelta(seconds=1), due_at, 1))
    except InvalidRule:
        return False


def _record(act: Act, verb: str, before: Schedule | None, after: Schedule) -> None:
    payload = {
        "schedule": after.id,
        "version": after.version,
        "changes": changed(changes_json(before), changes_json(after)),
        **({"note": after.note} if after.note else {}),
    }
    act.record(verb, after.state.value, payload=payload)


def _key(key: str) -> str:
    if not 1 <= len(key) <= 100 or not key.isprintable():
        raise refusal("TEXT_INVALID", field="key", most=100)
    return key


def _note(note: str) -> str:
    try:
        return check_text("note", note) if note else ""
    except InvalidName as error:
        raise refusal("TEXT_INVALID", field="note", most=MAX_TEXT) from error
