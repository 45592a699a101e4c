"""A request as JSON values, schema_version 1: what `bcctl request show --json` prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bc_lib.domain.breakglass import Grant
from bc_lib.domain.loss import LossStatement, writers_sentence
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Vote
from bc_lib.services.execution.against import Against
from bc_lib.services.requests.show import RequestView

SCHEMA_VERSION = 1


def request_json(view: RequestView) -> dict[str, Any]:
    """Everything about a request."""
    plan = view.plan
    return {
        "schema_version": SCHEMA_VERSION,
        **summary_json(view.request, view.against),
        "loss_to_accept": view.loss or None,
        "loss": loss_json(view.losing.statements),
        "two_writers": [writers_sentence(each) for each in view.losing.fences],
        "outage": {"began_at": _at(view.outage.began_at), "sentence": view.outage.sentence} if view.outage else None,
        "accepted": [{"value": e.value, "by": e.name, "at": _at(e.at)} for e in view.losing.accepted],
        "missing": [{"role": need.role.value, "count": need.count} for need in view.missing],
        "approvals": [_vote(vote, view) for vote in view.votes],
        "breakglass": grant_json(view.grant) if view.grant else None,
        "plan": {
            "revision": plan.revision,
            "digest": plan.digest,
            "made_at": _at(plan.made_at),
            "because": plan.because,
            "effect": plan.plan.effect,
            "steps": [asdict(step) for step in plan.plan.steps],
            "targets": [asdict(target) for target in plan.plan.targets],
            "observed": dict(plan.plan.observed),
            "measurements": [asdict(each) for each in plan.plan.measurements],
            "limits": list(plan.plan.limits),
        },
        "history": [
            {
                "at": _at(each.at),
                "event": each.event,
                "before": each.before.value if each.before else None,
                "after": each.after.value,
                "by": each.person,
                "reason": each.reason,
            }
            for each in view.history
        ],
        "now": _at(view.now),
    }


def loss_json(statements: Sequence[LossStatement]) -> list[dict[str, Any]]:
    """What may be said about the loss of each resource."""
    return [
        {
            "resource": each.resource,
            "certainty": each.certainty.value,
            "sentence": each.sentence,
            "between_looks": each.gap,
            "after": _at(each.after),
            "until": _at(each.until),
            "seconds": each.seconds,
            "least_bytes": each.least_bytes,
        }
        for each in statements
    ]


def summary_json(request: Request, against: Against | None) -> dict[str, Any]:
    """The part that lists show. `does_not_start`: what stands against the start of one that is approved."""
    return {
        "id": request.id,
        "type": request.type.value,
        "scope": asdict(request.scope),
        "target_site": request.target_site,
        "state": request.state.value,
        "does_not_start": asdict(against) if against else None,
        "state_since": _at(request.state_since),
        "expires_at": _at(request.expires_at),
        "reason": request.reason,
        "ticket": request.ticket,
        "retry_of": request.retry_of,
        "requester": request.requester_name,
        "created_at": _at(request.created_at),
        "tier": request.tier,
        "environment": request.environment,
        "window_start": _at(request.window_start),
        "window_end": _at(request.window_end),
        "policy": {"version": request.policy_version, "position": request.policy_position},
        "plan_revision": request.plan_revision,
        "confirmation_phrase": request.phrase,
        "confirmed_by": request.confirmed_by,
        "confirmed_at": _at(request.confirmed_at),
        "version": request.version,
        "by_breakglass": request.breakglass,
    }


def grant_json(grant: Grant) -> dict[str, Any]:
    """A break-glass grant."""
    return {
        "id": grant.id,
        "incident": grant.incident,
        "reason": grant.reason,
        "scope": asdict(grant.scope),
        "holder": grant.holder_name,
        "granted_at": _at(grant.granted_at),
        "expires_at": _at(grant.expires_at),
        "review_due": _at(grant.review_due),
        "used_by": grant.used_by,
        "used_at": _at(grant.used_at),
        "reviewed_by": grant.reviewed_by,
        "reviewed_at": _at(grant.reviewed_at),
        "voided": grant.voided,
        "findings": grant.findings,
    }


def _vote(vote: Vote, view: RequestView) -> dict[str, Any]:
    ignored = {each.vote.id: each.why for each in view.standing.ignored} if view.standing else {}
    current = vote.plan_revision == view.request.plan_revision
    return {
        "person": vote.name,
        "role": vote.role.value,
        "decision": vote.decision.value,
        "reason": vote.reason,
        "at": _at(vote.at),
        "channel": vote.channel,
        "plan_revision": vote.plan_revision,
        "counts": current and vote.id not in ignored,
        "why_not": ignored.get(vote.id) if current else "the plan changed since",
    }


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
