"""What was done, what was not, what may be lost, and where the time went: the words come from the domain."""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.execution.clock import spans
from bc_lib.domain.execution.progress import progress
from bc_lib.domain.execution.run import Run
from bc_lib.domain.execution.stated import expected, writers
from bc_lib.domain.execution.stated import losses as stated_losses
from bc_lib.domain.loss import Certainty, told
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.states import State
from bc_lib.domain.words import capital
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.words import duration
from streamlit_app.runs import RunSeen

CERTAINTY = {
    Certainty.PROVEN: Mark(key="agreed", word="Proven", meaning="nothing that was acknowledged is missing"),
    Certainty.EXCEPTED: Mark(
        key="yellow", word="Proven, with exceptions", meaning="all that is replicated is there; the rest is named"
    ),
    Certainty.BOUNDED: Mark(key="yellow", word="Bounded", meaning="what may be missing lies between two moments"),
    Certainty.UNPROVEN: Mark(key="blind", word="Cannot be bounded", meaning="what is missing is not known"),
}
TOLD = frozenset({State.HELD, State.FAILED, State.SERVICE_RESTORED, State.STOPPING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Titled lists in the order in which they are read; `by_hand`: how a person does the rest."""

    parts: tuple[tuple[str, tuple[str, ...]], ...]
    by_hand: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LossLine:
    """What may be said about one resource's data, and about what nobody saw between two looks."""

    resource: str
    mark: Mark
    sentence: str
    gap: str = ""


def story(seen: RunSeen) -> Story | None:
    """What was done, what was not, what to do next; None while it simply goes on or ended well."""
    if seen.run is None or seen.request.state not in TOLD:
        return None
    found = progress(seen.run, seen.plan.plan, seen.request.state)
    # Where clients write again, the steps below say what was done; what is left to do is all that matters here.
    told = seen.request.state is not State.SERVICE_RESTORED
    parts = (
        ("What to do next", found.next),
        ("Done", found.done),
        ("Not done", found.not_done),
        ("Not known", found.unclear),
    )
    shown = parts if told else parts[:1]
    return Story(parts=tuple((title, lines) for title, lines in shown if lines), by_hand=found.by_hand)


def losses(run: Run, plan: Plan) -> tuple[LossLine, ...]:
    """One line a resource: of its move, else as it was known at the start. Never more than the evidence."""
    return tuple(
        LossLine(resource=each.resource, mark=CERTAINTY[each.certainty], sentence=each.sentence, gap=each.gap)
        for each in stated_losses(run, plan) or expected(run)
    )


def writers_lines(run: Run, plan: Plan) -> tuple[str, ...]:
    """Whether a second server may take writes, of each resource that has moved."""
    return told((), writers(run, plan))


def split(seen: RunSeen) -> tuple[tuple[str, str], ...]:
    """Where the time went, part by part."""
    found = spans(seen.request, seen.votes, seen.history, seen.run)
    return tuple(
        (
            capital(each.name) + (f" ({each.who})" if each.who else ""),
            duration(each.seconds(seen.now)) + ("" if each.ended else " so far"),
        )
        for each in found
    )
