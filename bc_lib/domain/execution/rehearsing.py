"""A rehearsal looks and changes nothing: what it finds against a move is its result, and no failure of its own."""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.domain.execution.actions import Action, DrillKind
from bc_lib.domain.execution.findings import Finding, blocking, told
from bc_lib.domain.execution.run import Run
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.words import count

CANNOT_LOOK = frozenset({"execution", "checks", "inventory"})
"""Names of findings that say that the checks themselves could not be made."""


def rehearsed(plan: Plan) -> bool:
    """Whether a plan only looks: what it finds against a move is its result, and no failure."""
    return plan.type is RequestType.DRILL and plan.drill != DrillKind.LIVE.value


def can_look(findings: Sequence[Finding]) -> bool:
    """Whether the checks themselves could be made; a resource without a mechanism or account cannot be rehearsed."""
    return not any(each.check in CANNOT_LOOK for each in findings)


def found_against(run: Run) -> tuple[Finding, ...]:
    """What a rehearsal found that would stop a move now, each once."""
    looks = [each for each in run.steps if each.step.action in {Action.CHECK, Action.REHEARSE}]
    if len(looks) < len(run.steps):
        return ()
    found = {(each.resource, each.check): each for step in looks for each in blocking(step.findings)}
    return tuple(found.values())


def rehearsal_words(run: Run) -> str:
    """Its result in a sentence; empty where nothing would stop a move."""
    found = found_against(run)
    return f"Rehearsed: {count(len(found), 'thing')} would stop a move now. {told(found)}" if found else ""
