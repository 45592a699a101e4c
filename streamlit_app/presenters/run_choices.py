"""Which decisions about a run a person is offered. Never the control: services and database decide again (SEC-002)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bc_lib.domain.authorization import Verb
from bc_lib.domain.execution.acts import PER_TRY, RULES, persons_needed
from bc_lib.domain.execution.attested import DONE, NOT_DONE, done_at, takes_marker
from bc_lib.domain.execution.run import RunActKind, RunStep
from bc_lib.domain.execution.step_words import check_words
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.requests.waiting import Do, Wait
from bc_lib.domain.requests.waiting_run import Facts, of_request
from bc_lib.domain.requests.waiting_words import todo
from bc_lib.ports.runs import Past
from bc_lib.services.requests.asking import Known
from streamlit_app.presenters.choices import may
from streamlit_app.presenters.run_words import SAID, about_value
from streamlit_app.presenters.words import listed
from streamlit_app.runs import RunSeen

K = RunActKind
BLOCK_PERIOD = timedelta(minutes=30)  # the runner's own may be shorter; then its acknowledgement is not asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing that can be decided. `values`: what can be said; `asked`: what the person reads before.

    `marker`: "done" may name the position at which the server stopped.
    `said_by`: who said something about it already, and that another person must say the same (SEC-008).
    """

    kind: RunActKind
    step: str
    label: str
    asked: str
    values: tuple[str, ...] = ()
    note: bool = False
    marker: bool = False
    said_by: str | None = None


def run_choices(seen: RunSeen, known: Known) -> tuple[Choice, ...]:
    """What this person is offered on this run now, in the order of the plan; the stop comes last."""
    if known.person is None:
        return ()
    found = [
        _with_others(_choice_of(wait, seen), seen, known)
        for wait in run_waits(seen)
        if wait.do in set(RunActKind) and wait.allowed(known.person.id, known.roles)
    ]
    return (*found, *((STOP,) if _may_stop(seen, known) else ()))


def run_waits(seen: RunSeen) -> tuple[Wait, ...]:
    """What the run, or the request before it, waits for people with, beside votes and phrase."""
    return of_request(
        Facts(
            now=seen.now,
            request=seen.request,
            plan=seen.plan.plan,
            run=seen.run,
            acts=seen.counting,
            prechecks=seen.prechecks[1] if seen.prechecks else (),
            overridable=seen.overridable,
            loss=seen.loss,
            blocked=any(each.request != seen.request.id and _again(each, seen) for each in seen.past),
        )
    )


def told_choices(offered: Sequence[Choice]) -> str:
    """What the reader is asked for, above the buttons; empty where nothing waits for them."""
    asked = [each.asked for each in offered if each.kind is not K.STOP]
    return asked[0] if len(asked) == 1 else f"{len(asked)} things wait for you here." if asked else ""


def said_value(choice: Choice, value: str, marker: str) -> str:
    """What is recorded: with the position where one was given."""
    return (done_at(marker) or value) if choice.marker and value == DONE and marker.strip() else value


def missing_in(choice: Choice, value: str, note: str, marker: str = "") -> str | None:
    """What must still be filled in, or is no position; None: nothing. The service asks for the same again."""
    if choice.values and value not in choice.values:
        return "Choose what it was first. Nothing was recorded."
    if choice.marker and marker.strip():
        if value != DONE:
            return "A shutdown checkpoint belongs to “it was done”; take it out or choose that. Nothing was recorded."
        if done_at(marker) is None:
            return (
                "The shutdown checkpoint is no position: copy it as pg_controldata prints it, such as 0/3000148. "
                "Nothing was recorded."
            )
    if choice.note and not note.strip():
        return "Say in one line what you saw or why. Nothing was recorded."
    return None


def may_freeze(known: Known, *, frozen: bool) -> bool:
    """Whether this person is offered to freeze starts, or to thaw them."""
    return may(known, Verb.THAW if frozen else Verb.FREEZE)


def _choice(kind: RunActKind, step: str, label: str, asked: str, *values: str) -> Choice:
    return Choice(kind=kind, step=step, label=label, asked=asked, values=values, note=RULES[kind].note)


STOP = _choice(
    K.STOP, "", "Safe stop…", "It ends after the next step at which the plan may stop. What has moved stays moved."
)


def _choice_of(wait: Wait, seen: RunSeen) -> Choice:
    kind, label = RunActKind(wait.do.value), f"{todo(wait)}…"
    step = seen.run.step(wait.step) if seen.run and wait.step else None
    if kind is K.ATTEST and step is not None:
        made = _choice(kind, wait.step, label, _asked(wait, step), DONE, NOT_DONE)
        return replace(made, marker=takes_marker(step.step.action))
    if kind is K.RESOLVE:
        return _choice(kind, wait.step, label, _asked(wait, step), DONE, NOT_DONE, "give-up")
    if kind is K.OVERRIDE:
        return _choice(kind, "", f"Go on in spite of {check_words(wait.value)}…", wait.what, wait.value)
    if kind is K.CONSENT:
        return _choice(kind, "", label, _asked(wait, step), wait.value)
    return _choice(kind, wait.step, label, _asked(wait, step))


def _asked(wait: Wait, step: RunStep | None) -> str:
    """What the person reads before."""
    if wait.do is Do.RESOLVE and step is not None:
        seen = f" Seen: {step.sentence}" if step.sentence else ""
        return (
            f"Look at the servers yourself. “Done” goes on after {wait.what}; “not done” lets it be tried again.{seen}"
        )
    if wait.do is Do.ALLOW and step is not None:
        return f"{step.step.summary}. It cannot be taken back, and may destroy the only copy of what was lost."
    if wait.do is Do.ATTEST and step is not None:
        return f"{step.step.summary}. {step.sentence or 'Say what you did and saw.'}"
    return {
        Do.END_HOLD: "The drill moves everything back now.",
        Do.CONSENT: f"This failover can lose {wait.value}. It does not start before somebody has accepted that.",
        Do.ACKNOWLEDGE: "This failed over a short while ago. Say why it must fail over once more.",
        Do.WAIVE: "The old primary may still take writes, and what it takes is lost. The fence stays owed.",
    }[wait.do]


def _again(each: Past, seen: RunSeen) -> bool:
    failovers = each.type == seen.request.type == RequestType.FAILOVER
    return failovers and seen.now - each.started_at < BLOCK_PERIOD


def _may_stop(seen: RunSeen, known: Known) -> bool:
    asked = any(each.kind is K.STOP for each in seen.acts)
    return seen.request.state in RULES[K.STOP].states and may(known, Verb.STOP) and not asked


def _with_others(each: Choice, seen: RunSeen, known: Known) -> Choice:
    """Who said something about the same already; where two persons are needed that is told."""
    said = [
        act
        for act in seen.acts
        if act.kind is each.kind
        and act.step == each.step
        and act.plan_revision == seen.request.plan_revision
        and (not each.values or act.value.partition("@")[0] in each.values)
        and act.at >= _since(each, seen)
    ]
    if not said:
        return each
    names = listed(list(dict.fromkeys(act.name for act in said)))
    only_me = known.person is not None and {act.person for act in said} == {known.person.id}
    more = ""
    if persons_needed(each.kind, seen.request.tier) > 1:
        more = " Another person must say the same before it counts" + (", not you again." if only_me else ".")
    about = " it" if each.step else ""
    words = f"{names} {SAID[each.kind]}{about}{about_value(each.kind, said[-1].value)}.{more}"
    return replace(each, said_by=words)


def _since(each: Choice, seen: RunSeen) -> datetime:
    """What was said about an earlier try of a step does not count for this one."""
    found = seen.run.step(each.step).claimed_at if seen.run and each.kind in PER_TRY else None
    return found or seen.request.created_at
