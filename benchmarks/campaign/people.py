"""What persons do: ask, approve, confirm; and where a run waits for them, look at the servers and say what they saw."""

from __future__ import annotations

import secrets
from typing import Protocol

from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.run import RunStep
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import NewRequest, Request
from bc_lib.services.execution.allow import allow
from bc_lib.services.execution.resolve import resolve
from bc_lib.services.gate import Gate
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.create import create
from benchmarks.campaign.looking import primaries
from benchmarks.campaign.place import NAME, Place

TWO = ("olga", "ian")


class Office(Protocol):
    """Where persons act."""

    @property
    def gate(self) -> Gate:
        """As bc_ui."""
        ...

    @property
    def place(self) -> Place:
        """The pair's."""
        ...

    def actor(self, name: str) -> Actor:
        """Somebody who signed in just now."""
        ...


def ask(office: Office, who: str, kind: RequestType, site: str, reason: str) -> Request:
    """A request, approved and confirmed. Raises Denial."""
    key = f"campaign-{secrets.token_hex(8)}"
    scope = Scope(kind="resource", name=NAME)
    new = NewRequest(type=kind, scope=scope, target_site=site, reason=reason, key=key)
    return agree(office, who, create(office.gate, office.actor(who), new).id)


def agree(office: Office, who: str, request: str) -> Request:
    """Both approvals and the phrase. Raises Denial."""
    approve(office.gate, office.actor("ian"), request, Role.APPROVER_IT)
    approved = approve(office.gate, office.actor("bea"), request, Role.APPROVER_BUSINESS)
    return confirm(office.gate, office.actor(who), request, approved.phrase)


def decide(office: Office, request: str) -> list[str]:
    """Every decision that is waited for; each as a line for the log. Raises Denial."""
    read = office.gate.store.read
    run, state = read.run(request), read.get(request).state
    said = []
    for step in run.steps if run is not None else ():
        if step.state is StepState.UNKNOWN and state is State.HELD:
            value = _value(office, step)
            for name in TWO:
                resolve(office.gate, office.actor(name), request, step.step.key, value)
            said.append(f"{request}: two persons say {value} of {step.step.key}: {step.sentence}")
        elif step.state is StepState.WAITING and step.step.needs_allowance:
            allow(office.gate, office.actor("ian"), request, step.step.key)
            said.append(f"{request}: {step.step.key} is allowed.")
    return said


def _value(office: Office, step: RunStep) -> str:
    """A move is done where the new node is the one that takes writes; everything else may be done again."""
    moved = step.step.action == Action.MOVE and primaries(office.place) == [step.step.node]
    return "done" if moved else "not-done"
