"""What one request waits for people with, and what that costs meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.actor import Role
from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.overriding import may_override
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.waiting import Wait
from bc_lib.domain.requests.waiting_run import Facts, of_request
from bc_lib.ports.reading import Snapshot
from bc_lib.services.execution.conditions import recent_failovers
from bc_lib.services.execution.parts import BLOCK_S
from bc_lib.services.execution.said import Reads, all_valid
from bc_lib.services.gate import Gate
from bc_lib.services.requests.look import drill_kind, plan_now, to_accept
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
        return None if not mine else Item(
            waits=mine,
            request=self.request,
            plan=self.plan,
            down_since=self.down_since,
            unprotected_since=self.unprotected_since,
        )  # fmt: skip

    @property
    def until(self) -> datetime | None:
        """When the first of it is over."""
        return min((each.until for each in self.waits if each.until), default=None)


def item_of(gate: Gate, read: Reads, request: Request, snapshot: Snapshot | None = None) -> Item | None:
    """What this request waits for; None: for nobody."""
    facts = facts_of(gate, read, request)
    waits, run = of_request(facts), facts.run
    if not waits:
        return None
    down = outage_so_far(snapshot or read.snapshot(), request, facts.plan, run)
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
        loss=loss_of(read, request, plan) if waits and run is None else "",
        blocked=waits and bool(recent_failovers(read, request, names, now, BLOCK_S)),
        frozen=waits and read.frozen() is not None,
        senseless=waits and run is None and _senseless(read, request),
    )


def loss_of(read: Reads, request: Request, plan: Plan) -> str:
    """What a start must be told to accept now; empty where that is nothing, or the request makes no sense now."""
    try:
        return to_accept(read, request, plan)
    except Denial:
        return ""


def _missing(gate: Gate, read: Reads, request: Request) -> frozenset[Role]:
    if request.state is not State.PENDING_APPROVAL or glass_broken(read, request):
        return frozenset()
    try:
        return frozenset(need.role for need in standing_of(gate, read, request).missing)
    except Denial:
        return frozenset()  # the policy changed: the next look at the plan voids it


def _senseless(read: Reads, request: Request) -> bool:
    """Nobody can decide on it any more; it expires or is withdrawn."""
    try:
        plan_now(read, read.policy(), request.type, request.scope, request.target_site, drill_kind(request))
    except Denial:
        return True
    return False
