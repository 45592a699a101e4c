"""A run as stored: steps, marks, human decisions. Times are aware UTC by the shared database's clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import MemberOutcome, Outcome, Owed
from bc_lib.domain.loss.values import LossProof
from bc_lib.domain.requests.plan import Step
from bc_lib.domain.requests.votes import Proof

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLease:
    """The right to act for a run. `epoch` is never reused and greater than every earlier one, of any run.

    Nothing may have an effect after `expires_at`; a successor starts only after it.
    """

    request: str
    holder: str
    epoch: int
    expires_at: datetime
    ttl_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A moment inside a step."""

    step: str
    name: MarkName
    at: datetime
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep:
    """One journal entry. `facts`: what it found or did (markers, LSNs, timelines); `sentence`: for people."""

    step: Step
    position: int
    state: StepState
    epoch: int | None = None
    attempts: int = 0
    claimed_at: datetime | None = None
    ended_at: datetime | None = None
    sentence: str = ""
    facts: Facts = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


class RunActKind(StrEnum):
    """What people decide about a run."""

    STOP = "stop"  # stop where it is safe
    RESOLVE = "resolve"  # value: done | not-done | give-up, of an unknown step
    ATTEST = "attest"  # value: done | not-done | done@LSN, of a manual step
    WAIVE = "waive"  # do without a proven fence
    OVERRIDE = "override"  # value: <resource>/<check>
    CONSENT = "consent"  # value: the figure of the loss that is accepted
    ALLOW = "allow"  # a step that needs its own approval, such as rewinding the only copy of what was lost
    END_HOLD = "end-hold"  # a live drill goes back
    ACKNOWLEDGE = "acknowledge"  # a second failover within the block period, with a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAct:
    """One decision. `person` is who the identity belongs to now; `step` is empty where it is about the whole run."""

    id: int
    request: str
    kind: RunActKind
    step: str
    value: str
    note: str
    person: int
    name: str
    issuer: str
    subject: str
    role: str
    plan_revision: int
    plan_digest: str
    at: datetime
    proof: Proof | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """A line of the run's log. `level`: info, warning, error."""

    at: datetime
    level: str
    text: str
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The execution of a request. `outage_began_at`: clients' writes ended; `restored_at`: one was acknowledged again.
    `proofs`: what the monitor knew about the loss of each resource at the start.

    `unprotected_since` counts until a standby streams again. `executor`: who started it.
    """

    request: str
    plan_revision: int
    started_at: datetime
    steps: tuple[RunStep, ...]
    marks: tuple[Mark, ...] = ()
    acts: tuple[RunAct, ...] = ()
    prechecks: tuple[Finding, ...] = ()
    proofs: tuple[LossProof, ...] = ()
    owed: tuple[Owed, ...] = ()
    outcome: Outcome | None = None
    members: Mapping[str, MemberOutcome] = field(default_factory=dict)
    outage_began_at: datetime | None = None
    restored_at: datetime | None = None
    unprotected_since: datetime | None = None
    ended_at: datetime | None = None
    executor: str = ""
    held_because: str = ""

    def step(self, key: str) -> RunStep:
        """The step with this key. Raises KeyError."""
        found = next((each for each in self.steps if each.step.key == key), None)
        if found is None:
            raise KeyError(key)
        return found

    def marked(self, key: str, name: MarkName) -> Mark | None:
        """The newest mark of that name in a step."""
        return next((each for each in reversed(self.marks) if each.step == key and each.name is name), None)
