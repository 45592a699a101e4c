"""The lists of requests: what needs the reader, what they asked for, all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.requests.states import OVER, WAITING, State
from bc_lib.domain.requests.values import Request
from bc_lib.services.requests.listing import Inbox, Waiting
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.request_words import STATE, left, role_words, tags, title
from streamlit_app.presenters.words import age, count, moment

CHOICES: dict[str, frozenset[State]] = {
    "waiting": WAITING,
    "under way": frozenset(State) - WAITING - OVER - {State.DRAFT},
    "over": OVER,
}
MAX_INBOX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One request in a list; `todo` is what the reader can do about it."""

    id: str
    title: str
    state: Mark
    facts: str
    until: str | None
    soon: bool
    todo: str | None = None
    badge: str | None = None
    tags: tuple[str, ...] = ()


def line(request: Request, now: datetime, todo: str | None = None) -> Line:
    """One request."""
    seconds = (request.expires_at - now).total_seconds() if request.expires_at and request.state.waiting else None
    return Line(
        id=request.id,
        title=title(request),
        state=STATE[request.state],
        facts=f"{request.id} · tier {request.tier} · {request.environment} · asked by {request.requester_name} "
        f"{age((now - request.created_at).total_seconds())}, {moment(request.created_at, now)}",
        until=left(request.expires_at, now) if request.state.waiting else None,
        soon=seconds is not None and seconds < 900,
        todo=todo,
        badge="Break-glass" if request.breakglass else None,
        tags=tags(request),
    )


def inbox(found: Inbox) -> tuple[Line, ...]:
    """What waits for the reader, the one that ends first on top."""
    return tuple(line(item.request, found.now, _todo(item)) for item in found.waiting)


def headline(found: Inbox) -> str:
    """What must I do?"""
    if not found.waiting:
        return "Nothing waits on you"
    approve = sum(item.do == "approve" for item in found.waiting)
    confirm = len(found.waiting) - approve
    parts = [f"{approve} to approve or deny"] * bool(approve) + [f"{confirm} to confirm"] * bool(confirm)
    return f"{count(len(found.waiting), 'request')} can be moved on by you: {' and '.join(parts)}"


def chosen(requests: Sequence[Request], now: datetime, states: Sequence[str], text: str) -> tuple[Line, ...]:
    """All requests as far as the filters admit them."""
    wanted = frozenset().union(*(CHOICES[each] for each in states if each in CHOICES))
    words = text.lower().split()
    return tuple(
        line(each, now)
        for each in requests
        if (not wanted or each.state in wanted) and all(word in _words(each) for word in words)
    )


def _words(request: Request) -> str:
    return (
        f"{request.id} {title(request)} {request.requester_name} {request.environment} {request.ticket or ''} "
        f"{request.schedule or ''} {' '.join(tags(request))}".lower()
    )


def _todo(item: Waiting) -> str:
    if item.do == "confirm":
        return "Confirm"
    return f"Approve or deny as {' or '.join(role_words(role) for role in item.roles)}"
