"""An act on one request: locked, its requester known, and over if its time has passed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.actor import Actor
from bc_lib.domain.authorization import Verb
from bc_lib.domain.requests.expiry import expired
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request, StoredPlan
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Act, Keep, Subject, acting, check_asker
from bc_lib.services.requests.expire import end_expired


@dataclass(slots=True, kw_only=True)
class Opened:
    """A locked request with its current plan; `now` was read from the database's clock after the lock."""

    act: Act
    request: Request
    plan: StoredPlan
    now: datetime


@contextmanager
def opened(gate: Gate, actor: Actor, verb: Verb, request_id: str, revision: int | None = None) -> Iterator[Opened]:
    """Lock the request for `verb`. `revision`: the plan revision the actor looked at; None: whatever is current.

    Raises Denial; an expired request is ended first, and stays ended.
    """
    about = Subject(request_id=request_id[:20])
    with acting(gate, actor, verb, about) as act:
        request = act.work.lock(request_id)
        plan = act.work.plan(request_id)
        about.request_id, about.system = request.id, request.scope.name
        about.members = tuple(target.resource for target in plan.plan.targets)
        check_asker(verb, request, act.person.id)
        now = act.work.now()
        if expired(request.state, request.expires_at, now):
            end_expired(gate, act.work, request, about)
            raise Keep(refusal("REQUEST_EXPIRED", request=request.id))
        if revision is not None and revision != request.plan_revision:
            raise refusal("STALE_VERSION", request=request.id)
        yield Opened(act=act, request=request, plan=plan, now=now)


def must_be(request: Request, *states: State) -> None:
    """Raises Denial WRONG_STATE where the request is in none of them."""
    if request.state not in states:
        wanted = " or ".join(state.value for state in states)
        raise refusal("WRONG_STATE", request=request.id, state=request.state.value, wanted=wanted)
