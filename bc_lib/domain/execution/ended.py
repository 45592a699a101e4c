"""What a failed run's outcome means, in one sentence for commands, notices and pages."""

from __future__ import annotations

from bc_lib.domain.execution.derive import members
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import MemberOutcome, Outcome
from bc_lib.domain.execution.run import Run

# Where nothing but the outcome is known, as of earlier runs.
OUTCOME = {
    Outcome.UNTOUCHED: "Nothing was changed.",
    Outcome.WRITES_STOPPED: "Clients cannot write, and it has not moved.",
    Outcome.PARTIALLY_MOVED: "A part has moved, or all of it and a check after it failed.",
    Outcome.ROLLED_BACK: "It was taken back; clients write where they did.",
    Outcome.INDETERMINATE: "Where it stands is not known.",
}


def outcome_words(run: Run) -> str:
    """The truth about this run: a group that has moved as a whole is not called a part."""
    if run.outcome is None:
        return "How it ended is not recorded."
    if run.outcome is not Outcome.PARTIALLY_MOVED:
        return OUTCOME[run.outcome]
    if not wholly_moved(run):
        return "A part has moved and a part has not."
    all_ = "Both members have" if len(members(run)) == 2 else "Every member has" if len(members(run)) > 2 else "It has"
    failed = any(each.state is StepState.FAILED for each in run.steps)
    return f"{all_} moved; {'a check after it failed' if failed else 'it was stopped before all was proven'}."


def wholly_moved(run: Run) -> bool:
    """Whether every member's move was seen and none went back."""
    return set(members(run).values()) == {MemberOutcome.MOVED}
