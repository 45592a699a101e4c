"""The lists of requests: what the reader asked for, and all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.requests.states import OVER, WAITING, State
from bc_lib.domain.requests.values import Request
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.request_words import STATE, left, tags, title
from streamlit_app.presenters.words import age, moment

CHOICES: dict[str, frozenset[State]] = {
    "waiting": WAITING,
    "under way": frozenset(State) - WAITING - OVER - {State.DRAFT},
    "over": OVER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One request in a list."""

    id: str
    title: str
    state: Mark
    facts: str
    until: str | None
    soon: bool
    badge: str | None = None
    tags: tuple[str, ...] = ()


def line(request: Request, now: datetime) -> Line:
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
        badge="Break-glass" if request.breakglass else None,
        tags=tags(request),
    )


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
