"""Ends of a run, and its way back to service: state, outcome, audit and notice in one transaction (FR-022, FR-040)."""

from __future__ import annotations

from bc_lib.domain.audit import AuditEntry, Kind, system_actor
from bc_lib.domain.execution import derive
from bc_lib.domain.execution.clock import outage_s
from bc_lib.domain.execution.outcome import Outcome, Owed
from bc_lib.domain.execution.progress import headline, progress, rows
from bc_lib.domain.execution.rehearsing import rehearsal_words
from bc_lib.domain.execution.run import Run, RunLease
from bc_lib.domain.execution.stated import losses, writers
from bc_lib.domain.loss import told
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.notice import RequestNoticeKind
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.runs import RunChange, RunWork
from bc_lib.services.execution.parts import Execution
from bc_lib.services.requests.notices import tell
from bc_lib.services.requests.verify import RUNNER


def review_open(work: RunWork, request: Request) -> bool:
    """Whether the break-glass that stood in for approvers still waits for its review."""
    return request.breakglass is not None and work.grant(request.breakglass).open


def owed_now(run: Run, *, review_open: bool) -> tuple[Owed, ...]:
    """What is owed as the journal stands."""
    return derive.owed(run, review_open=review_open)


def fail(ex: Execution, work: RunWork, lease: RunLease, why: str, *, stopping: bool) -> Request:
    """The request has failed; its outcome is what the journal says. `stopping`: somebody wanted it to stop."""
    request, run = work.lock(lease.request), _run(work, lease)
    outcome, moments = derive.outcome(run), derive.moments(run)
    members = derive.members(run)
    if stopping and request.state is not State.STOPPING:
        work.change_run(lease, RunChange())
        request = work.move(request, State.STOPPING, Event.STOP, RUNNER, why[:900])
    work.change_run(
        lease,
        RunChange(
            outcome=outcome,
            members=members,
            outage_began_at=moments.outage_began_at,
            unprotected_since=moments.unprotected_since,
            held_because=why if stopping else "",
            ended=True,
        ),
    )
    request = work.move(request, State.FAILED, Event.FAIL, RUNNER, why[:900])
    run = _run(work, lease)
    _record(work, request, run, Kind.FAILED, outcome.value, "STOPPED" if stopping else "STEP_FAILED", why)
    work.say(request.id, "error", f"{headline(run, request.state)} {why}".strip())
    told = RequestNoticeKind.ROLLED_BACK if outcome is Outcome.ROLLED_BACK else RequestNoticeKind.FAILED
    text = f"{headline(run, request.state)} {why}".strip()
    tell(ex.gate, work, told, request, "", text, more=rows(progress(run, _plan(work, request), request.state)))
    return request


def restore(ex: Execution, work: RunWork, lease: RunLease) -> Request:
    """Clients write again; what is owed is said."""
    request, run = work.lock(lease.request), _run(work, lease)
    moments = derive.moments(run)
    owed = derive.owed(run, review_open=review_open(work, request))
    if request.state is State.HELD:
        work.change_run(lease, RunChange(held_because=""))
        request = work.move(request, State.RUNNING, Event.RESUME, RUNNER)
    work.change_run(
        lease,
        RunChange(
            owed=owed,
            members=derive.members(run),
            outage_began_at=moments.outage_began_at,
            restored_at=moments.restored_at,
            unprotected_since=moments.unprotected_since,
        ),
    )
    request = work.move(request, State.SERVICE_RESTORED, Event.RESTORE, RUNNER)
    run = _run(work, lease)
    _record(work, request, run, Kind.RECORDED, request.state.value, None, "clients write again")
    work.say(request.id, "info", headline(run, request.state))
    if owed:
        tell(ex.gate, work, RequestNoticeKind.RESTORED, request, "", headline(run, request.state))
    return request


def complete(ex: Execution, work: RunWork, lease: RunLease) -> Request:
    """Nothing is owed any more."""
    request, run = work.lock(lease.request), _run(work, lease)
    since = derive.moments(run).unprotected_since
    change = RunChange(owed=(), members=derive.members(run), protected=since is None, ended=True)
    work.change_run(lease, change)
    request = work.move(request, State.SUCCEEDED, Event.COMPLETE, RUNNER)
    run = _run(work, lease)
    _record(work, request, run, Kind.COMPLETED, request.state.value, None, "")
    plan = _plan(work, request)
    said = " ".join(told(losses(run, plan), writers(run, plan)))
    work.say(request.id, "info", f"{headline(run, request.state)} {said}".strip())
    tell(ex.gate, work, RequestNoticeKind.SUCCEEDED, request, "", rehearsal_words(run) or None)
    return request


def _record(work: RunWork, request: Request, run: Run, kind: Kind, outcome: str, code: str | None, why: str) -> None:
    plan = _plan(work, request)
    seconds = outage_s(run, work.now())
    work.record(
        AuditEntry(
            kind=kind,
            verb="request.run",
            actor=system_actor(RUNNER),
            channel="job",
            system=request.scope.name,
            members=tuple(target.resource for target in plan.targets),
            request_id=request.id,
            reason_code=code,
            outcome=outcome,
            payload={
                "executor": run.executor,
                "requester": request.requester_name,
                "confirmed_by": request.confirmed_by,
                "plan_digest": plan.digest(),
                "state": request.state.value,
                "because": why,
                "members": {name: each.value for name, each in run.members.items()},
                "owed": [each.value for each in run.owed],
                "outage_s": None if seconds is None else round(seconds, 3),
                "loss": list(told(losses(run, plan), writers(run, plan))),
                "steps": [f"{each.step.key}: {each.state.value}. {each.sentence}".strip() for each in run.steps],
            },
        )
    )


def _run(work: RunWork, lease: RunLease) -> Run:
    found = work.run(lease.request)
    if found is None:
        raise LookupError(lease.request)
    return found


def _plan(work: RunWork, request: Request) -> Plan:
    return work.plan(request.id).plan
