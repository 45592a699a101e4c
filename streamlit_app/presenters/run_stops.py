"""What happens if a run stops where it is, from the plan and the journal alone: where clients write, what leads out."""

from __future__ import annotations

from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.run import Run, RunStep
from bc_lib.domain.requests.states import State
from streamlit_app.presenters.run_steps import current_step
from streamlit_app.presenters.words import listed
from streamlit_app.runs import RunSeen

MOVES = "move"
SUCCESSOR = "another runner takes over, looks first at what was done, and goes on"


def if_it_stops(seen: RunSeen) -> str | None:
    """One or two sentences; None where it is over or has not begun."""
    run = seen.run
    if run is None or run.ended_at is not None or seen.request.state.over:
        return None
    begun = [each for each in run.steps if each.step.action == MOVES and each.state is not StepState.PLANNED]
    if not begun:
        return "If it stops here, nothing has moved and clients write where they did."
    unsure = [each for each in begun if each.state is StepState.UNKNOWN]
    if unsure:
        return (
            f"Whether {_names(unsure)} moved is not known. It counts as moved until the target is proven not promoted; "
            "nothing is started again before."
        )
    inside = [
        each for each in begun if not _promoted(run, each) and each.state in {StepState.CLAIMED, StepState.WAITING}
    ]
    if inside:
        return _inside(run, inside[0])
    return _moved(seen, run, begun)


def _inside(run: Run, step: RunStep) -> str:
    name, undo = step.step.resource, step.step.undo
    fenced = run.marked(step.step.key, MarkName.FENCED) or run.marked(step.step.key, MarkName.FENCE_OWED)
    where = f"clients of {name} cannot write" if fenced else f"clients of {name} may be unable to write"
    back = f" It can still be taken back: {undo}." if undo else " It cannot be taken back."
    return f"If it stops here, {where} until {SUCCESSOR}.{back}"


def _moved(seen: RunSeen, run: Run, begun: list[RunStep]) -> str:
    if seen.request.state is State.SERVICE_RESTORED:
        return f"If it stops here, clients go on writing; what is left is owed: {_left(run)}."
    failed = [each for each in begun if each.state is StepState.FAILED]
    moved = [each for each in begun if each not in failed]
    rest = [
        each for each in run.steps if each.step.action == MOVES and each.state is StepState.PLANNED
    ]  # fmt: skip
    words = f"If it stops here, {_names(moved)} has moved" if moved else "If it stops here, nothing has moved"
    words += f" and {_names(rest)} has not" if rest else ""
    step = current_step(run)
    if step is not None and step.step.action == "verify":
        words += "; that clients can write there is not proven yet"
    onward = "a person finishes it" if seen.plan.plan.if_partial != "return" else "those that moved are moved back"
    return f"{words}. {'Then ' + onward + '.' if rest else 'Only forward leads out: ' + SUCCESSOR + '.'}"


def _left(run: Run) -> str:
    left = [each.step.key for each in run.steps if each.state not in {StepState.VERIFIED, StepState.SKIPPED}]
    return listed(left) if left else "nothing"


def _promoted(run: Run, step: RunStep) -> bool:
    return run.marked(step.step.key, MarkName.PROMOTED) is not None


def _names(steps: list[RunStep]) -> str:
    return listed([each.step.resource for each in steps])
