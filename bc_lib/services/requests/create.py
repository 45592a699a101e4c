"""Ask for a failover, switchover, failback or drill (FR-030)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.names import MAX_LENGTH, MAX_TEXT, InvalidName, check_text
from bc_lib.domain.requests.notice import RequestNoticeKind
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.policy import Policy, ticket_fits
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.values import NewRequest, Request
from bc_lib.ports.requests import RequestWork
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting
from bc_lib.services.requests.blacked_out import in_blackout
from bc_lib.services.requests.look import drill_kind, plan_now
from bc_lib.services.requests.notices import tell
from bc_lib.services.requests.rivals import refuse_rival

REQUESTS_A_MINUTE = 10
MAX_KEY = 100


def create(gate: Gate, actor: Actor, new: NewRequest) -> Request:
    """Store a request, PendingApproval. The same key again returns the request it made (F09). Raises Denial."""
    with acting(gate, actor, Verb.CREATE, Subject(system=new.scope.name[:MAX_LENGTH])) as act:
        work, digest = act.work, submission_digest(new)
        work.lock_person(act.person.id)
        earlier = work.by_key(actor, new.key)
        if earlier is not None:
            if earlier[1] != digest:
                raise refusal("KEY_REUSED")
            return work.get(earlier[0])
        _check_text(new)
        if work.created_since(act.person.id, 60) >= REQUESTS_A_MINUTE:
            raise refusal("TOO_MANY_REQUESTS", count=REQUESTS_A_MINUTE)
        policy = work.policy()
        plan = plan_now(work, policy, new.type, new.scope, new.target_site, drill_kind(new), asking=True)
        check_policy(new, policy, plan)
        _check_window(new, work.now())
        _check_retry(work, new)
        refuse_rival(work, new, plan, act.person.id)
        window = (new.window_start, new.window_end) if new.window_start and new.window_end else None
        denial, warned = in_blackout(work, policy, plan, act.person.id, window)
        if denial is not None:
            raise denial
        request = work.create(new, actor, plan, digest, act.person.name)
        act.about.request_id, act.about.members = request.id, tuple(target.resource for target in plan.targets)
        act.record(
            "request.create",
            request.state.value,
            payload={
                "type": new.type.value,
                "drill": plan.drill or None,
                "scope": asdict(new.scope),
                "target_site": new.target_site,
                "reason": new.reason,
                "ticket": new.ticket,
                "retry_of": new.retry_of,
                "tier": plan.tier,
                "environment": plan.environment,
                "policy": [plan.policy_version, plan.policy_position],
                "plan_digest": plan.digest(),
                **({"blackout": warned} if warned else {}),
            },
        )
        tell(gate, work, RequestNoticeKind.CREATED, request, act.person.name)
        return request


def submission_digest(new: NewRequest) -> str:
    """Equal for the same submission; the key alone does not make two different ones the same."""
    return hashlib.sha256(json.dumps(asdict(new), default=str, sort_keys=True).encode()).hexdigest()


def _check_text(new: NewRequest) -> None:
    for name, value, most in (
        ("reason", new.reason, MAX_TEXT),
        ("ticket", new.ticket, MAX_TEXT),
        ("key", new.key, MAX_KEY),
    ):
        try:
            if value is not None and len(check_text(name, value)) > most:
                raise InvalidName(name)
        except InvalidName as error:
            raise refusal("TEXT_INVALID", field=name, most=most) from error


def check_policy(new: NewRequest, policy: Policy, plan: Plan) -> None:
    """What the plan's rule asks of a request. Raises Denial."""
    rule = next(rule for rule in policy.rules if rule.position == plan.policy_position)
    if rule.ticket_required and not new.ticket:
        raise refusal("TICKET_REQUIRED")
    if new.ticket and not ticket_fits(rule, new.ticket):
        raise refusal("TICKET_INVALID", pattern=rule.ticket_pattern)


def _check_window(new: NewRequest, now: datetime) -> None:
    start, end = new.window_start, new.window_end
    if start is None and end is None:
        return
    if start is None or end is None or start.tzinfo is None or end.tzinfo is None or not start < end or now >= end:
        raise refusal("WINDOW_INVALID")


def _check_retry(work: RequestWork, new: NewRequest) -> None:
    """A retry is a new request that names the old one; nothing of the old one's approvals is reused (S5)."""
    if new.retry_of is None:
        return
    old = work.get(new.retry_of)
    if not old.state.over or (old.scope, old.type) != (new.scope, new.type):
        raise refusal("RETRY_UNKNOWN", request=new.retry_of)
