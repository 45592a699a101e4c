"""One request as it may be shown: where it stands, who agreed, who is missing and by when, what would happen."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from bc_lib.domain.breakglass import Grant
from bc_lib.domain.denial import Denial
from bc_lib.domain.loss import Outage
from bc_lib.domain.requests.policy import Need, Rule, Standing
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Happening, Request, StoredPlan
from bc_lib.domain.requests.votes import Vote
from bc_lib.domain.schedules.values import Schedule
from bc_lib.ports.requests import Reading
from bc_lib.services.execution.against import Against, against
from bc_lib.services.gate import Gate
from bc_lib.services.requests.losing import Losing, losing
from bc_lib.services.requests.outage import outage_so_far
from bc_lib.services.requests.standing import rule_of, standing_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request at `now` (the database's clock). `missing` is empty where nobody must approve any more.

    `rule` and `standing` are None where the policy has changed since; approvals are void then. `schedule`: where one
    asked, its versions up to the date, oldest first; whoever made one counts as requester. `losing`:
    what can be lost as it is now, and what was accepted; `against`: what stands against a start; `outage`: since when
    clients cannot write, while that lasts.
    """

    now: datetime
    request: Request
    plans: tuple[StoredPlan, ...]
    votes: tuple[Vote, ...]
    rule: Rule | None
    standing: Standing | None
    grant: Grant | None
    history: tuple[Happening, ...]
    schedule: tuple[Schedule, ...] = ()
    losing: Losing = field(default_factory=Losing)
    against: Against | None = None
    outage: Outage | None = None

    @property
    def loss(self) -> str:
        """What a start must be told to accept, as it is now; empty: nothing."""
        return self.losing.accept

    @property
    def askers(self) -> tuple[str, ...]:
        """Names of the persons who count as requester."""
        return tuple(dict.fromkeys([self.request.requester_name, *(each.editor_name for each in self.schedule)]))

    @property
    def plan(self) -> StoredPlan:
        """The current plan."""
        return self.plans[-1]

    @property
    def missing(self) -> tuple[Need, ...]:
        """Who must still approve."""
        return self.standing.missing if self.standing and self.request.state is State.PENDING_APPROVAL else ()


def show(gate: Gate, request_id: str) -> RequestView:
    """Everything about one request. Raises Denial UNKNOWN_REQUEST."""
    read = gate.store.read
    request = read.get(request_id)
    rule: Rule | None = None
    counted: Standing | None = None
    with suppress(Denial):  # the policy changed since: shown as such
        rule, counted = rule_of(read, request), standing_of(gate, read, request)
    plans = tuple(each for each in read.plans(request_id) if each.revision <= request.plan_revision)
    return RequestView(
        now=read.now(),
        request=request,
        plans=plans,
        votes=tuple(read.votes(request_id)),
        rule=rule,
        standing=counted,
        grant=read.grant(request.breakglass) if request.breakglass else None,
        history=tuple(read.history(request_id)),
        schedule=_schedule(read, request),
        losing=losing(read, request, plans[-1].plan),
        against=against(gate, read, request, plans[-1].plan),
        outage=outage_so_far(read.snapshot(), request, plans[-1].plan, read.run(request.id)),
    )


def _schedule(read: Reading, request: Request) -> tuple[Schedule, ...]:
    if request.schedule is None or request.due_at is None:
        return ()
    return tuple(each for each in read.schedules.versions(request.schedule) if each.at < request.due_at)
