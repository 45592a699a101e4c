"""Dates that have come become requests, one each, and stakeholders are told ahead. For a job, as bc_runner.

Any number of these may run at once, and after any pause: a date is settled by one row in the transaction that makes its
request. Nothing here approves, confirms or starts anything (FR-052).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from bc_lib.domain.actor import Actor
from bc_lib.domain.audit import AuditEntry, Kind, system_actor
from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.notice import RequestNoticeKind
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.values import NewRequest, Request
from bc_lib.domain.schedules.judging import Verdict, notices_due, spans, verdict
from bc_lib.domain.schedules.values import Outcome, Past, Schedule, ScheduleState
from bc_lib.domain.words import count
from bc_lib.ports.recurrence import InvalidRule, Recurrence
from bc_lib.ports.requests import RequestWork
from bc_lib.services.gate import Gate
from bc_lib.services.passes import Pass
from bc_lib.services.requests.create import check_policy, submission_digest
from bc_lib.services.requests.look import drill_kind, plan_now
from bc_lib.services.requests.notices import tell
from bc_lib.services.requests.rivals import refuse_rival
from bc_lib.services.schedules.target import target_of
from bc_lib.services.schedules.telling import tell_coming, tell_not_asked

log = logging.getLogger(__name__)
WATCH = "schedules"
AT_ONCE = 500


@dataclass(slots=True)
class Done:
    """What one look did. `troubles`: one sentence for each schedule that could not be looked at."""

    requested: int = 0
    not_requested: int = 0
    told: int = 0
    troubles: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = f"{count(self.requested, 'request')} made, {count(self.not_requested, 'date')} without one, "
        return text + f"{count(self.told, 'pre-notice')} sent" + "".join(f"; {each}" for each in self.troubles)


@dataclass(frozen=True, slots=True)
class _Date:
    version: Schedule
    newest: bool
    at: datetime


def run_due(gate: Gate, calendar: Recurrence) -> Done:
    """One look at every schedule. A schedule in trouble does not hold up the others."""
    done, looked = Done(), Pass(gate.store.read.now)
    for schedule in gate.store.read.schedules.list(removed=True):
        try:
            _dates(gate, calendar, schedule.id, done)
            _pre_notices(gate, calendar, schedule, done)
        except (Denial, InvalidRule) as trouble:
            why = trouble.sentence if isinstance(trouble, Denial) else str(trouble)
            log.warning("Schedule %s was left for the next look: %s", schedule.id, why)
            done.troubles += (f"{schedule.id}: {why}",)
        except Exception as trouble:  # whatever is wrong with this one
            looked.missed(f"schedule {schedule.id}", trouble)
    done.troubles += tuple(looked.troubles)
    return done


def _dates(gate: Gate, calendar: Recurrence, schedule: str, done: Done) -> None:
    """In the order of time, so that the last settled date is where the next look begins."""
    read = gate.store.read
    versions, since, now = read.schedules.versions(schedule), read.schedules.last_due(schedule), read.now()
    dates = [
        _Date(version, version is versions[-1], date.at)
        for version, after, upto in spans(versions, since, now)
        for date in calendar.between(version.spec, after, upto, AT_ONCE)
    ][:AT_ONCE]
    blackouts = read.schedules.blackouts()

    def judged(date: _Date) -> Verdict:
        return verdict(date.version, date.newest, date.at, now, blackouts)

    for asks, some in groupby(dates, key=lambda date: judged(date).outcome is Outcome.REQUESTED):
        if not asks:
            done.not_requested += _without(gate, [(date, judged(date)) for date in some])
            continue
        for date in some:
            outcome = _ask(gate, date)
            done.requested += outcome is Outcome.REQUESTED
            done.not_requested += outcome is Outcome.REFUSED


def _ask(gate: Gate, date: _Date) -> Outcome | None:
    """Settle one date with its request, or with why there cannot be one now; None where it was settled before."""
    spec = date.version.spec
    with gate.store.work() as work:
        try:
            new, plan = _wanted(work, date)
        except Denial as denial:
            found = Verdict(outcome=Outcome.REFUSED, code=denial.code, because=denial.sentence)
            return Outcome.REFUSED if _settle(gate, work, [(date, found)]) else None
        if not work.schedules.settle(date.version, date.at, Outcome.REQUESTED, None, None):
            return None
        name = date.version.editor_name
        request = work.create(new, _asker(date.version, work.now()), plan, submission_digest(new), name)
        work.record(_created(date, request, plan))
        channels = [each.channel for each in spec.notices]
        tell(gate, work, RequestNoticeKind.CREATED, request, f"schedule {date.version.id} ({name})", channels=channels)
        return Outcome.REQUESTED


def _wanted(work: RequestWork, date: _Date) -> tuple[NewRequest, Plan]:
    """What is asked for at this date, and its plan. Raises Denial."""
    version, spec = date.version, date.version.spec
    person = work.person(version.issuer, version.subject)
    if person is None or person.disabled:
        raise refusal("EDITOR_GONE", schedule=version.id, name=version.editor_name)
    opens = None if spec.window_after_s is None else date.at + timedelta(seconds=spec.window_after_s)
    new = NewRequest(
        type=spec.type,
        scope=spec.scope,
        target_site=target_of(work, spec),
        reason=spec.reason,
        key=f"schedule/{version.id}/{date.at.isoformat()}",
        ticket=spec.ticket,
        window_start=opens,
        window_end=None if opens is None else opens + timedelta(seconds=spec.window_s or 0),
        drill=spec.drill,
        schedule=version.id,
        due_at=date.at,
        tag=spec.tag.value if spec.tag else None,
    )
    policy = work.policy()
    plan = plan_now(work, policy, new.type, new.scope, new.target_site, drill_kind(new), asking=True)
    check_policy(new, policy, plan)
    refuse_rival(work, new, plan, None)
    return new, plan


def _asker(version: Schedule, now: datetime) -> Actor:
    """The last editor asks, through the schedule: nobody is signed in, and no role of theirs is used."""
    return Actor(
        issuer=version.issuer,
        subject=version.subject,
        display_name=version.editor_name,
        roles=frozenset(),
        how="schedule",
        at=now,
        channel="job",
    )


def _created(date: _Date, request: Request, plan: Plan) -> AuditEntry:
    return AuditEntry(
        kind=Kind.COMPLETED,
        verb="request.create",
        actor=system_actor(WATCH),
        channel="job",
        system=request.scope.name,
        members=tuple(target.resource for target in plan.targets),
        request_id=request.id,
        outcome=request.state.value,
        payload={
            "schedule": date.version.id,
            "schedule_version": date.version.version,
            "due_at": date.at.isoformat(),
            "requester": request.requester_name,
            "editors": list(request.editors),
            "type": request.type.value,
            "drill": request.drill,
            "tag": request.tag,
            "target_site": request.target_site,
            "reason": request.reason,
            "ticket": request.ticket,
            "tier": plan.tier,
            "environment": plan.environment,
            "policy": [plan.policy_version, plan.policy_position],
            "plan_digest": plan.digest(),
        },
    )


def _without(gate: Gate, dates: Sequence[tuple[_Date, Verdict]]) -> int:
    """Settle dates that become no request; how many were not settled before."""
    with gate.store.work() as work:
        return _settle(gate, work, dates)


def _settle(gate: Gate, work: RequestWork, dates: Sequence[tuple[_Date, Verdict]]) -> int:
    """One record and one message for each reason. Of a blackout nobody is told again: that was known before."""
    fresh = [
        (date, found)
        for date, found in dates
        if work.schedules.settle(date.version, date.at, found.outcome, found.code, found.because)
    ]
    for (code, because), some in groupby(fresh, key=lambda each: (each[1].code, each[1].because)):
        settled = list(some)
        version, times = settled[0][0].version, [date.at for date, _ in settled]
        outcome = settled[0][1].outcome
        work.record(
            AuditEntry(
                kind=Kind.RECORDED,
                verb=f"schedule.{outcome.value}",
                actor=system_actor(WATCH),
                channel="job",
                system=version.spec.scope.name,
                reason_code=code,
                outcome=outcome.value,
                payload={
                    "schedule": version.id,
                    "version": version.version,
                    "dates": len(times),
                    "first": times[0].isoformat(),
                    "last": times[-1].isoformat(),
                    "because": because,
                },
            )
        )
        if outcome is not Outcome.SKIPPED:
            tell_not_asked(gate, work, version, times, because or "", work.now())
    return len(fresh)


def _pre_notices(gate: Gate, calendar: Recurrence, schedule: Schedule, done: Done) -> None:
    """Each list once for each lead; where several leads are due together, with one message."""
    if schedule.state is not ScheduleState.ACTIVE or not schedule.spec.notices:
        return
    read = gate.store.read
    now = read.now()
    ahead = now + timedelta(seconds=max(each.lead_s for each in schedule.spec.notices))
    dates = calendar.between(schedule.spec, now, ahead, AT_ONCE)
    sent = set(read.schedules.told(schedule.id, now))
    due = [
        each
        for each in notices_due(schedule, dates, now, read.schedules.blackouts())
        if (each.due_at, each.notice) not in sent
    ]
    for (due_at, channel), some in groupby(
        sorted(due, key=lambda each: (each.due_at, each.notice.channel)),
        key=lambda each: (each.due_at, each.notice.channel),
    ):
        with gate.store.work() as work:
            fresh = [each for each in some if work.schedules.tell_once(schedule, due_at, each.notice)]
            if fresh:
                done.told += tell_coming(gate, work, schedule, due_at, channel, now)


def settled(dates: Sequence[Past], due_at: datetime) -> Past | None:
    """What became of one date, where it is known."""
    return next((each for each in dates if each.due_at == due_at), None)
