"""Ends requests whose time has passed. The database's clock decides, after the lock (decision 17)."""

from __future__ import annotations

from bc_lib.domain.audit import AuditEntry, Kind, system_actor
from bc_lib.domain.requests.expiry import expired
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.notice import RequestNoticeKind
from bc_lib.domain.requests.state_words import in_words
from bc_lib.domain.requests.states import WAITING, State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.runs import RunWork
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject
from bc_lib.services.passes import Pass
from bc_lib.services.requests.notices import tell

CLOCK = "clock"


def expire_due(gate: Gate, done: Pass | None = None) -> int:
    """End every waiting request that is over its time; how many. Each in a transaction of its own."""
    found = gate.store.read.list(states=tuple(WAITING), limit=1000)
    due = [each.id for each in found.requests if expired(each.state, each.expires_at, found.now)]
    done = done or Pass(gate.store.read.now)
    return sum(done.each("the end of", due, lambda name: _expire_one(gate, name)))


def end_expired(gate: Gate, work: RunWork, request: Request, about: Subject) -> Request:
    """Take the edge to Expired, with its record and notice. The caller holds the lock and has read the clock."""
    reason = f"its time limit while {in_words(request.state)} has passed"
    after = work.move(request, State.EXPIRED, Event.EXPIRE, CLOCK, reason)
    work.record(
        AuditEntry(
            kind=Kind.RECORDED,
            verb="request.expire",
            actor=system_actor(CLOCK),
            channel="job",
            system=about.system,
            members=about.members,
            request_id=request.id,
            outcome=State.EXPIRED.value,
            payload={"was": request.state.value, "expires_at": str(request.expires_at)},
        )
    )
    tell(gate, work, RequestNoticeKind.EXPIRED, after, "", reason)
    return after


def _expire_one(gate: Gate, request_id: str) -> bool:
    with gate.store.work() as work:
        request = work.lock(request_id)
        if not expired(request.state, request.expires_at, work.now()):
            return False
        plan = work.plan(request_id).plan
        end_expired(
            gate,
            work,
            request,
            Subject(
                system=request.scope.name,
                request_id=request.id,
                members=tuple(target.resource for target in plan.targets),
            ),
        )
        return True
