"""What a request can lose, or has lost, in the one sentence of the loss and the one about two writers; and who accepted
what, when. Pages, commands, mails and the pack say these."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.acts import accepting
from bc_lib.domain.execution.run import Run, RunAct, RunActKind
from bc_lib.domain.execution.stated import expected, losses, writers
from bc_lib.domain.loss import Fence, LossStatement, told
from bc_lib.domain.plans.figures import loss_to_accept, statements
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.requests.values import Request
from bc_lib.domain.words import clock
from bc_lib.services.requests.look import Checked, plan_of


class Reads(Checked, Protocol):
    """What is looked up here."""

    def run(self, request_id: str) -> Run | None:
        """The run of a request; None before it began."""
        ...

    def acts(self, request_id: str) -> Sequence[RunAct]:
        """Decisions about a request, oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A loss that somebody accepted: in exactly these words, at that moment."""

    value: str
    name: str
    at: datetime

    @property
    def words(self) -> str:
        """`losing up to 3 s, accepted by Olga at 2026-11-29 04:55:10 UTC`."""
        return f"losing {self.value}, accepted by {self.name} at {clock(self.at)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Losing:
    """`accept`: what a start must be told to accept (empty: nothing), of a run what was accepted; `missing`: the same,
    while nobody accepted that or more. `statements` and `fences`: one a resource. `accepted`: of the current plan,
    oldest first."""

    accept: str = ""
    missing: str = ""
    statements: tuple[LossStatement, ...] = ()
    fences: tuple[Fence, ...] = ()
    accepted: tuple[Accepted, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """As they are shown."""
        return told(self.statements, self.fences)


def losing(reading: Reads, request: Request, plan: Plan) -> Losing:
    """As it is now: of the run where there is one, else of the last look, else of the plan. Never raises Denial."""
    if request.type is not RequestType.FAILOVER:
        run = reading.run(request.id)
        return Losing(statements=losses(run, plan), fences=writers(run, plan)) if run else Losing()
    acts = reading.acts(request.id)
    accepted = accepted_losses(acts, request)
    run = reading.run(request.id)
    if run is not None:
        made = losses(run, plan)
        fences = writers(run, plan) if made else plan.fences
        taken = accepted[-1].value if accepted else plan.loss
        return Losing(accept=taken, statements=made or expected(run), fences=fences, accepted=accepted)
    accept, shown = plan.loss, plan
    with suppress(Denial):  # it makes no sense now, which is said elsewhere
        if request.state.waiting:
            shown = plan_of(reading, request)
            accept = loss_to_accept(plan, shown)
    return Losing(
        accept=accept,
        missing="" if accepting(acts, request.plan_revision, accept) else accept,
        statements=statements(shown),
        fences=shown.fences,
        accepted=accepted,
    )


def accepted_losses(acts: Sequence[RunAct], request: Request) -> tuple[Accepted, ...]:
    """Consents to the current plan."""
    return tuple(
        Accepted(value=act.value, name=act.name, at=act.at)
        for act in acts
        if act.kind is RunActKind.CONSENT and act.plan_revision == request.plan_revision
    )
