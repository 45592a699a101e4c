"""The story of a run for a task's log: one line a step with its figures, grouped by step. From the journal alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.run import Run, RunEvent, RunStep
from bc_lib.domain.words import duration, one_line

GROUP, END = "::group::", "::endgroup::"


def story(run: Run, events: Sequence[RunEvent], since: datetime) -> list[str]:
    """What came to be since then, in the order of the plan: a step's line, and within its group what it found."""
    lines = []
    for step in run.steps:
        told = [event for event in events if event.step == step.step.key and event.at >= since]
        if _touched(step, since) or told:
            lines += [f"{GROUP}{_headline(step)}", *_inside(step, told), END]
    return lines


def finding_line(found: Finding) -> str:
    """`ok orders-db/lag: ams has replayed everything (0 bytes)`."""
    figure = f" ({found.figure})" if found.figure else ""
    hint = f" {found.hint}" if found.hint and found.severity is not Severity.OK else ""
    return one_line(f"{found.severity.value} {found.resource}/{found.check}: {found.sentence}{figure}{hint}")


def _touched(step: RunStep, since: datetime) -> bool:
    moments = [moment for moment in (step.claimed_at, step.ended_at) if moment is not None]
    return any(moment >= since for moment in moments) or step.state in {StepState.WAITING, StepState.UNKNOWN}


def _headline(step: RunStep) -> str:
    took = ""
    if step.claimed_at is not None and step.ended_at is not None:
        took = f" in {duration((step.ended_at - step.claimed_at).total_seconds())}"
    tries = f", try {step.attempts}" if step.attempts > 1 else ""
    return one_line(f"{step.step.key}: {step.state.value}{took}{tries}. {step.sentence or step.step.summary}")


def _inside(step: RunStep, told: Sequence[RunEvent]) -> list[str]:
    done = f"Done: {step.step.summary}."
    said = [f"{event.at:%H:%M:%S.%f}"[:-3] + f" {one_line(event.text)}" for event in told if event.text != done]
    return [*said, *(finding_line(found) for found in step.findings)]
