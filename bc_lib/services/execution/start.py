"""The claim (decision 5): everything is read again, then one transaction takes the resources and writes the journal."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bc_lib.domain.audit import AuditEntry, Kind, system_actor
from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.findings import Finding, Severity, blocking, told
from bc_lib.domain.execution.outcome import Outcome
from bc_lib.domain.execution.rehearsing import can_look, rehearsed
from bc_lib.domain.execution.run import RunLease
from bc_lib.domain.execution.step_words import executor_words
from bc_lib.domain.loss import LossProof
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.notice import RequestNoticeKind
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.runs import RunChange, RunWork
from bc_lib.services.execution.against import not_yet
from bc_lib.services.execution.conditions import MAY_PASS, Agreed, agreed
from bc_lib.services.execution.parts import Execution
from bc_lib.services.execution.prechecks import prechecks
from bc_lib.services.requests.look import by_hosts, seen_now
from bc_lib.services.requests.notices import tell
from bc_lib.services.requests.outage import outage_seen
from bc_lib.services.requests.verify import RUNNER, check_ready
from bc_lib.services.requests.words import look_at_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """`lease` None: a precheck said no, and the request has failed, untouched. `taken_at`: as LeaseKeeper's."""

    lease: RunLease | None
    taken_at: float
    text: str = ""


def start(ex: Execution, request_id: str, executor: str, quiet: frozenset[str] = frozenset()) -> Started:
    """Take the edge to Running. Raises Denial, audited, where it may not start; the request stays as it is then, or its
    approvals are void."""
    return _start(ex, request_id, executor, quiet, claims=True)


def ready(ex: Execution, request_id: str, executor: str, quiet: frozenset[str] = frozenset()) -> str:
    """Everything that a start asks, without starting: empty where it may. A precheck that says no ends the request,
    untouched, and is returned. Raises Denial as start does."""
    return _start(ex, request_id, executor, quiet, claims=False).text


def _start(ex: Execution, request_id: str, executor: str, quiet: frozenset[str], *, claims: bool) -> Started:
    denial: Denial | None = None
    look_at_words(ex.gate)  # a thaw counts here once it is proven
    try:
        findings = _fresh(ex, request_id)
        taken_at = time.monotonic()
        with ex.gate.store.work() as work:
            request = work.lock(request_id)
            denial = check_ready(ex.gate, work, request)
            if denial is None:
                return _claim(ex, work, request, findings, executor, taken_at, claims=claims)
    except Denial as refused:
        denial = refused
    if denial.code not in quiet:
        refuse(ex, request_id, denial, executor)
    raise denial


def refuse(ex: Execution, request_id: str, denial: Denial, executor: str) -> None:
    """Audit a start that was refused; one that waits for somebody says so in the request's log, which pages show."""
    with ex.gate.store.work() as work:
        if denial.code in MAY_PASS:
            work.say(request_id, "warning", not_yet(denial.sentence))
        work.record(
            AuditEntry(
                kind=Kind.DENIED,
                verb="request.start",
                actor=system_actor(RUNNER),
                channel="job",
                request_id=request_id[:20],
                reason_code=denial.code,
                outcome="denied",
                payload={"sentence": denial.sentence, "executor": executor},
            )
        )


def _fresh(ex: Execution, request_id: str) -> Sequence[Finding]:
    """Prechecks that are young enough by the database's clock, else new ones."""
    read = ex.gate.store.read
    request, stored = read.get(request_id), read.prechecks(request_id)
    if request.state is not State.READY_TO_START:
        return ()  # refused under the lock, with the state as it is then
    if stored is not None and timedelta() <= read.now() - stored[0] < timedelta(seconds=ex.evidence_s):
        return stored[1]
    return prechecks(ex, request_id)


def _claim(
    ex: Execution,
    work: RunWork,
    request: Request,
    findings: Sequence[Finding],
    executor: str,
    taken_at: float,
    *,
    claims: bool,
) -> Started:
    plan = work.plan(request.id).plan
    given = agreed(ex.gate, work, request, plan, findings, ex.block_s)
    stops = blocking(findings, given.overridden)
    if stops and not (rehearsed(plan) and can_look(stops)):
        return _precheck_no(ex, work, request, plan, stops, executor, taken_at)
    if not claims:
        return Started(lease=None, taken_at=taken_at)
    proofs = by_hosts(_proofs(work, plan), findings) if request.type is RequestType.FAILOVER else ()
    lease = work.open_run(request, plan, findings, ex.holder, ex.ttl_s, proofs)
    down = outage_seen(work.snapshot(), request.type, plan)
    if down is not None:
        work.change_run(lease, RunChange(outage_began_at=down.began_at))
    request = work.move(request, State.RUNNING, Event.START, RUNNER)
    _record(work, request, plan, Kind.STARTED, "request.start", State.RUNNING.value, None, _payload(
        work, request, plan, findings, given, executor, lease))  # fmt: skip
    work.say(request.id, "info", f"Started by {executor_words(executor)}.")
    tell(ex.gate, work, RequestNoticeKind.STARTED, request, request.confirmed_by or "")
    return Started(lease=lease, taken_at=taken_at)


def _precheck_no(
    ex: Execution,
    work: RunWork,
    request: Request,
    plan: Plan,
    stops: Sequence[Finding],
    executor: str,
    taken_at: float,
) -> Started:
    """The request has failed, untouched: the figures are its reason."""
    words = told(stops)
    denial = refusal("PRECHECK_FAILED", request=request.id, findings=words)
    request = work.move(request, State.FAILED, Event.PRECHECK_NO, RUNNER, words[:900])
    payload: dict[str, object] = {
        "executor": executor,
        "outcome": Outcome.UNTOUCHED.value,
        "plan_digest": plan.digest(),
        "findings": [_finding(each) for each in stops],
        "sentence": denial.sentence,
    }
    _record(work, request, plan, Kind.FAILED, "request.start", Outcome.UNTOUCHED.value, denial.code, payload)
    work.say(request.id, "error", denial.sentence)
    tell(ex.gate, work, RequestNoticeKind.FAILED, request, "", f"Nothing was touched. {words}")
    return Started(lease=None, taken_at=taken_at, text=denial.sentence)


def _finding(each: Finding) -> dict[str, str]:
    return {
        "check": each.check,
        "resource": each.resource,
        "severity": each.severity.value,
        "sentence": each.sentence,
        "figure": each.figure,
    }


def _payload(
    work: RunWork,
    request: Request,
    plan: Plan,
    findings: Sequence[Finding],
    given: Agreed,
    executor: str,
    lease: RunLease,
) -> dict[str, object]:
    return {
        "executor": executor,
        "epoch": lease.epoch,
        "type": request.type.value,
        "revision": request.plan_revision,
        "plan_digest": plan.digest(),
        "requester": request.requester_name,
        "confirmed_by": request.confirmed_by,
        "approved_by": [
            f"{vote.name} ({vote.role.value})"
            for vote in work.votes(request.id)
            if vote.plan_revision == request.plan_revision
        ],
        "breakglass": request.breakglass,
        "prechecks": [_finding(each) for each in findings if each.severity is not Severity.OK],
        "prechecks_ok": sum(each.severity is Severity.OK for each in findings),
        **given.told(),
    }


def _record(
    work: RunWork,
    request: Request,
    plan: Plan,
    kind: Kind,
    verb: str,
    outcome: str,
    code: str | None,
    payload: dict[str, object],
) -> None:
    work.record(
        AuditEntry(
            kind=kind,
            verb=verb,
            actor=system_actor(RUNNER),
            channel="job",
            system=request.scope.name,
            members=tuple(target.resource for target in plan.targets),
            request_id=request.id,
            reason_code=code,
            outcome=outcome,
            payload=payload,
        )
    )


def _proofs(work: RunWork, plan: Plan) -> tuple[LossProof, ...]:
    """What is known about the loss of each resource now."""
    views = seen_now(work, work.inventory())
    found = [views[each.resource][0].loss for each in plan.targets if each.resource in views]
    return tuple(each for each in found if each is not None)
