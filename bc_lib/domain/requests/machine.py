"""The one table of edges between states. The database's guard and docs/state-machine.md are generated from it.

Invariant: an edge that is not here exists nowhere. `by` names the database logins that may take it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bc_lib.domain.requests.states import State


class Event(StrEnum):
    """What happened to a request."""

    SUBMIT = "submit"
    APPROVE = "approve"
    BREAK_GLASS = "break-glass"
    DENY = "deny"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    VOID = "void"
    START = "start"
    PRECHECK_NO = "precheck-no"
    HOLD = "hold"
    RESUME = "resume"
    STOP = "stop"
    FAIL = "fail"
    RESTORE = "restore"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Edge:
    """One allowed step: `meaning` is for people."""

    source: State
    event: Event
    target: State
    by: tuple[str, ...]
    meaning: str


UI = ("bc_ui",)
RUNNER = ("bc_runner",)
BOTH = ("bc_ui", "bc_runner")
S = State

EDGES: tuple[Edge, ...] = (
    Edge(
        S.DRAFT, Event.SUBMIT, S.PENDING_APPROVAL, BOTH, "asked for, with its plan; by the runner for a schedule only"
    ),
    Edge(S.PENDING_APPROVAL, Event.APPROVE, S.APPROVED, UI, "the policy is satisfied"),
    Edge(S.PENDING_APPROVAL, Event.BREAK_GLASS, S.APPROVED, UI, "an emergency grant stands in for missing approvers"),
    Edge(S.PENDING_APPROVAL, Event.DENY, S.REJECTED, UI, "a required role said no"),
    Edge(S.PENDING_APPROVAL, Event.EXPIRE, S.EXPIRED, BOTH, "nobody decided in time"),
    Edge(S.PENDING_APPROVAL, Event.WITHDRAW, S.CANCELLED, UI, "withdrawn by the requester"),
    Edge(S.APPROVED, Event.CONFIRM, S.READY_TO_START, UI, "confirmed with the typed phrase"),
    Edge(S.APPROVED, Event.EXPIRE, S.EXPIRED, BOTH, "not confirmed in time"),
    Edge(S.APPROVED, Event.WITHDRAW, S.CANCELLED, UI, "withdrawn by the requester"),
    Edge(S.APPROVED, Event.VOID, S.PENDING_APPROVAL, BOTH, "a new plan revision: votes void, reason kept"),
    Edge(S.READY_TO_START, Event.START, S.RUNNING, RUNNER, "claimed by the runner"),
    Edge(S.READY_TO_START, Event.EXPIRE, S.EXPIRED, BOTH, "not started in time"),
    Edge(S.READY_TO_START, Event.WITHDRAW, S.CANCELLED, UI, "withdrawn by the requester"),
    Edge(S.READY_TO_START, Event.VOID, S.PENDING_APPROVAL, BOTH, "a new plan revision: votes void, reason kept"),
    Edge(S.READY_TO_START, Event.PRECHECK_NO, S.FAILED, RUNNER, "a precheck said no; untouched"),
    Edge(S.RUNNING, Event.HOLD, S.HELD, RUNNER, "an unknown or manual step; a human decides"),
    Edge(S.HELD, Event.RESUME, S.RUNNING, RUNNER, "the human decided"),
    Edge(S.RUNNING, Event.STOP, S.STOPPING, RUNNER, "safe stop, freeze, timeout"),
    Edge(S.HELD, Event.STOP, S.STOPPING, RUNNER, "safe stop, freeze, timeout"),
    Edge(S.STOPPING, Event.FAIL, S.FAILED, RUNNER, "stopped where it was safe"),
    Edge(S.RUNNING, Event.FAIL, S.FAILED, RUNNER, "a step failed"),
    Edge(S.HELD, Event.FAIL, S.FAILED, RUNNER, "given up by a human"),
    Edge(S.RUNNING, Event.RESTORE, S.SERVICE_RESTORED, RUNNER, "clients write again"),
    Edge(S.SERVICE_RESTORED, Event.COMPLETE, S.SUCCEEDED, RUNNER, "nothing is owed any more"),
)
_BY_STEP = {(edge.source, edge.event): edge for edge in EDGES}


def edge(source: State, event: Event) -> Edge | None:
    """The edge that `event` takes from `source`; None where there is none."""
    return _BY_STEP.get((source, event))
