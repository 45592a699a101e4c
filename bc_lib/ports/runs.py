"""Runs in the shared database: leases, journal, decisions (decisions 5, 6). Only bc_runner writes them.

Decisions of people (RunAct) are written by bc_ui with a proof, and verified by the runner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bc_lib.domain.actor import Actor
from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import MemberOutcome, Outcome, Owed
from bc_lib.domain.execution.run import Facts, Run, RunAct, RunActKind, RunEvent, RunLease, RunStep
from bc_lib.domain.loss import LossProof
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import Proof
from bc_lib.ports.requests import RequestReader, RequestWork
from bc_lib.ports.words import WordReading, WordWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """Every start is forbidden, and runs stop where it is safe. `id`: the number of the freeze, which a thaw signs."""

    id: int
    since: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChange:
    """What changes about a run; None: stays."""

    owed: tuple[Owed, ...] | None = None
    outcome: Outcome | None = None
    members: Mapping[str, MemberOutcome] | None = None
    outage_began_at: datetime | None = None
    restored_at: datetime | None = None
    unprotected_since: datetime | None = None
    protected: bool = False  # sets unprotected_since back to nothing
    held_because: str | None = None  # empty: not held any more
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An earlier run of a resource, for the block period and for estimates.

    `outage_s`: for how many seconds clients could not write, of the whole run; None where that did not happen or goes
    on.
    """

    request: str
    type: str
    resource: str
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None
    step_s: Mapping[str, float]  # seconds by action
    outage_s: float | None = None


def earlier(past: Sequence[Past], run: Run | None) -> tuple[Past, ...]:
    """Those that had ended before `run` began, so that the figures beside it never change; of all that is over where
    nothing has begun."""
    return tuple(
        each for each in past if each.ended_at is not None and (run is None or each.ended_at <= run.started_at)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAsked:
    """A move that somebody thinks of: everything against it shall be looked up, and nothing requested."""

    kind: RequestType
    scope: Scope
    target_site: str
    drill: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """`answered_at` before `asked_at`, or None: the newest question waits. `against`: a sentence each."""

    asked_at: datetime
    answered_at: datetime | None
    findings: tuple[Finding, ...]
    against: tuple[str, ...]

    @property
    def waits(self) -> bool:
        """The newest question has no answer yet."""
        return self.answered_at is None or self.answered_at < self.asked_at


class RunReading(Protocol):
    """What can be looked up about runs."""

    @property
    def words(self) -> WordReading:
        """Signed words, whatever they are about."""
        ...

    def frozen(self) -> Frozen | None:
        """The kill switch; None: starts are allowed."""
        ...

    def run(self, request_id: str) -> Run | None:
        """The run of a request, with its steps in order, marks, decisions; None before it began."""
        ...

    def acts(self, request_id: str) -> Sequence[RunAct]:
        """Decisions about a request, oldest first; also those from before its run."""
        ...

    def prechecks(self, request_id: str) -> tuple[datetime, Sequence[Finding]] | None:
        """The newest prechecks and when they were made."""
        ...

    def check(self, asked: CheckAsked) -> Checked | None:
        """What was asked and answered last; None: never asked."""
        ...

    def checks_asked(self) -> Sequence[CheckAsked]:
        """The oldest few of the last minutes that wait for an answer."""
        ...

    def lease(self, request_id: str) -> RunLease | None:
        """Who acts for the run; also where the lease has expired."""
        ...

    def busy(self, resources: Sequence[str]) -> Mapping[str, str]:
        """Resources that belong to a run that is not over, with its request."""
        ...

    def past(self, resources: Sequence[str], limit: int = 20, before: datetime | None = None) -> Sequence[Past]:
        """Earlier runs of these resources, newest first; with `before` those that had ended by then."""
        ...

    def events(self, request_id: str, after: int = 0) -> Sequence[tuple[int, RunEvent]]:
        """Lines of the log with their numbers, oldest first."""
        ...

    def waiting_runs(self) -> Sequence[str]:
        """Requests that should have a runner: ReadyToStart, or under way with an expired lease. Oldest first."""
        ...


class RunWork(RequestWork, RunReading, Protocol):
    """One transaction over requests and runs. Every refusal is a Denial; a guard of the database refuses the same."""

    @property
    def words(self) -> WordWork:
        """Signed words, whatever they are about."""
        ...

    def open_run(
        self,
        request: Request,
        plan: Plan,
        prechecks: Sequence[Finding],
        holder: str,
        ttl_s: float,
        proofs: Sequence[LossProof] = (),
    ) -> RunLease:
        """Take every resource of the plan, write the journal (all steps planned). Raises Denial RESOURCE_BUSY with the
        request that holds it, FROZEN, RUN_EXISTS, PLAN_NOT_APPROVED.

        `proofs`: what is known about the loss now, kept with the run.
        Call it first and move(START) after it in the same transaction; one without the other is refused. `ttl_s` is
        at most 300.
        """
        ...

    def take_over(self, request: Request, holder: str, ttl_s: float) -> RunLease:
        """A new epoch for a run whose lease has expired. Raises Denial RUN_ALIVE with holder and seconds left."""
        ...

    def claim_step(self, lease: RunLease, key: str, *, probed: bool) -> RunStep:
        """planned | waiting | claimed (of a lower epoch, and `probed`) | unknown -> claimed by this epoch.

        The journal alone decides: epoch, lease alive, everything before it done. Raises Denial STALE_EPOCH,
        STEP_TAKEN, STEP_BEFORE_OPEN.
        """
        ...

    def step_to(
        self,
        lease: RunLease,
        key: str,
        state: StepState,
        *,
        sentence: str = "",
        facts: Facts | None = None,
        findings: Sequence[Finding] = (),
    ) -> RunStep:
        """Take an edge of the journal's table; `facts` are added to what is known, an empty `sentence` and empty
        `findings` leave what is there. But what an earlier try said ends where the effect is seen, and what an earlier
        look found where it is verified. Raises Denial STALE_EPOCH, NO_SUCH_STEP_EDGE, UNKNOWN_STEP."""
        ...

    def mark(self, lease: RunLease, key: str, name: MarkName, at: datetime, facts: Facts) -> None:
        """Remember a moment; the same mark twice is kept once. Raises Denial STALE_EPOCH."""
        ...

    def change_run(self, lease: RunLease, change: RunChange) -> None:
        """Change the run itself. Raises Denial STALE_EPOCH.

        Every move() after START (hold, resume, stop, fail, restore, complete) needs a change_run() before it in the
        same transaction, an empty RunChange() too: that is how the database knows that the mover is not stale.
        Restore needs every step that is not after_restore done; complete needs nothing owed. Fail and complete free
        the resources.
        """
        ...

    def say(self, request_id: str, level: str, text: str, step: str = "") -> None:
        """A line of the log, as bc_runner."""
        ...

    def leave(self, lease: RunLease) -> None:
        """Nothing more is done under this lease: a successor need not wait for its end. Resources stay taken.

        Raises Denial STALE_EPOCH.
        """
        ...

    def release(self, lease: RunLease) -> None:
        """The run is over: its resources are free; after move(FAIL or COMPLETE), which did it already, it does nothing.
        Raises Denial STALE_EPOCH."""
        ...

    def ask_check(self, asked: CheckAsked) -> None:
        """Ask the runner to look, as bc_ui; asked again it looks again."""
        ...

    def answer_check(self, asked: CheckAsked, findings: Sequence[Finding], against: Sequence[str]) -> None:
        """What stands against it, as bc_runner."""
        ...

    def store_prechecks(self, request_id: str, findings: Sequence[Finding]) -> None:
        """Remember prechecks."""
        ...

    def add_act(
        self,
        request: Request,
        actor: Actor,
        kind: RunActKind,
        step: str,
        value: str,
        note: str,
        role: str,
        proof: Proof,
    ) -> RunAct:
        """Store a decision on the current plan revision, as bc_ui. Who may, and when: domain.execution.acts.RULES."""
        ...

    def freeze(self, actor: Actor, reason: str) -> Frozen:
        """Forbid starts, as bc_ui. Raises Denial ALREADY_FROZEN."""
        ...

    def thaw(self, frozen: Frozen, actor: Actor, reason: str, proof: Proof) -> None:
        """Take back this freeze: allow starts again, as bc_ui. Raises Denial NOT_FROZEN."""
        ...


class RunReader(RequestReader, RunReading, Protocol):
    """Read models over requests and runs, each call a snapshot of its own."""


class Runs(Protocol):
    """Opens units of work over requests and runs; implements ports.requests.Requests as well."""

    def work(self) -> AbstractContextManager[RunWork]:
        """Commits at the end, rolls back on any exception. Raises AuditUnavailable where a record cannot be written."""
        ...

    @property
    def read(self) -> RunReader:
        """The reader."""
        ...

    def renew(self, lease: RunLease) -> RunLease:
        """Extend by its ttl, in a transaction of its own. Raises Denial STALE_EPOCH when it is no longer ours, expired
        included; sqlalchemy's errors while the database is away."""
        ...
