"""Notices about requests as people read them (FR-022): what happened, to what, who, why, and only a link to act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from bc_lib.domain.mail_text import as_read, plain, rich
from bc_lib.domain.notice_text import SUBJECT_LENGTH, RenderedNotice, one_line
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.state_words import STATE_WORDS
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.waiting import Wait
from bc_lib.domain.requests.waiting_words import asks, path, waits_for, whom
from bc_lib.domain.words import capital, clock


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
    UNPROVEN = "word without proof"
    UNSEALED = "audit log not sealed"
    UNWATCHED = "monitoring silent"
    PACK_OWED = "evidence pack not made"
    POLICY = "approval policy changed"
    STARTED = "started"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ROLLED_BACK = "rolled back"
    HELD = "held"
    RESTORED = "clients write again"
    FORGED_RUN = "run started by hand"
    TASK_DIED = "task died"
    CHANGED_IN_AIRFLOW = "changed in Airflow"
    COMING = "coming up"
    CALLED_OFF = "called off"
    NOT_ASKED = "not asked for"


_SAID = {
    RequestNoticeKind.CREATED: "{by} asks for a {what}.",
    RequestNoticeKind.APPROVED: "the {what} is approved, by {by} last.",
    RequestNoticeKind.DENIED: "{by} denied the {what}; it is over.",
    RequestNoticeKind.EXPIRED: "nobody acted in time on the {what}; it is over.",
    RequestNoticeKind.CANCELLED: "{by} withdrew the {what}; it is over.",
    RequestNoticeKind.VOIDED: "the approvals of the {what} are void and must be given again.",
    RequestNoticeKind.BREAK_GLASS: "{by} broke glass: the {what} is approved without the approvers who are missing.",
    RequestNoticeKind.FORGED: "somebody's word on the {what} carries no valid proof, so its approvals are void.",
    RequestNoticeKind.STARTED: "the {what} has started, confirmed by {by}.",
    RequestNoticeKind.SUCCEEDED: "the {what} is done, and nothing is owed.",
    RequestNoticeKind.FAILED: "the {what} failed.",
    RequestNoticeKind.ROLLED_BACK: "the {what} was taken back: clients write where they did before.",
    RequestNoticeKind.HELD: "the {what} cannot go on by itself.",
    RequestNoticeKind.RESTORED: "clients write again at {site} after the {what}; it is not finished.",
}
_RUN = frozenset(
    {
        RequestNoticeKind.STARTED,
        RequestNoticeKind.SUCCEEDED,
        RequestNoticeKind.FAILED,
        RequestNoticeKind.ROLLED_BACK,
        RequestNoticeKind.HELD,
        RequestNoticeKind.RESTORED,
    }
)
URGENT = frozenset(
    {
        RequestNoticeKind.BREAK_GLASS,
        RequestNoticeKind.GRANTED,
        RequestNoticeKind.FORGED,
        RequestNoticeKind.UNPROVEN,
        RequestNoticeKind.UNSEALED,
        RequestNoticeKind.UNWATCHED,
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
    """One thing to tell. `key` is equal for the same fact told twice; `acts`: what who can do, with its button's path;
    `link`: the path of the first of them, else of the page to read."""

    kind: RequestNoticeKind
    title: str
    text: str
    key: str
    link: str
    at: datetime
    tier: int
    environment: str
    rows: tuple[tuple[str, str], ...]
    acts: tuple[tuple[str, str], ...] = ()


def about_request(
    kind: RequestNoticeKind,
    request: Request,
    plan: Plan,
    by: str,
    reason: str | None,
    at: datetime,
    *,
    waits: Sequence[Wait] = (),
    facts: Sequence[tuple[str, str]] = (),
) -> RequestNotice:
    """A notice about a request; its key holds the request's version, so that each change is told once.

    `by`: a person's name, empty for what nobody did by hand. `waits`: what it waits for now, which the notice names
    with its role and leads to; `facts`: loss, outage and what waiting costs, as name and value.
    """
    what = asked_for(request)
    said = [_sentence(kind, what, by, plan.where), *(f"It {waits_for(each)}." for each in waits)]
    rows = (
        ("Request", f"{request.id}, {what}"),
        ("Effect", plan.effect),
        *facts,
        ("Asked by", request.requester_name),
        ("Reason", request.reason),
        ("State", STATE_WORDS[request.state]),
        ("Change ticket", request.ticket or ""),
        ("Schedule", f"{request.schedule}, date {clock(request.due_at)}" if request.due_at else ""),
        ("Because", reason or ""),
        ("Judged as", f"tier {request.tier}, {request.environment}"),
        ("Time", clock(at)),
        ("Ends", clock(request.expires_at) if request.expires_at else ""),
    )
    acts = tuple((f"{whom(each.roles)} can {asks(each)}", path(each)) for each in waits)
    return RequestNotice(
        kind=kind,
        title=_title(request, what, waits, kind),
        text=" ".join(said),
        key=f"request/{request.id}/{request.version}/{kind.name.lower()}",
        at=at,
        tier=request.tier,
        link=acts[0][1] if acts else f"/{'run' if kind in _RUN else 'requests'}?id={quote(request.id, safe='')}",
        acts=acts,
        environment=request.environment,
        rows=rows,
    )


def asked_for(request: Request) -> str:
    """`failover of orders-db to Amsterdam`, `live drill of payments to Amsterdam`."""
    kinds = {"live": "live drill", "rehearsal": "rehearsal"}
    kind = kinds.get(request.drill or "", request.type.value)
    return f"{kind} of {request.scope.name} to {request.where}"


def _sentence(kind: RequestNoticeKind, what: str, by: str, site: str) -> str:
    return capital(_SAID[kind].format(what=what, by=by or "nobody", site=site))


def _title(request: Request, what: str, waits: Sequence[Wait], kind: RequestNoticeKind) -> str:
    """What must be done comes first where a run is held for it: a phone shows only the beginning."""
    if waits and kind in {RequestNoticeKind.HELD, RequestNoticeKind.RESTORED}:
        return f"{request.id}: {whom(waits[0].roles)} must {asks(waits[0])} ({what})"
    return f"{request.id}: {what}"


def render(notice: RequestNotice, base_url: str) -> RenderedNotice:
    """Subject, bodies and metadata of a message; nothing from outside can forge a header or markup."""
    base = base_url.rstrip("/")
    link = f"{base}{notice.link}"
    rows = [(name, as_read(value)) for name, value in notice.rows if value]
    acts = [(capital(words), f"{base}{where}") for words, where in notice.acts]
    more = "" if acts and acts[0][1] == link else link
    return RenderedNotice(
        subject=one_line(f"[{notice.kind.value.upper()}] {notice.title}")[:SUBJECT_LENGTH],
        body=plain(notice.text, acts, rows, more),
        body_html=rich(notice.text, acts, rows, more),
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
