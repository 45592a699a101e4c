"""Which decisions about a run a person is offered. Never the control: services and database decide again (SEC-002)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bc_lib.domain.authorization import TABLE, Requester, Verb
from bc_lib.domain.execution.acts import RULES
from bc_lib.domain.execution.attested import DONE, NOT_DONE, done_at, takes_marker
from bc_lib.domain.execution.findings import Finding, Severity, blocking
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.run import RunActKind, RunStep
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.ports.runs import Past
from bc_lib.services.execution.conditions import fence_checks
from bc_lib.services.execution.said import PER_TRY, persons_needed
from bc_lib.services.requests.asking import Known
from streamlit_app.presenters.choices import may
from streamlit_app.presenters.run_words import SAID
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
    found = [each for step in (seen.run.steps if seen.run else ()) for each in _of_step(step)]
    found += [*(_before(seen) if seen.run is None else ()), *_fence(seen), STOP]
    return tuple(_with_others(each, seen, known) for each in found if _allowed(each.kind, seen, known))


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


def _of_step(each: RunStep) -> list[Choice]:
    key, step = each.step.key, each.step
    if each.state is StepState.UNKNOWN:
        seen = f" Seen: {each.sentence}" if each.sentence else ""
        asked = f"Look at the servers yourself. “Done” goes on after {key}; “not done” lets it be tried again.{seen}"
        return [_choice(K.RESOLVE, key, f"Decide about {key}…", asked, "done", "not-done", "give-up")]
    if step.action == "hold" and each.state in {StepState.WAITING, StepState.CLAIMED}:
        return [_choice(K.END_HOLD, key, "End the hold…", "The drill moves everything back now.")]
    if each.state is not StepState.WAITING:
        return []
    if step.needs_allowance and each.attempts == 0:
        asked = f"{step.summary}. It cannot be taken back, and may destroy the only copy of what was lost."
        return [_choice(K.ALLOW, key, f"Allow {key}…", asked)]
    asked = f"{step.summary}. {each.sentence or 'Say what you did and saw.'}"
    attest = _choice(K.ATTEST, key, f"Attest {key}…", asked, DONE, NOT_DONE)
    return [replace(attest, marker=takes_marker(step.action))]


def _before(seen: RunSeen) -> list[Choice]:
    """What may be answered for before the start: checks that block, and a second failover within its block period."""
    blocks = [f"{each.resource}/{each.check}" for each in blocking(seen.prechecks[1])] if seen.prechecks else []
    said = {f"{each.resource}/{each.check}": f"{each.sentence} {each.figure}".strip() for each in _findings(seen)}
    found = [
        _choice(K.OVERRIDE, "", f"Override {each}…", said[each], each) for each in blocks if each in seen.overridable
    ]
    if any(each.request != seen.request.id and _again(each, seen) for each in seen.past):
        asked = "This failed over a short while ago. Say why it must fail over once more."
        found.append(_choice(K.ACKNOWLEDGE, "", "Acknowledge another failover…", asked))
    return found


def _fence(seen: RunSeen) -> list[Choice]:
    """A failover whose old primary cannot be proven stopped: said by the checks, or by the step that could not."""
    if seen.request.type is not RequestType.FAILOVER:
        return []
    checks = {(target.resource, each) for target in seen.plan.plan.targets for each in fence_checks(target)}
    open_ = any((each.resource, each.check) in checks and each.severity is not Severity.OK for each in _findings(seen))
    if not open_ or (seen.run is not None and seen.request.state is not State.HELD):
        return []
    asked = "The old primary may still take writes, and what it takes is lost. The fence stays owed and is shown."
    return [_choice(K.WAIVE, "", "Do without a proven fence…", asked)]


def _findings(seen: RunSeen) -> tuple[Finding, ...]:
    return seen.prechecks[1] if seen.prechecks else ()


def _again(each: Past, seen: RunSeen) -> bool:
    failovers = each.type == seen.request.type == RequestType.FAILOVER
    return failovers and seen.now - each.started_at < BLOCK_PERIOD


def _allowed(kind: RunActKind, seen: RunSeen, known: Known) -> bool:
    rule, request = RULES[kind], seen.request
    if known.person is None or request.state not in rule.states or not may(known, rule.verb):
        return False
    if kind is K.STOP and any(each.kind is K.STOP for each in seen.acts):
        return False
    relation, own = TABLE[rule.verb].requester, request.asked_by(known.person.id)
    return not (relation is Requester.NEVER and own)


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
    words = f"{names} {SAID[each.kind]}{f': {said[-1].value}' if said[-1].value else ''}.{more}"
    return replace(each, said_by=words)


def _since(each: Choice, seen: RunSeen) -> datetime:
    """What was said about an earlier try of a step does not count for this one."""
    found = seen.run.step(each.step).claimed_at if seen.run and each.kind in PER_TRY else None
    return found or seen.request.created_at
