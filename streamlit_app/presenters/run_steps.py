"""The timeline of a run: every step with its mark, planned against actual time, and the moments inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.execution.journal import DONE, OVER, StepState
from bc_lib.domain.execution.run import Mark as Moment
from bc_lib.domain.execution.run import Run, RunStep
from bc_lib.domain.execution.step_words import MARKS, check_title
from bc_lib.domain.requests.plan import Step
from bc_lib.ports.runs import Past
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.request import step_flags
from streamlit_app.presenters.run_past import usual
from streamlit_app.presenters.run_words import SEVERITY, STEP, at_ms, taken
from streamlit_app.presenters.words import duration, moment

BEGUN = frozenset({StepState.CLAIMED, StepState.SEEN, StepState.UNKNOWN, StepState.WAITING})


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """A named check with its figure, and what to do."""

    name: str
    mark: Mark
    sentence: str
    figure: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStepLine:
    """A step, numbered from 1. `planned`: from earlier runs; `moments`: what happened inside it, with milliseconds."""

    number: int
    key: str
    mark: Mark
    text: str
    planned: str
    actual: str
    sentence: str
    moments: tuple[str, ...]
    findings: tuple[FindingLine, ...]
    flags: tuple[str, ...]
    current: bool
    last_chance: bool


def timeline(run: Run, past: Sequence[Past], now: datetime) -> tuple[RunStepLine, ...]:
    """Every step in order."""
    here = current_step(run)
    return tuple(
        RunStepLine(
            number=each.position,
            key=each.step.key,
            mark=STEP[each.state],
            text=each.step.summary,
            planned=usual(past, each.step.resource, each.step.action, run.request),
            actual=_actual(each, run, now),
            sentence=each.sentence,
            moments=moments([mark for mark in run.marks if mark.step == each.step.key]),
            findings=findings(each.findings, [one.step for one in run.steps]),
            flags=_flags(each),
            current=here is not None and each.step.key == here.step.key,
            last_chance=each.step.point_of_no_return,
        )
        for each in _numbered(run.steps)
    )


def current_step(run: Run) -> RunStep | None:
    """The first step that is not done; the failed one where the run ended there. None: all are done."""
    found = next((each for each in _numbered(run.steps) if each.state not in DONE), None)
    return None if found and run.ended_at is not None and found.state not in OVER else found


def place_of(run: Run, step: RunStep) -> str:
    """`step 3 of 6`."""
    return f"step {step.position} of {len(run.steps)}"


def moments(found: Sequence[Moment]) -> tuple[str, ...]:
    """The first with its time, the others with the milliseconds since the one before: all by one machine's clock."""
    ordered = sorted(found, key=lambda each: each.at)
    lines = []
    for number, each in enumerate(ordered):
        since = at_ms(each.at) if number == 0 else f"+{taken((each.at - ordered[number - 1].at).total_seconds())}"
        lines.append(f"{MARKS[each.name]} {since}")
    return tuple(lines)


def findings(found: Sequence[Finding], steps: Sequence[Step]) -> tuple[FindingLine, ...]:
    """Worst first."""
    worst = (Severity.BLOCK, Severity.UNKNOWN, Severity.WARN, Severity.OK)
    return tuple(
        FindingLine(
            name=_check(each, steps),
            mark=SEVERITY[each.severity],
            sentence=each.sentence,
            figure=each.figure,
            hint=each.hint,
        )
        for each in sorted(found, key=lambda each: (worst.index(each.severity), each.resource, each.check))
    )


def _check(each: Finding, steps: Sequence[Step]) -> str:
    """Its name, and of which resource where there are more than one."""
    title = check_title(each.check, steps)
    return f"{title} · {each.resource}" if each.resource and len({one.resource for one in steps}) > 1 else title


def _numbered(steps: Sequence[RunStep]) -> list[RunStep]:
    return sorted(steps, key=lambda each: each.position)


def _actual(each: RunStep, run: Run, now: datetime) -> str:
    if each.claimed_at is None:
        return "not begun"
    if each.ended_at is not None:
        return f"took {taken((each.ended_at - each.claimed_at).total_seconds())}, from {moment(each.claimed_at, now)}"
    if each.state in BEGUN and run.ended_at is None:
        so_far = duration(max(0.0, float(int((now - each.claimed_at).total_seconds()))))
        return f"{so_far} so far, at most {duration(each.step.timeout_s)}"
    return f"begun {moment(each.claimed_at, now)}"


def _flags(each: RunStep) -> tuple[str, ...]:
    tried = (f"tried {each.attempts} times",) if each.attempts > 1 else ()
    return (*step_flags(each.step), *tried)
