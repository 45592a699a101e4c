""" "Waiting on you": everything that waits for one of the reader's roles, what leaves a database unprotected first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.actor import Role
from bc_lib.domain.requests.waiting import Do
from bc_lib.domain.requests.waiting_words import path, todo
from bc_lib.domain.words import capital
from bc_lib.services.requests.inbox import Open
from bc_lib.services.requests.waiting import Item
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.request_words import STATE, left, title
from streamlit_app.presenters.words import count, duration, moment

SOON_S = 900.0
OWED = Mark(key="wait", word="Owed", meaning="somebody must do it")
NOTHING = "Nothing waits on you"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing. `since`: what it costs meanwhile; `acts`: what the reader can do, each with the address of its button;
    `later`: it holds nothing up."""

    title: str
    href: str
    state: Mark
    facts: str
    acts: tuple[tuple[str, str], ...]
    since: str | None = None
    until: str | None = None
    soon: bool = False
    later: bool = False


def tasks(found: Open, roles: Collection[Role]) -> tuple[Task, ...]:
    """In the order of `found`."""
    return tuple(_task(item, found.now, roles) for item in found.items)


def headline(found: Open, roles: Collection[Role]) -> str:
    """What must I do?"""
    if not found.items:
        return NOTHING
    first, many = found.items[0], len(found.items)
    words = todo(first.waits[0], _mine(first, roles))
    name = f" ({first.request.id})" if first.request else ""
    if many == 1:
        return f"One thing waits on you: {words}{name}"
    return f"{count(many, 'thing')} wait on you, first: {words}{name}"


def _task(item: Item, now: datetime, roles: Collection[Role]) -> Task:
    wait, request = item.waits[0], item.request
    until = left(item.until, now)
    late = item.until is not None and (item.until - now).total_seconds() < SOON_S
    return Task(
        title=title(request) if request else capital(wait.what),
        href=path(wait),
        state=STATE[request.state] if request else OWED,
        facts=f"{request.id} · tier {request.tier} · {request.environment} · asked by {request.requester_name}"
        if request
        else "",
        acts=tuple((todo(each, _mine(item, roles)), path(each)) for each in item.waits),
        since=_since(item, now),
        until=until,
        soon=late,
        later=wait.do is Do.SIGN_OFF,
    )


def _since(item: Item, now: datetime) -> str | None:
    """`No standby since 06:12:01 UTC (3 min)`."""
    for words, at in (("Clients cannot write", item.down_since), ("Unprotected", item.unprotected_since)):
        if at is not None:
            return f"{words} since {moment(at, now)} ({duration(float(round((now - at).total_seconds())))})"
    return None


def _mine(item: Item, roles: Collection[Role]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in item.waits[0].roles and role in roles)
