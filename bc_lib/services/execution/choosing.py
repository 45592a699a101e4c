"""What a runner does next, from the journal alone. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bc_lib.domain.execution import returning
from bc_lib.domain.execution.derive import all_over, owed, service_back
from bc_lib.domain.execution.journal import DONE, OVER, StepState
from bc_lib.domain.execution.run import Run, RunStep
from bc_lib.domain.requests.states import State


class What(StrEnum):
    """Kinds of a next thing."""

    STEP = "step"
    SKIP = "skip"  # a step that turned out not to be needed
    RESTORE = "restore"  # clients write again
    COMPLETE = "complete"
    FAIL = "fail"
    LEAVE = "leave"  # nothing can be done now


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """`step` belongs to What.STEP and What.SKIP, `why` to the latter."""

    what: What
    step: RunStep | None = None
    why: str = ""


def next_of(run: Run, state: State, *, review_open: bool, stuck: Collection[str]) -> Next:
    """`stuck`: keys of steps that this runner cannot help any further on this visit."""
    first = next((each for each in run.steps if not each.step.after_restore and each.state not in DONE), None)
    if state is State.STOPPING:
        return Next(what=What.FAIL)
    if any(each.state is StepState.FAILED and not each.step.after_restore for each in run.steps):
        return _after_failure(run, stuck)
    if first is not None:
        unneeded = first.step.returns and first.state is StepState.PLANNED
        return Next(what=What.SKIP, step=first, why=returning.NOT_NEEDED) if unneeded else _try(first, stuck)
    if state in {State.RUNNING, State.HELD} and service_back(run):
        return Next(what=What.RESTORE)
    step = _owed_step(run, stuck)
    if step is not None:
        return Next(what=What.STEP, step=step)
    return Next(what=What.LEAVE if not all_over(run) or owed(run, review_open=review_open) else What.COMPLETE)


def _try(step: RunStep, stuck: Collection[str]) -> Next:
    return Next(what=What.LEAVE) if step.step.key in stuck else Next(what=What.STEP, step=step)


def _after_failure(run: Run, stuck: Collection[str]) -> Next:
    """The run fails, after the way back where the plan has one."""
    left = next(iter(returning.open_steps(run)), None)
    if left is None:
        return Next(what=What.FAIL)
    if returning.needed(run, left):
        return _try(left, stuck)
    return Next(what=What.SKIP, step=left, why=returning.LEFT_OUT)


def may_stop_before(run: Run, step: RunStep) -> bool:
    """Whether a freeze or a safe stop may end the run before this step: where the plan says so, or at the start.

    A way back that was begun is never cut short.
    """
    if step.step.returns:
        return False
    before = [each for each in run.steps if each.position < step.position and each.state is not StepState.SKIPPED]
    return not before or before[-1].step.may_stop_after


def _owed_step(run: Run, stuck: Collection[str]) -> RunStep | None:
    """Each resource's own order; what one waits for does not keep another from its standby."""
    blocked: set[str] = set()
    for each in run.steps:
        if not each.step.after_restore or each.state in OVER or each.step.resource in blocked:
            continue
        if each.step.key not in stuck:
            return each
        blocked.add(each.step.resource)
    return None
