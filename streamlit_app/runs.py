"""What the pages read about runs: one run as it stands, what is under way, what was run before."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.execution.overriding import may_override
from bc_lib.domain.execution.run import Run, RunAct, RunEvent, RunLease
from bc_lib.domain.plans.recovery_time import target_when_planned
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Happening, Request, StoredPlan
from bc_lib.domain.requests.votes import Vote
from bc_lib.ports.runs import Frozen, Past, RunReader, earlier
from bc_lib.services.execution.against import Against, against
from bc_lib.services.execution.said import all_valid
from bc_lib.services.gate import Gate
from bc_lib.services.requests.outage import outage_so_far
from bc_lib.services.requests.waiting import loss_of

UNDER_WAY = (State.RUNNING, State.HELD, State.STOPPING, State.SERVICE_RESTORED)
LINES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSeen:
    """A request with its run at `now` (the database's clock); `run` is None before it began.

    `counting`: those of `acts` that are proven and count now; `loss`: what a start must be told to accept.
    `down_since`: since when clients cannot write, while that lasts.
    `overridable`: `<resource>/<check>` that the inventory lets people override. `read_at`: this process's monotonic
    clock, so that a shown clock can go on between two reads.
    """

    now: datetime
    request: Request
    plan: StoredPlan
    run: Run | None
    lease: RunLease | None
    acts: tuple[RunAct, ...]
    events: tuple[RunEvent, ...]
    past: tuple[Past, ...]
    prechecks: tuple[datetime, tuple[Finding, ...]] | None
    frozen: Frozen | None
    rto_s: float | None
    history: tuple[Happening, ...] = ()
    votes: tuple[Vote, ...] = ()
    overridable: frozenset[str] = frozenset()
    read_at: float = 0.0
    against: Against | None = None
    counting: tuple[RunAct, ...] = ()
    loss: str = ""
    down_since: datetime | None = None

    def moved_on(self) -> RunSeen:
        """The same, as old as it is by now."""
        return replace(
            self, now=self.now + timedelta(seconds=time.monotonic() - self.read_at), read_at=time.monotonic()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What is under way everywhere, and whether starts are frozen."""

    now: datetime
    frozen: Frozen | None
    running: tuple[tuple[Request, Run | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """What is known about some resources from earlier runs."""

    now: datetime
    past: tuple[Past, ...]


def read_run(gate: Gate, read: RunReader, request_id: str) -> RunSeen:
    """Everything about one run. Raises Denial UNKNOWN_REQUEST."""
    request, plan, run = read.get(request_id), read.plan(request_id), read.run(request_id)
    names = [target.resource for target in plan.plan.targets]
    inventory = read.inventory()
    found = read.prechecks(request.id)
    events = read.events(request.id)
    down = outage_so_far(read.snapshot(), request, plan.plan, run)
    return RunSeen(
        now=read.now(),
        request=request,
        plan=plan,
        run=run,
        lease=read.lease(request.id),
        acts=tuple(read.acts(request.id)),
        events=tuple(event for _, event in events)[-LINES:],
        past=earlier(read.past(names, before=_settled_at(request, run)), run),
        prechecks=(found[0], tuple(found[1])) if found else None,
        frozen=read.frozen(),
        rto_s=target_when_planned(plan.plan, inventory),
        history=tuple(read.history(request.id)),
        votes=tuple(read.votes(request.id)),
        overridable=frozenset(
            f"{each.name}/{check}"
            for each in inventory.resources
            if each.name in names and each.execution
            for check in each.execution.allow_overrides
            if may_override(inventory, f"{each.name}/{check}")
        ),
        read_at=time.monotonic(),
        against=against(gate, read, request, plan.plan),
        counting=tuple(all_valid(gate, read, request, run)),
        loss=loss_of(read, request, plan.plan) if run is None and request.state.waiting else "",
        down_since=down.began_at if down else None,
    )


def _settled_at(request: Request, run: Run | None) -> datetime | None:
    """The moment whose figures it is shown with for good: its start, else its end. None while it is still asked for."""
    if run is not None:
        return run.started_at
    return request.state_since if request.state.over else None


def read_activity(read: RunReader) -> Activity:
    """Requests under way, oldest first."""
    found = read.list(states=UNDER_WAY)
    ordered = sorted(found.requests, key=lambda each: each.state_since)
    return Activity(now=found.now, frozen=read.frozen(), running=tuple((each, read.run(each.id)) for each in ordered))


def read_experience(read: RunReader, resources: Sequence[str]) -> Experience:
    """Earlier runs, newest first."""
    return Experience(now=read.now(), past=tuple(read.past(resources)))
