"""Break glass: one emergency grant, told to security before anything can be done with it (SEC-006, A05)."""

from __future__ import annotations

from datetime import datetime

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.breakglass import MAX_MINUTES, SECURITY_LEAST, Grant, blocking, incident_fits
from bc_lib.domain.names import MAX_LENGTH, MAX_TEXT, InvalidName, check_text
from bc_lib.domain.requests.notice import RequestNotice, RequestNoticeKind
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.votes import Proof, grant_statement
from bc_lib.domain.words import clock
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting
from bc_lib.services.requests.decide import sign
from bc_lib.services.requests.notices import security_channels, send
from bc_lib.services.requests.preview import resources_of, strictest


def grant(
    gate: Gate,
    actor: Actor,
    scope: Scope,
    incident: str,
    reason: str,
    minutes: int = MAX_MINUTES,
    *,
    proof: Proof | None = None,
) -> Grant:
    """A grant for one use by `actor` on one request about `scope`, for at most 60 minutes. Raises Denial."""
    about = Subject(system=scope.name[:MAX_LENGTH])
    with acting(gate, actor, Verb.GRANT, about) as act:
        _check(incident, reason, minutes)
        work, inventory = act.work, act.work.inventory()
        members = resources_of(inventory, scope)
        about.members = tuple(each.name for each in members)
        tier, environment = strictest(inventory, scope)
        told = set(security_channels(inventory, environment.value))
        if len({each.url for each in inventory.channels if each.name in told}) < SECURITY_LEAST:
            raise refusal("SECURITY_CHANNELS")
        work.lock_grants()
        overdue = blocking(work.grants(), incident, work.now())
        if overdue is not None:
            raise refusal("REVIEW_OVERDUE", grant=overdue.id, incident=overdue.incident)
        statement = grant_statement(scope, incident, minutes, actor.issuer, actor.subject)
        made = work.add_grant(actor, scope, incident, reason, minutes, proof or sign(gate, work, actor, statement))
        act.record(
            "breakglass.grant",
            "granted",
            payload={
                "grant": made.id,
                "incident": incident,
                "reason": reason,
                "minutes": minutes,
                "expires_at": made.expires_at.isoformat(),
                "review_due": made.review_due.isoformat(),
            },
        )
        judged = next(each.name for each in members if each.environment is environment)
        send(
            gate,
            work,
            notice_of(made, RequestNoticeKind.GRANTED, made.holder_name, tier, environment.value, made.granted_at),
            None,
            resource=judged,
            security=True,
        )
        return made


def notice_of(
    made: Grant, kind: RequestNoticeKind, by: str, tier: int, environment: str, at: datetime
) -> RequestNotice:
    """A notice about a grant."""
    rows = (
        ("Break-glass", str(made.id)),
        ("Incident", made.incident),
        ("About", f"{made.scope.kind} {made.scope.name}"),
        ("By", by),
        ("Reason", made.reason),
        ("Valid until", clock(made.expires_at)),
        ("Review due", clock(made.review_due)),
        ("Findings", made.findings or ""),
    )
    return RequestNotice(
        kind=kind,
        title=f"{made.incident}: {made.scope.name}",
        text=f"{kind.value.capitalize()} by {by}.",
        key=f"breakglass/{made.id}/{kind.name.lower()}",
        link=f"/audit?breakglass={made.id}",
        at=at,
        tier=tier,
        environment=environment,
        rows=rows,
    )


def _check(incident: str, reason: str, minutes: int) -> None:
    if not incident_fits(incident):
        raise refusal("INCIDENT_REQUIRED")
    if not 1 <= minutes <= MAX_MINUTES:
        raise refusal("GRANT_TOO_LONG")
    try:
        check_text("reason", reason)
    except InvalidName as error:
        raise refusal("TEXT_INVALID", field="reason", most=MAX_TEXT) from error
