"""A group whose plan says `return`: when a member certainly could not move, those that moved go back. Pure, from a Run.

The way back is part of the approved plan: steps marked `returns`, skipped where every member moved.
"""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.domain.execution.derive import members
from bc_lib.domain.execution.journal import DONE, StepState
from bc_lib.domain.execution.outcome import MemberOutcome
from bc_lib.domain.execution.run import Run, RunStep

NOT_NEEDED = "Not needed: every member has moved."
LEFT_OUT = "Left out: a member could not be moved, so those that moved go back."
CERTAIN = frozenset({MemberOutcome.UNTOUCHED, MemberOutcome.MOVED, MemberOutcome.MOVED_BACK})


def open_steps(run: Run) -> Sequence[RunStep]:
    """What is left of the way back, and of what it replaces, in order; empty where this run does not return.

    It returns only where no member is in doubt: a member whose writes are stopped, or that may have moved, is for a
    person, and so is a step of the way back that failed.
    """
    failed = [each for each in run.steps if each.state is StepState.FAILED and not each.step.after_restore]
    if len(failed) != 1 or failed[0].step.returns:
        return ()
    became = members(run)
    begun = any(each.step.returns and each.state is not StepState.PLANNED for each in run.steps)
    if not begun and (MemberOutcome.MOVED not in became.values() or not set(became.values()) <= CERTAIN):
        return ()
    if not any(each.step.returns for each in run.steps):
        return ()
    return [
        each
        for each in run.steps
        if not each.step.after_restore and each.state not in DONE and each.position != failed[0].position
    ]


def needed(run: Run, step: RunStep) -> bool:
    """Whether a step that is left is part of the way back of a member that moved."""
    return step.step.returns and (
        step.state is not StepState.PLANNED
        or members(run)[step.step.resource] in {MemberOutcome.MOVED, MemberOutcome.MOVED_BACK}
    )
