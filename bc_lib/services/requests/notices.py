"""Puts notices about requests into the outbox, in the act's own transaction (FR-022, decision 12)."""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.domain.breakglass import SECURITY_PREFIX
from bc_lib.domain.execution.clock import outage_s
from bc_lib.domain.execution.stated import outage
from bc_lib.domain.inventory import Channel, Environment, Inventory
from bc_lib.domain.requests.notice import RequestNotice, RequestNoticeKind, about_request, render
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.values import Request
from bc_lib.domain.routing import may_reach
from bc_lib.domain.words import clock, duration
from bc_lib.ports.notices import Notification, NotificationPriority
from bc_lib.ports.requests import Outgoing, RequestWork
from bc_lib.ports.runs import RunWork
from bc_lib.services.gate import Gate
from bc_lib.services.requests.estimate import expected_outage
from bc_lib.services.requests.losing import losing
from bc_lib.services.requests.outage import outage_so_far
from bc_lib.services.requests.waiting import item_of

ASKS = frozenset(
    {
        RequestNoticeKind.CREATED,
        RequestNoticeKind.APPROVED,
        RequestNoticeKind.VOIDED,
        RequestNoticeKind.FORGED,
        RequestNoticeKind.BREAK_GLASS,
        RequestNoticeKind.HELD,
        RequestNoticeKind.RESTORED,
    }
)
"""Told so that somebody goes on: these name the roles that are waited for."""


def tell(
    gate: Gate,
    work: RunWork,
    kind: RequestNoticeKind,
    request: Request,
    by: str,
    reason: str | None = None,
    *,
    security: bool = False,
    channels: Sequence[str] = (),
    more: Sequence[tuple[str, str]] = (),
) -> None:
    """Tell the channels of the request's tier and environment; with `security` those of security, and `channels`.

    `by`: a person's name, empty for what nobody did by hand; `more`: further facts.
    """
    plan = work.plan(request.id).plan
    item = item_of(gate, work, request) if kind in ASKS else None
    facts = (*costs(work, request, plan), *more)
    waits = item.waits if item else ()
    notice = about_request(kind, request, plan, by, reason, work.now(), waits=waits, facts=facts)
    send(gate, work, notice, plan, security=security, channels=channels)


def costs(work: RunWork, request: Request, plan: Plan) -> tuple[tuple[str, str], ...]:
    """What it can lose, the outage to expect, and since when clients cannot write or have no standby.

    Empty values are not told.
    """
    run = work.run(request.id)
    down = outage_so_far(work.snapshot(), request, plan, run)
    began = down or (outage(run) if run else None)
    bare = run.unprotected_since if run else None
    seconds = outage_s(run, work.now()) if run else None
    found = losing(work, request, plan)
    names, asked = [target.resource for target in plan.targets], run is None and not request.state.over
    return (
        ("Possible loss", " ".join(found.sentences)),
        ("Estimated outage", expected_outage(plan, work.past(names), request.id) if asked else ""),
        ("Accepted", "; ".join(each.words for each in found.accepted)),
        ("Clients cannot write since", clock(down.began_at) if down else ""),
        (
            "Outage",
            f"{duration(seconds)}" if run and run.restored_at and (seconds := outage_s(run, work.now())) else "",
        ),
        ("Beginning of the outage", began.sentence if began else ""),
        ("No standby since", clock(bare) if bare else ""),
    )


def send(
    gate: Gate,
    work: RequestWork,
    notice: RequestNotice,
    plan: Plan | None,
    *,
    resource: str | None = None,
    security: bool = False,
    routed: bool = True,
    channels: Sequence[str] = (),
) -> int:
    """Write the messages; how many channels. `resource` names what the database judges the environment by.

    `channels`: further ones that were asked for by name.
    """
    inventory = work.inventory()
    named = list(_routed(inventory, notice)) if routed else []
    named += [name for name in channels if name in {each.name for each in allowed(inventory, notice.environment)}]
    if security:
        named += security_channels(inventory, notice.environment)
    text = render(notice, gate.base_url)
    message = Notification(
        subject=text.subject,
        body=text.body,
        body_html=text.body_html,
        alert_name=text.alert_name,
        priority=NotificationPriority(text.priority),
        idempotency_id=text.idempotency_id,
        metadata=dict(text.metadata),
    )
    about = resource or (_judged_by(plan) if plan else "")
    told = list(dict.fromkeys(named))
    work.tell(
        [Outgoing(channel=name, resource=about, environment=notice.environment, notification=message) for name in told]
    )
    return len(told)


def allowed(inventory: Inventory, environment: str) -> list[Channel]:
    """Channels that may be told about this environment at all."""
    return [each for each in inventory.channels if may_reach(Environment(environment), each)]


def security_channels(inventory: Inventory, environment: str) -> list[str]:
    """Channels that security reads: their names begin with `security`."""
    return [
        each.name
        for each in inventory.channels
        if each.name.startswith(SECURITY_PREFIX) and may_reach(Environment(environment), each)
    ]


def _routed(inventory: Inventory, notice: RequestNotice) -> list[str]:
    environment = Environment(notice.environment)
    allowed = {each.name for each in inventory.channels if may_reach(environment, each)}
    return [
        name
        for line in inventory.routes
        if notice.tier in line.tiers and environment in line.environments
        for name in line.channels
        if name in allowed
    ]


def _judged_by(plan: Plan) -> str:
    """A member whose environment is the plan's own."""
    return next(
        (target.resource for target in plan.targets if target.environment == plan.environment), plan.targets[0].resource
    )
