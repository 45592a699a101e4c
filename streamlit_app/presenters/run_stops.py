"""What happens if a run stops where it is, from the plan and the journal alone: where clients write, what leads out."""

from __future__ import annotations

from collections import Counter

from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.run import Run, RunStep
from bc_lib.domain.execution.step_words import called
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
    gone, back, rest = _where(run, begun)
    parts = [f"{listed(gone)} {_have(gone)} moved"] if gone else []
    parts += [f"{listed(back)} {_is(back)} back"] if back else []
    parts += [f"{listed(rest)} {_have(rest)} not"] if rest and gone else []
    words = f"If it stops here, {' and '.join(parts)}" if gone or back else "If it stops here, nothing has moved"
    step = current_step(run)
    if step is not None and step.step.action == "verify":
        words += "; that clients can write there is not proven yet"
    onward = "a person finishes it" if seen.plan.plan.if_partial != "return" else "those that moved are moved back"
    return f"{words}. {'Then ' + onward + '.' if rest else 'Only forward leads out: ' + SUCCESSOR + '.'}"


def _where(run: Run, begun: list[RunStep]) -> tuple[list[str], list[str], list[str]]:
    """Members that have moved, that have moved and come back, and whose turn has not come; each once.

    A drill moves there and back: its way back that has not begun is no member that has not moved.
    """
    times = Counter(each.step.resource for each in begun if each.state is not StepState.FAILED)
    touched = {each.step.resource for each in begun}
    rest = [
        each.step.resource
        for each in run.steps
        if each.step.action == MOVES and each.state is StepState.PLANNED and not each.step.returns
    ]
    gone = [name for name, number in times.items() if number % 2]
    back = [name for name, number in times.items() if number % 2 == 0]
    return gone, back, [name for name in dict.fromkeys(rest) if name not in touched]


def _have(names: list[str]) -> str:
    return "has" if len(names) == 1 else "have"


def _is(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _left(run: Run) -> str:
    every = [each.step for each in run.steps]
    over = {StepState.VERIFIED, StepState.SKIPPED}
    left = [called(each.step, every) for each in run.steps if each.state not in over]
    return listed(left) if left else "nothing"


def _promoted(run: Run, step: RunStep) -> bool:
    return run.marked(step.step.key, MarkName.PROMOTED) is not None


def _names(steps: list[RunStep]) -> str:
    return listed([each.step.resource for each in steps])
