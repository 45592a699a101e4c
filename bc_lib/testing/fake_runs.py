"""Runs made by hand: a switchover in any state of its journal, for presenters and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import Owed
from bc_lib.domain.execution.run import Mark, Run, RunStep
from bc_lib.domain.requests.plan import Step
from bc_lib.ports.runs import Past

ACTIONS = ("check", "move", "verify", "reprotect", "postcheck")
SUMMARIES = {
    "check": "check both sites again",
    "move": "stop the server at fra, wait until everything is applied at ams, make ams the primary",
    "verify": "prove with a write through the clients' own address that they reach ams",
    "reprotect": "start fra as the standby of ams",
    "postcheck": "check roles, replication and the configured integrity checks",
}


def plan_steps(resource: str = "orders-db") -> tuple[Step, ...]:
    """Steps of a switchover as the planner makes them."""
    return tuple(
        Step(
            resource=resource,
            action=action,
            summary=f"{resource}: {SUMMARIES[action]}",
            key=f"{resource}/{action}",
            node="ams",
            peer="fra",
            timeout_s=60.0,
            point_of_no_return=action == "move",
            undo="until ams is promoted: start the server at fra again" if action == "move" else "",
            may_stop_after=action in {"check", "verify"},
            after_restore=action in {"reprotect", "postcheck"},
        )
        for action in ACTIONS
    )


def run_at(
    now: datetime,
    done: int,
    state: StepState = StepState.CLAIMED,
    *,
    steps: Sequence[Step] = (),
    request: str = "r-1",
    **more: Any,
) -> Run:
    """A run begun 20 s before `now` whose first `done` steps are verified; the next one is in `state`."""
    began = now - timedelta(seconds=20)
    journal = tuple(
        _journal(step, number, done, state, began) for number, step in enumerate(steps or plan_steps(), start=1)
    )
    values: dict[str, Any] = {"request": request, "plan_revision": 1, "started_at": began, "steps": journal}
    return Run(**{**values, **more})


def marks_of_move(key: str, at: datetime) -> tuple[Mark, ...]:
    """Fenced at `at`, caught up 12 ms later, promoted 48 ms after that."""
    return (
        Mark(step=key, name=MarkName.FENCED, at=at),
        Mark(step=key, name=MarkName.CAUGHT_UP, at=at + timedelta(milliseconds=12)),
        Mark(step=key, name=MarkName.PROMOTED, at=at + timedelta(milliseconds=60)),
    )


def restored(now: datetime) -> Run:
    """Clients write again, and no standby follows yet."""
    at = now - timedelta(seconds=15)
    return run_at(
        now,
        3,
        marks=marks_of_move("orders-db/move", at),
        outage_began_at=at,
        restored_at=at + timedelta(milliseconds=92),
        unprotected_since=at,
        owed=(Owed.REPROTECT,),
    )


def past_run(now: datetime, request: str, outage_s: float | None = 0.1, **more: Any) -> Past:
    """An earlier switchover of orders-db that succeeded an hour ago."""
    began = now - timedelta(hours=1)
    values: dict[str, Any] = {
        "type": "switchover",
        "resource": "orders-db",
        "started_at": began,
        "ended_at": began + timedelta(seconds=9),
        "outcome": None,
        "step_s": {"check": 0.4, "move": 1.5},
        "outage_s": outage_s,
    }
    return Past(request=request, **{**values, **more})


def finding(severity: Severity = Severity.OK, check: str = "lag", **more: Any) -> Finding:
    """A finding about orders-db."""
    values: Mapping[str, Any] = {"resource": "orders-db", "sentence": "The standby is 0.2 s behind.", "figure": "0.2 s"}
    return Finding(check=check, severity=severity, **{**values, **more})


def _journal(step: Step, number: int, done: int, state: StepState, began: datetime) -> RunStep:
    at = began + timedelta(seconds=number)
    if number <= done:
        return RunStep(
            step=step, position=number, state=StepState.VERIFIED, epoch=7, attempts=1, claimed_at=at,
            ended_at=at + timedelta(milliseconds=700),
        )  # fmt: skip
    planned = RunStep(step=step, position=number, state=StepState.PLANNED)
    if number > done + 1 or state is StepState.PLANNED:
        return planned
    if state is StepState.WAITING and step.needs_allowance:
        return replace(planned, state=state)  # it waits before its first try
    return replace(planned, state=state, epoch=7, attempts=1, claimed_at=at)
