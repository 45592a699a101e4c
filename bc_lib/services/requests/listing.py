"""Lists of requests: all with filters, mine, and those that wait for me ("Waiting on you")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.requests import Found
from bc_lib.services.execution.against import Against, against
from bc_lib.services.gate import Gate
from bc_lib.services.requests.standing import standing_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A request that waits for this person: to `do` approve (in one of `roles`) or confirm, until a moment."""

    request: Request
    do: str
    roles: tuple[Role, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """`now` is the database's clock; the one that ends first stands first."""

    now: datetime
    waiting: tuple[Waiting, ...]


def list_requests(gate: Gate, *, states: Sequence[State] = (), scope: str | None = None, limit: int = 200) -> Found:
    """Newest first."""
    return gate.store.read.list(states=states, scope=scope, limit=limit)


def standing_against(gate: Gate, requests: Sequence[Request]) -> dict[str, Against]:
    """What stands against the start of each that is approved, by its id."""
    read = gate.store.read
    ready = [each for each in requests if each.state in {State.APPROVED, State.READY_TO_START}]
    found = {each.id: against(gate, read, each, read.plan(each.id).plan) for each in ready}
    return {name: why for name, why in found.items() if why is not None}


def mine(gate: Gate, actor: Actor, limit: int = 200) -> Found:
    """What this person asked for, by any of their accounts."""
    person = gate.store.read.person(actor.issuer, actor.subject)
    if person is None:
        return Found(now=gate.store.read.now(), requests=())
    return gate.store.read.list(requester=person.id, limit=limit)


def waiting_on(gate: Gate, actor: Actor) -> Inbox:
    """What this person can do now, with the roles that count now. Shown, never decided by."""
    read = gate.store.read
    person = read.person(actor.issuer, actor.subject)
    found = read.list(states=(State.PENDING_APPROVAL, State.APPROVED))
    if person is None or person.disabled:
        return Inbox(now=found.now, waiting=())
    roles = person.roles & actor.roles
    items = [
        item
        for request in found.requests
        if (request.expires_at is None or request.expires_at > found.now)
        and (item := _item(gate, request, person.id, roles)) is not None
    ]
    return Inbox(now=found.now, waiting=tuple(sorted(items, key=lambda item: item.until or found.now)))


def _item(gate: Gate, request: Request, person: int, roles: frozenset[Role]) -> Waiting | None:
    if request.state is State.APPROVED:
        return (
            Waiting(request=request, do="confirm", roles=(Role.OPERATOR,), until=request.expires_at)
            if Role.OPERATOR in roles
            else None
        )
    if request.asked_by(person):
        return None
    try:
        counted = standing_of(gate, gate.store.read, request)
    except Denial:
        return None  # the policy changed: the next look at the plan voids it
    if any(vote.person == person for vote in counted.counted):
        return None
    open_ = tuple(need.role for need in counted.missing if need.role in roles)
    return Waiting(request=request, do="approve", roles=open_, until=request.expires_at) if open_ else None
