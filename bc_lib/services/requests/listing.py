"""Lists of requests: all with filters, mine, and those that wait for me ("Waiting on you")."""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.domain.actor import Actor
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.requests import Found
from bc_lib.services.execution.against import Against, against
from bc_lib.services.gate import Gate
from bc_lib.services.requests.as_of import as_of_now
from bc_lib.services.requests.asking import Known, known
from bc_lib.services.requests.inbox import Open, open_waits


def list_requests(gate: Gate, *, states: Sequence[State] = (), scope: str | None = None, limit: int = 200) -> Found:
    """Newest first."""
    return gate.store.read.list(states=states, scope=scope, limit=limit)


def standing_against(gate: Gate, requests: Sequence[Request]) -> dict[str, Against]:
    """What stands against the start of each that is approved, by its id."""
    read = as_of_now(gate.store.read)
    ready = [each for each in requests if each.state in {State.APPROVED, State.READY_TO_START}]
    found = {each.id: against(gate, read, each, read.plan(each.id).plan) for each in ready}
    return {name: why for name, why in found.items() if why is not None}


def mine(gate: Gate, actor: Actor, limit: int = 200) -> Found:
    """What this person asked for, by any of their accounts."""
    person = gate.store.read.person(actor.issuer, actor.subject)
    if person is None:
        return Found(now=gate.store.read.now(), requests=())
    return gate.store.read.list(requester=person.id, limit=limit)


def waiting_on(gate: Gate, actor: Actor) -> Open:
    """What this person can do now, with the roles that count now, the most pressing first. Shown, never decided by."""
    return open_to(open_waits(gate), known(gate, actor))


def open_to(found: Open, who: Known) -> Open:
    """What of it is open to this person."""
    if who.person is None:
        return Open(now=found.now, items=())
    mine = (item.for_person(who.person.id, who.roles) for item in found.items)
    return Open(now=found.now, items=tuple(item for item in mine if item is not None))
