"""The run page: what is wrong or what must I do, the clocks, the steps, what happens if it stops here (FR-033)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.actor import Role
from bc_lib.domain.execution.derive import needs_allowance_now
from bc_lib.domain.execution.ended import outcome_words
from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.progress import goes_on_by_itself
from bc_lib.domain.execution.run import Run, RunAct, RunEvent, RunStep
from bc_lib.domain.execution.step_words import called, sentence
from bc_lib.domain.execution.writers import episodes, open_episodes
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.states import State
from bc_lib.domain.role_words import role_words
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.request_words import STATE, title
from streamlit_app.presenters.run_clock import Clock, clocks
from streamlit_app.presenters.run_steps import (
    FindingLine,
    RunStepLine,
    current_step,
    findings,
    place_of,
    timeline,
)
from streamlit_app.presenters.run_stops import if_it_stops
from streamlit_app.presenters.run_story import LossLine, Story, losses, split, story, writers_lines
from streamlit_app.presenters.run_words import LEVEL, MEMBER, OWED, SAID, TWO_WRITERS, about_value, frozen_words
from streamlit_app.presenters.words import age, duration, moment
from streamlit_app.runs import RunSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line of the log, newest first."""

    at: str
    mark: Mark
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Findings and when they were made."""

    title: str
    made: str
    lines: tuple[FindingLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """The whole page but the buttons. `lead`: what is wrong, what must be done."""

    id: str
    title: str
    system: str
    state: Mark
    lead: str
    facts: str
    driver: str
    frozen: str | None
    clocks: tuple[Clock, ...]
    owed: tuple[str, ...]
    writers: tuple[str, ...]
    steps: tuple[RunStepLine, ...]
    stops: str | None
    checks: tuple[Checks, ...]
    members: tuple[tuple[str, Mark], ...]
    said: tuple[str, ...]
    log: tuple[LogLine, ...]
    story: Story | None
    losses: tuple[LossLine, ...]
    fences: tuple[str, ...]
    split: tuple[tuple[str, str], ...]


def run_page(seen: RunSeen) -> RunPage:
    """Everything the page says about `seen`."""
    request, run, now = seen.request, seen.run, seen.now
    return RunPage(
        id=request.id,
        title=title(request),
        system=request.scope.name,
        state=TWO_WRITERS if run and open_episodes(run) else STATE[request.state],
        lead=lead(seen),
        facts=_facts(seen),
        driver=_driver(seen),
        frozen=frozen_words(seen.frozen, now),
        clocks=clocks(run, seen.plan.plan, seen.rto_s, now) if run else (),
        owed=tuple(OWED[each] for each in run.owed) if run else (),
        writers=tuple(episode.sentence for episode in episodes(run)) if run else (),
        steps=timeline(run, seen.past, now) if run else (),
        stops=if_it_stops(seen),
        checks=checks(seen),
        members=tuple((name, MEMBER[outcome]) for name, outcome in run.members.items()) if run else (),
        said=tuple(act_words(each, seen.plan.plan, now) for each in seen.acts),
        log=tuple(_line(each, seen.plan.plan, now) for each in reversed(seen.events)),
        story=story(seen),
        losses=losses(run, seen.plan.plan) if run else (),
        fences=writers_lines(run, seen.plan.plan) if run else (),
        split=split(seen) if run else (),
    )


def lead(seen: RunSeen) -> str:
    """One sentence: where it stands, and what a person must do now."""
    run, request = seen.run, seen.request
    if run is None:
        return not_yet(seen) or "It has not begun: nothing was touched."
    why = run.held_because.rstrip(".") or "a person must decide"
    when = "by itself once that is over" if goes_on_by_itself(run) else "when somebody has decided below"
    said = {
        State.HELD: f"It is held: {why}. It goes on {when}; its resources stay reserved.",
        State.FAILED: f"It failed. {outcome_words(run)}",
        State.SUCCEEDED: "It is done, and nothing is owed.",
    }
    return said.get(request.state) or _going(run, request.state)


def not_yet(seen: RunSeen) -> str | None:
    """Why a confirmed request does not start, in the words of its runner; None: nothing is known to stand against it.

    Before the confirmation the page asks for what is missing; there it is no trouble yet.
    """
    return seen.against.words if seen.against and seen.request.state is State.READY_TO_START else None


def _going(run: Run, state: State) -> str:
    step = current_step(run)
    if state is State.SERVICE_RESTORED:
        rest = f" Now {place_of(run, step)}: {step.step.summary}." if step else ""
        two = "".join(f" {episode.sentence}" for episode in open_episodes(run))
        return f"Clients write again.{two}{rest}{_waits(step)}"
    if step is None:
        return "Every step is done; it is being closed."
    if state is State.STOPPING:
        return f"It is stopping where that is safe, now at {place_of(run, step)}: {step.step.summary}."
    return f"It runs {place_of(run, step)}: {step.step.summary}.{_waits(step)}"


def _waits(step: RunStep | None) -> str:
    """What a person must do, where a step waits."""
    if step is None or step.state not in {StepState.UNKNOWN, StepState.WAITING}:
        return ""
    if step.state is StepState.UNKNOWN:
        return " What it did cannot be observed: somebody must decide below."
    if step.step.manual:
        return " A person does this step and attests it below."
    if needs_allowance_now(step):
        return " It waits until an approver allows it below."
    held = step.step.action == "hold"
    return " It stays there until somebody ends the hold below." if held else " It waits for a person."


def checks(seen: RunSeen) -> tuple[Checks, ...]:
    """Those before the start (of the run where there is one) and those after it."""
    found: list[Checks] = []
    run, now = seen.run, seen.now
    if run and run.prechecks:
        made = f"made for the start, {moment(run.started_at, now)}"
        found.append(
            Checks(title="Checked before the start", made=made, lines=findings(run.prechecks, seen.plan.plan.steps))
        )
    elif seen.prechecks:
        found.append(before(*seen.prechecks, seen.plan.plan, now, begun=run is not None))
    after = [each for each in run.steps if each.step.action == "postcheck" and each.findings] if run else []
    if after:
        ended = max((each.ended_at for each in after if each.ended_at), default=None)
        lines = findings([finding for each in after for finding in each.findings], seen.plan.plan.steps)
        found.append(
            Checks(title="Checked afterwards", made=moment(ended, now) if ended else "not over yet", lines=lines)
        )
    return tuple(found)


def before(made_at: datetime, found: Sequence[Finding], plan: Plan, now: datetime, *, begun: bool) -> Checks:
    """The newest checks of a request that has not begun, with their age."""
    old = age((now - made_at).total_seconds())
    return Checks(
        title="Checked before the start",
        made=f"made {old}, {moment(made_at, now)}" + ("" if begun else "; made again at the start"),
        lines=findings(found, plan.steps),
    )


def progress_line(run: Run | None) -> str:
    """`step 3 of 6`, for lists."""
    if run is None:
        return "not begun"
    step = current_step(run)
    return place_of(run, step) if step else "every step is done"


def act_words(each: RunAct, plan: Plan, now: datetime) -> str:
    """`Ian (Approver-IT) decided about the move to Amsterdam: it was done, 06:12:01 UTC. "Seen it."`."""
    step = next((one for one in plan.steps if one.key == each.step), None)
    about = f" {called(step, plan.steps)}" if step else ""
    value = about_value(each.kind, each.value)
    note = f" “{each.note}”" if each.note else ""
    return f"{each.name} ({_role(each.role)}) {SAID[each.kind]}{about}{value}, {moment(each.at, now)}.{note}"


def _role(name: str) -> str:
    return role_words(Role(name)) if name in set(Role) else name


def _facts(seen: RunSeen) -> str:
    run, request, now = seen.run, seen.request, seen.now
    if run is None:
        return f"{request.id} · asked by {request.requester_name}"
    began = f"begun {moment(run.started_at, now)} ({age((now - run.started_at).total_seconds())})"
    if run.ended_at is not None:
        began += f", over {moment(run.ended_at, now)} after {duration((run.ended_at - run.started_at).total_seconds())}"
    by = f" by {request.confirmed_by}" if request.confirmed_by else ""
    return f"{request.id} · confirmed{by} · {began}"


def _driver(seen: RunSeen) -> str:
    """Who drives it now; a run without a living runner is said, with the way to go on."""
    run, lease, now = seen.run, seen.lease, seen.now
    if run is None or run.ended_at is not None:
        return ""
    if lease is None or lease.expires_at <= now:
        waits = seen.request.state is State.HELD or any(each.state is StepState.WAITING for each in run.steps)
        if waits:
            return "No runner is at work: it waits for a person."
        return (
            "No runner is at work now. Another one takes over by itself and looks first at what was done; "
            f"without Airflow: bcctl run {run.request}"
        )
    return f"Driven by {lease.holder}, term {lease.epoch}."


def _line(each: RunEvent, plan: Plan, now: datetime) -> LogLine:
    step = next((one for one in plan.steps if one.key == each.step), None)
    text = f"{sentence(step, plan.steps)}: {each.text}" if step else each.text
    return LogLine(at=moment(each.at, now), mark=LEVEL.get(each.level, LEVEL["info"]), text=text)
