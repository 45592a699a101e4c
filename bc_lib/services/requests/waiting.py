"""What one request waits for people with, and what that costs meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bc_lib.domain.actor import Role
from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.overriding import may_override
from bc_lib.domain.plans.figures import loss_to_accept
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.waiting import Wait
from bc_lib.domain.requests.waiting_run import Facts, of_request
from bc_lib.services.execution.conditions import recent_failovers
from bc_lib.services.execution.parts import BLOCK_S
from bc_lib.services.execution.said import Reads, all_valid
from bc_lib.services.gate import Gate
from bc_lib.services.requests.look import plan_of
from bc_lib.services.requests.outage import outage_so_far
from bc_lib.services.requests.standing import glass_broken, standing_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing with what it waits for. `request`: whose, where it is a request's; `loss`: what must be accepted.

    `down_since`: clients cannot write; `unprotected_since`: there is no working standby.
    """

    waits: tuple[Wait, ...]
    request: Request | None = None
    plan: Plan | None = None
    down_since: datetime | None = None
    unprotected_since: datetime | None = None

    def for_person(self, person: int, roles: Iterable[Role]) -> Item | None:
        """What of it is open to this person; None: nothing."""
        held = frozenset(roles)
        mine = tuple(each for each in self.waits if each.open_to(person, held))
        return replace(self, waits=mine) if mine else None

    @property
    def until(self) -> datetime | None:
        """When the first of it is over."""
        return min((each.until for each in self.waits if each.until), default=None)


def item_of(gate: Gate, read: Reads, request: Request) -> Item | None:
    """What this request waits for; None: for nobody."""
    facts = facts_of(gate, read, request)
    waits, run = of_request(facts), facts.run
    if not waits:
        return None
    down = outage_so_far(read.snapshot(), request, facts.plan, run)
    return Item(
        waits=waits,
        request=request,
        plan=facts.plan,
        down_since=down.began_at if down else None,
        unprotected_since=run.unprotected_since if run else None,
    )


def facts_of(gate: Gate, read: Reads, request: Request) -> Facts:
    """What the rule looks at, as the services of the acts would see it."""
    plan, run = read.plan(request.id).plan, read.run(request.id)
    stored = read.prechecks(request.id)
    prechecks = run.prechecks if run else tuple(stored[1]) if stored else ()
    waits = request.state.waiting
    names = [target.resource for target in plan.targets]
    inventory, now = read.inventory(), read.now()
    loss, senseless = _now(read, request, plan) if waits and run is None else ("", False)
    return Facts(
        now=now,
        request=request,
        plan=plan,
        missing=_missing(gate, read, request),
        votes=tuple(read.votes(request.id)),
        run=run,
        acts=tuple(all_valid(gate, read, request, run)),
        prechecks=prechecks,
        overridable=frozenset(
            value for each in prechecks if may_override(inventory, value := f"{each.resource}/{each.check}")
        ),
        loss=loss,
        blocked=waits and bool(recent_failovers(read, request, names, now, BLOCK_S)),
        frozen=waits and read.frozen() is not None,
        senseless=senseless,
    )


def loss_of(read: Reads, request: Request, plan: Plan) -> str:
    """What a start must be told to accept now; empty where that is nothing, or the request makes no sense now."""
    return _now(read, request, plan)[0]


def _missing(gate: Gate, read: Reads, request: Request) -> frozenset[Role]:
    if request.state is not State.PENDING_APPROVAL or glass_broken(read, request):
        return frozenset()
    try:
        return frozenset(need.role for need in standing_of(gate, read, request).missing)
    except Denial:
        return frozenset()  # the policy changed: the next look at the plan voids it


def _now(read: Reads, request: Request, plan: Plan) -> tuple[str, bool]:
    """What must be accepted, and whether nobody can decide on it any more: it expires or is withdrawn."""
    try:
        now = plan_of(read, request)
    except Denial:
        return "", True
    return (loss_to_accept(plan, now) if request.type is RequestType.FAILOVER else ""), False
