"""A run as commands show it: what was done, what was not, what to do next; and as JSON, schema_version 1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bc_lib.domain.execution.clock import Span, outage_s, spans
from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.execution.progress import Progress, headline, lines, progress
from bc_lib.domain.execution.run import Run, RunAct, RunActKind, RunStep
from bc_lib.domain.execution.stated import expected, losses, outage, writers
from bc_lib.domain.execution.step_words import called, check_words, sentence
from bc_lib.domain.execution.writers import episodes
from bc_lib.domain.loss import Fence, LossStatement, Outage, told, writers_sentence
from bc_lib.domain.requests.notice import asked_for
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.state_words import STATE_WORDS
from bc_lib.domain.requests.values import Request
from bc_lib.domain.words import clock, duration
from bc_lib.services.gate import Gate
from bc_lib.services.requests.show_json import loss_json


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run and what follows from it, at `now` by the database's clock."""

    now: datetime
    request: Request
    plan: Plan
    run: Run
    progress: Progress
    spans: tuple[Span, ...]
    losses: tuple[LossStatement, ...]
    writers: tuple[Fence, ...]
    outage: Outage | None


def show_run(gate: Gate, request_id: str) -> RunView:
    """Raises Denial UNKNOWN_REQUEST, NO_RUN."""
    read = gate.store.read
    request, run = read.get(request_id), read.run(request_id)
    if run is None:
        raise refusal("NO_RUN", request=request.id)
    plan = read.plan(request.id).plan
    return RunView(
        now=read.now(),
        request=request,
        plan=plan,
        run=run,
        progress=progress(run, plan, request.state),
        spans=spans(request, read.votes(request.id), read.history(request.id), run),
        losses=losses(run, plan) or expected(run),
        writers=writers(run, plan),
        outage=outage(run),
    )


def run_lines(view: RunView) -> list[str]:
    """For people."""
    request, run = view.request, view.run
    seconds = outage_s(run, view.now)
    return [
        f"{request.id}  {STATE_WORDS[request.state]}  {asked_for(request)}",
        f"  {headline(run, request.state)}",
        *([f"  clients could not write for {duration(seconds)}"] if seconds is not None else []),
        *([f"  {view.outage.sentence}"] if view.outage and view.outage.sentence else []),
        *([f"  unprotected since {clock(run.unprotected_since)}"] if run.unprotected_since else []),
        *(f"  {episode.sentence}" for episode in episodes(run) if episode.until),
        *(f"  {each}" for each in told(view.losses, view.writers)),
        *(line for each in run.steps for line in _step(run, each)),
        *(_said(view.plan, act) for act in run.acts),
        *lines(view.progress),
    ]


def run_json(view: RunView) -> dict[str, Any]:
    """For programs."""
    request, run = view.request, view.run
    return {
        "schema_version": 1,
        "id": request.id,
        "state": request.state.value,
        "headline": headline(run, request.state),
        "executor": run.executor,
        "started_at": run.started_at.isoformat(),
        "ended_at": _at(run.ended_at),
        "outcome": run.outcome.value if run.outcome else None,
        "members": {name: each.value for name, each in run.members.items()},
        "owed": [each.value for each in run.owed],
        "held_because": run.held_because,
        "outage_began_at": _at(run.outage_began_at),
        "restored_at": _at(run.restored_at),
        "outage_s": outage_s(run, view.now),
        "outage_sentence": view.outage.sentence if view.outage else "",
        "unprotected_since": _at(run.unprotected_since),
        "steps": [_step_json(each) for each in run.steps],
        "marks": [{"step": each.step, "name": each.name.value, "at": _at(each.at)} for each in run.marks],
        "prechecks": [_finding(each) for each in run.prechecks],
        "decisions": [
            {"kind": act.kind.value, "step": act.step, "value": act.value, "by": act.name, "at": _at(act.at)}
            for act in run.acts
        ],
        "two_writers": [
            {
                "resource": episode.resource,
                "node": episode.node,
                "beside": episode.beside,
                "since": _at(episode.since),
                "until": _at(episode.until),
                "seen": episode.seen,
                "sentence": episode.sentence,
            }
            for episode in episodes(run)
        ],
        "loss": loss_json(view.losses),
        "fences": [writers_sentence(each) for each in view.writers],
        "clock": [
            {"name": each.name, "who": each.who, "began": _at(each.began), "ended": _at(each.ended)}
            for each in view.spans
        ],
        "done": list(view.progress.done),
        "not_done": list(view.progress.not_done),
        "not_known": list(view.progress.unclear),
        "next": list(view.progress.next),
        "by_hand": list(view.progress.by_hand),
    }


def _step(run: Run, each: RunStep) -> list[str]:
    what = sentence(each.step, [one.step for one in run.steps])
    words = [f"  {each.state.value:<9} {what:<32}  {each.sentence}".rstrip()]
    return words + [
        f"            {found.severity.value}: {found.sentence}" + (f" ({found.figure})" if found.figure else "")
        for found in each.findings
        if found.severity is not Severity.OK
    ]


def _step_json(each: RunStep) -> dict[str, Any]:
    return {
        "key": each.step.key,
        "action": each.step.action,
        "resource": each.step.resource,
        "summary": each.step.summary,
        "state": each.state.value,
        "attempts": each.attempts,
        "claimed_at": _at(each.claimed_at),
        "ended_at": _at(each.ended_at),
        "sentence": each.sentence,
        "facts": dict(each.facts),
        "findings": [_finding(found) for found in each.findings],
    }


def _finding(found: Finding) -> dict[str, str]:
    return {
        "check": found.check,
        "resource": found.resource,
        "severity": found.severity.value,
        "sentence": found.sentence,
        "figure": found.figure,
        "hint": found.hint,
    }


def _said(plan: Plan, act: RunAct) -> str:
    step = next((each for each in plan.steps if each.key == act.step), None)
    value = check_words(act.value) if act.kind is RunActKind.OVERRIDE else act.value
    about = " ".join(part for part in (act.kind.value, called(step, plan.steps) if step else "", value) if part)
    return f"  {act.name}: {about}" + (f" ({act.note})" if act.note else "")


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
