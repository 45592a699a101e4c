"""A group whose plan says `return`: when a member certainly could not move, those that moved go back. Pure, from a Run.

The way back is part of the approved plan: steps marked `returns`, skipped where every member moved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bc_lib.domain.execution.derive import members
from bc_lib.domain.execution.journal import DONE, StepState
from bc_lib.domain.execution.outcome import MemberOutcome
from bc_lib.domain.execution.run import Run, RunStep

NOT_NEEDED = "Not needed: every member has moved."
LEFT_OUT = "Left out: a member could not be moved, so those that moved go back."
CERTAIN = frozenset({MemberOutcome.UNTOUCHED, MemberOutcome.MOVED, MemberOutcome.MOVED_BACK})


def open_steps(run: Run) -> Sequence[RunStep]:
    """What is left of the way back, and of what it replaces, in order; empty where this run does not return.

    It returns only where every member is certain, and each that moved has a way back: a member whose writes are
    stopped, or that may have moved, is for a person, and so is a step of the way back that failed. The last member has
    no way back, so a group whose last member moved stays where it is, whatever failed after that move (its traffic,
    the proof of its clients' write): returning the others would part a group that is whole. Once begun, the way back
    is finished.
    """
    failed = [each for each in run.steps if each.state is StepState.FAILED and not each.step.after_restore]
    if len(failed) != 1 or failed[0].step.returns:
        return ()
    begun = any(each.step.returns and each.state is not StepState.PLANNED for each in run.steps)
    if not begun and not _may_begin(run, members(run)):
        return ()
    return [
        each
        for each in run.steps
        if not each.step.after_restore and each.state not in DONE and each.position != failed[0].position
    ]


def _may_begin(run: Run, became: Mapping[str, MemberOutcome]) -> bool:
    moved = {name for name, each in became.items() if each is MemberOutcome.MOVED}
    ways_back = {each.step.resource for each in run.steps if each.step.returns}
    return bool(moved) and moved <= ways_back and set(became.values()) <= CERTAIN


def needed(run: Run, step: RunStep) -> bool:
    """Whether a step that is left is part of the way back of a member that moved."""
    return step.step.returns and (
        step.state is not StepState.PLANNED
        or members(run)[step.step.resource] in {MemberOutcome.MOVED, MemberOutcome.MOVED_BACK}
    )
