"""Notices about requests as people read them (FR-022): what happened, to what, who, why, and only a link to act on."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from bc_lib.domain.notice_text import SUBJECT_LENGTH, RenderedNotice, one_line
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.state_words import STATE_WORDS
from bc_lib.domain.requests.values import Request
from bc_lib.domain.words import clock


class RequestNoticeKind(StrEnum):
    """What is told."""

    CREATED = "created"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    VOIDED = "approvals void"
    BREAK_GLASS = "break-glass used"
    GRANTED = "break-glass granted"
    REVIEWED = "break-glass reviewed"
    FORGED = "vote without proof"
    UNSEALED = "audit log not sealed"
    PACK_OWED = "evidence pack not made"
    POLICY = "approval policy changed"
    STARTED = "started"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ROLLED_BACK = "rolled back"
    HELD = "held: a person must decide"
    RESTORED = "clients write again"
    FORGED_RUN = "run started by hand"
    TASK_DIED = "task died"
    CHANGED_IN_AIRFLOW = "changed in Airflow"
    COMING = "coming up"
    CALLED_OFF = "called off"
    NOT_ASKED = "not asked for"


URGENT = frozenset(
    {
        RequestNoticeKind.BREAK_GLASS,
        RequestNoticeKind.GRANTED,
        RequestNoticeKind.FORGED,
        RequestNoticeKind.UNSEALED,
        RequestNoticeKind.PACK_OWED,
        RequestNoticeKind.FAILED,
        RequestNoticeKind.ROLLED_BACK,
        RequestNoticeKind.HELD,
        RequestNoticeKind.FORGED_RUN,
        RequestNoticeKind.CHANGED_IN_AIRFLOW,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestNotice:
    """One thing to tell. `by` is a person's name; `key` is equal for the same fact told twice."""

    kind: RequestNoticeKind
    title: str
    text: str
    key: str
    link: str
    at: datetime
    tier: int
    environment: str
    rows: tuple[tuple[str, str], ...]


def about_request(
    kind: RequestNoticeKind, request: Request, plan: Plan, by: str, reason: str | None, at: datetime
) -> RequestNotice:
    """A notice about a request; its key holds the request's version, so that each change is told once."""
    wanted = f"{request.type.value} of {request.scope.name} to {request.target_site}"
    rows = (
        ("Request", request.id),
        ("Asked for", wanted),
        ("Effect", plan.effect),
        ("Asked by", request.requester_name),
        ("Schedule", f"{request.schedule}, date {clock(request.due_at)}" if request.due_at else ""),
        ("Reason", request.reason),
        ("State", STATE_WORDS[request.state]),
        ("By", by),
        ("Because", reason or ""),
        ("Tier", str(request.tier)),
        ("Environment", request.environment),
        ("Time", clock(at)),
        ("Until", clock(request.expires_at) if request.expires_at else ""),
    )
    return RequestNotice(
        kind=kind,
        title=f"{request.id}: {wanted}",
        text=f"{wanted.capitalize()}: {kind.value} by {by}.",
        key=f"request/{request.id}/{request.version}/{kind.name.lower()}",
        at=at,
        tier=request.tier,
        link=f"/requests?id={quote(request.id, safe='')}",
        environment=request.environment,
        rows=rows,
    )


def render(notice: RequestNotice, base_url: str) -> RenderedNotice:
    """Subject, bodies and metadata of a message; nothing from outside can forge a header or markup."""
    link = f"{base_url.rstrip('/')}{notice.link}"
    rows = [(name, one_line(value)) for name, value in notice.rows if value]
    width = max(len(name) for name, _ in rows)
    table = "\n".join(f"{name:<{width}}  {value}" for name, value in rows)
    cells = "".join(
        f'<tr><th align="left">{html.escape(name)}</th><td>{html.escape(value)}</td></tr>' for name, value in rows
    )
    text, target = one_line(notice.text), html.escape(link, quote=True)
    return RenderedNotice(
        subject=one_line(f"[{notice.kind.value.upper()}] {notice.title}")[:SUBJECT_LENGTH],
        body=f"{text}\n\n{table}\n\n{link}\n",
        body_html=f'<p>{html.escape(text)}</p><table cellpadding="4">{cells}</table>'
        f'<p><a href="{target}">{target}</a></p>',
        priority="high" if notice.kind in URGENT else "normal",
        alert_name=f"REQUEST_{notice.kind.name}",
        idempotency_id=notice.key,
        metadata={
            "kind": notice.kind.value,
            "link": link,
            "environment": notice.environment,
            "tier": str(notice.tier),
            "occurred_at": notice.at.isoformat(),
        },
    )
