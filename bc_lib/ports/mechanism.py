"""How the runner acts on a platform. One implementation a platform; synchronous; every call ends within its deadline.

An act is tried at most once for each claim. Whoever resumes probes first, and acts again only where the probe proves
that the effect is not there (decision 6). Effects carry the run, the step, the epoch and the deadline to the target,
which refuses an older epoch or a late order; a target that cannot remember an epoch gets one statement that is
conditional on the deadline, the system identifier and the timeline.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bc_lib.domain.assessment import LastPrimary
from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.execution.run import Facts
from bc_lib.domain.inventory import Platform, Resource
from bc_lib.domain.requests.plan import Plan, Step

MarkFn = Callable[[MarkName, Facts], None]
"""Tells the journal of a moment, without waiting for it: the clients' writes stand still meanwhile."""


class Effect(StrEnum):
    """What a probe can say about a step's effect."""

    SEEN = "seen"
    NOT_SEEN = "not-seen"  # certainly not there, and nothing of an earlier act can still make it come
    PARTLY = "partly"  # begun: act() goes on from what is there
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """The answer of a probe: one sentence for people, and what was seen.

    `waits`: it is UNKNOWN because a secret cannot be had now; a probe with the secret may tell (F24).
    """

    effect: Effect
    sentence: str
    facts: Facts = field(default_factory=dict)
    waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One step for a mechanism. `earlier`: facts of verified steps of the run by key; `marks` of this step so far;
    `known`: the facts of this step itself, from earlier tries.

    `deadline` is aware UTC by this machine's clock: nothing may have an effect after it. `fence_waived`: a signed
    waiver allows going on without a proven fence. `actor` names the run in the target's sessions (application_name).
    `right_ends` is asked anew before every effect: when the right to act ends as it stands now. It moves while the
    lease is renewed, so that a long step needs no long lease; None: the deadline alone counts. `attested`: what people
    say of a step that they did by hand (domain/execution/attested.py), for its probe. `last_primary`: what the monitor
    last saw taking writes, for a check.
    """

    request: str
    epoch: int
    deadline: datetime
    plan: Plan
    step: Step
    resource: Resource
    earlier: Mapping[str, Facts] = field(default_factory=dict)
    marks: Mapping[MarkName, Facts] = field(default_factory=dict)
    fence_waived: bool = False
    attested: Facts = field(default_factory=dict)
    known: Facts = field(default_factory=dict)
    right_ends: Callable[[], datetime] | None = None
    last_primary: LastPrimary | None = None

    @property
    def effect_by(self) -> datetime:
        """The deadline that an effect begun now carries to the target."""
        return self.deadline if self.right_ends is None else min(self.deadline, self.right_ends())

    @property
    def actor(self) -> str:
        """`bc-run r-12/34`: run and epoch; a successor ends the sessions of lower epochs."""
        return f"bc-run {self.request}/{self.epoch}"


class StepFailed(Exception):
    """The effect is certainly not there (or was taken back: `undone`); the message is one sentence, without secrets.

    `writes_stopped`: clients cannot write at either side now.
    """

    def __init__(
        self,
        sentence: str,
        *,
        undone: bool = False,
        writes_stopped: bool = False,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.undone = undone
        self.writes_stopped = writes_stopped
        self.facts: Facts = facts or {}


class StepUnknown(Exception):
    """Whether the effect is there cannot be seen; the message is one sentence, without secrets. A human decides."""


class CredentialUnavailable(Exception):
    """The execution secret cannot be had now: the step pauses, it did not fail (F24)."""


class StepPaused(Exception):
    """The step needs time or a person and may be asked again: `sentence` says what it waits for."""


class Mechanism(Protocol):
    """Acts on resources of one platform. Used by one thread at a time."""

    platform: Platform

    def actions(self) -> frozenset[Action]:
        """What it can do; a plan holds nothing else for this platform."""
        ...

    def prechecks(self, work: Work) -> Sequence[Finding]:
        """Look at both sites now, read-only (FR-033). Never raises for trouble with a target: that is a finding."""
        ...

    def take_over(self, work: Work) -> None:
        """Before a successor's first step: end the sessions of lower epochs at the targets that can be reached."""
        ...

    def probe(self, work: Work) -> Probe:
        """Is the step's effect there? Read-only; never raises for trouble with a target."""
        ...

    def act(self, work: Work, mark: MarkFn) -> Facts:
        """Do it, going on from what is there; what was done. Raises StepFailed, StepUnknown, StepPaused,
        CredentialUnavailable."""
        ...

    def follow_up(self, work: Work) -> Facts:
        """What `act` does beside the effect once that is there: for a step whose effect was seen by a probe, so that
        nobody knows how far its act came. Doing it twice is doing it once; trouble is told in the facts, never raised.
        """
        ...

    def verify(self, work: Work, facts: Facts) -> Sequence[Finding]:
        """Check after the act. Read-only; a finding of BLOCK or UNKNOWN fails or holds the step.

        Raises CredentialUnavailable where a finding is UNKNOWN for want of a secret.
        """
        ...

    def undo(self, work: Work, mark: MarkFn) -> Facts:
        """Take back what a step began and did not finish: after a move that was fenced and not promoted, writes are
        allowed again where they were. Raises StepFailed where that is not possible, StepUnknown."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


class Mechanisms(Protocol):
    """Finds mechanisms; drivers load on first use."""

    def get(self, platform: Platform) -> Mechanism | None:
        """The mechanism of `platform`; None where it is watched only."""
        ...

    def close(self) -> None:
        """Close all."""
        ...
