"""Rows of requests to the domain's values."""

from __future__ import annotations

from typing import Any

from bc_lib.domain.actor import Role
from bc_lib.domain.breakglass import Grant
from bc_lib.domain.inventory import Environment
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.policy import InBlackout, Need, Rule
from bc_lib.domain.requests.states import Decision, RequestType, State
from bc_lib.domain.requests.values import Happening, Request, StoredPlan
from bc_lib.domain.requests.votes import Proof, Vote
from bc_lib.ports.people import KnownPerson
from bc_lib.ports.requests import Repeats
from bc_lib.ports.vote_proof import VoteKey
from bc_lib.store.codec import Undecodable, from_json


def request(row: Any) -> Request:
    """A request."""
    return Request(
        id=row.id,
        type=RequestType(row.type),
        scope=Scope(kind=row.scope_kind, name=row.scope_name),
        target_site=row.target_site,
        reason=row.reason,
        ticket=row.ticket,
        retry_of=row.retry_of,
        window_start=row.window_start,
        window_end=row.window_end,
        tier=row.tier,
        environment=row.environment,
        policy_version=row.policy_version,
        policy_position=row.policy_position,
        requester=row.person_id,
        requester_name=row.person_name,
        state=State(row.state),
        version=row.version,
        plan_revision=row.plan_revision,
        created_at=row.created_at,
        state_since=row.state_since,
        expires_at=row.expires_at,
        breakglass=row.breakglass,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
        drill=row.drill,
        schedule=row.schedule,
        due_at=row.due_at,
        tag=row.tag,
        editors=tuple(row.editors),
        site_title=row.site_title or "",
    )


def plan(row: Any) -> StoredPlan:
    """A plan revision. Raises Undecodable for one that cannot be read any more."""
    return StoredPlan(
        request=row.request,
        revision=row.revision,
        digest=row.digest,
        plan=from_json(Plan, row.plan),
        made_at=row.made_at,
        because=row.because,
    )


def proof(value: Any) -> Proof | None:
    """A proof; None for anything that is not one."""
    try:
        found = from_json(Proof, value)
    except Undecodable:
        return None
    once = found.once
    parts = (found.method, found.key_id, found.signature, *((once.incarnation, once.at, once.nonce) if once else ()))
    return found if all(isinstance(part, str) for part in parts) else None


def key(row: Any) -> VoteKey:
    """A key that is not revoked, and the incarnation that it may sign for now."""
    return VoteKey(
        key_id=row.key_id,
        issuer=row.issuer,
        subject=row.subject,
        public_key=row.public_key,
        incarnation=row.incarnation,
    )


def vote(row: Any) -> Vote:
    """A vote, with the person and the role as they are now."""
    return Vote(
        id=row.id,
        request=row.request,
        plan_revision=row.plan_revision,
        plan_digest=row.plan_digest,
        person=row.person_now,
        issuer=row.issuer,
        subject=row.subject,
        name=row.name,
        role=Role(row.role),
        decision=Decision(row.decision),
        reason=row.reason,
        at=row.at,
        channel=row.channel,
        role_held=row.role_held,
        proof=proof(row.proof),
    )


def rule(row: Any) -> Rule:
    """A rule of the approval policy."""
    return Rule(
        version=row.version,
        position=row.position,
        name=row.name,
        tiers=tuple(row.tiers),
        types=tuple(RequestType(kind) for kind in row.types),
        environments=tuple(Environment(name) for name in row.environments),
        needs=tuple(Need(role=Role(need["role"]), count=need["count"]) for need in row.needs),
        ticket_required=row.ticket_required,
        ticket_pattern=row.ticket_pattern,
        pending_s=row.pending_s,
        approved_s=row.approved_s,
        ready_s=row.ready_s,
        in_blackout=InBlackout(row.in_blackout),
    )


def grant(row: Any) -> Grant:
    """A break-glass grant with its review."""
    return Grant(
        id=row.id,
        incident=row.incident,
        reason=row.reason,
        scope=Scope(kind=row.scope_kind, name=row.scope_name),
        holder=row.holder,
        holder_name=row.holder_name,
        granted_at=row.granted_at,
        expires_at=row.expires_at,
        review_due=row.review_due,
        used_by=row.used_by.partition("/")[0] if row.used_by else None,
        used_revision=int(row.used_by.partition("/")[2]) if row.used_by else None,
        used_at=row.used_at,
        reviewed_by=row.reviewed_by,
        reviewed_at=row.reviewed_at,
        findings=row.findings,
        took_part=tuple(row.took_part),
        voided=row.voided,
    )


def person(row: Any) -> KnownPerson:
    """A person with the roles that count now."""
    return KnownPerson(
        id=row.id, name=row.name, disabled=row.disabled, roles=frozenset(Role(name) for name in row.roles)
    )


def happening(row: Any) -> Happening:
    """One entry of a history."""
    return Happening(
        at=row.at,
        event=row.event,
        before=State(row.before) if row.before else None,
        after=State(row.after),
        person=row.by,
        reason=row.reason,
    )


def repeats(row: Any) -> Repeats:
    """A counter of refusals."""
    return Repeats(
        issuer=row.issuer,
        subject=row.subject,
        verb=row.verb,
        code=row.code,
        system=row.system,
        minute=row.minute,
        count=row.count,
        audited=row.audited,
    )
