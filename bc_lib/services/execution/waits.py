"""Steps that wait for a person or for time: a decision about an unknown one, a manual one, an allowance, a hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bc_lib.domain.execution import attested, derive
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.journal import OVER, StepState
from bc_lib.domain.execution.progress import headline
from bc_lib.domain.execution.run import Run, RunActKind, RunStep
from bc_lib.domain.execution.step_words import called
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.requests.values import Request
from bc_lib.ports.mechanism import Effect
from bc_lib.ports.runs import RunWork
from bc_lib.services.execution.acting import Actor
from bc_lib.services.execution.entries import Entries
from bc_lib.services.execution.journal import Journal
from bc_lib.services.execution.parts import Execution
from bc_lib.services.execution.said import Settled, settled

Ending = Callable[[RunWork], Request]
DONE, NOT_DONE, GIVE_UP = "done", "not-done", "give-up"


def needs_a_person(step: RunStep) -> bool:
    """Whether it begins with waiting for somebody."""
    return step.step.manual or step.step.needs_allowance or step.step.action == Action.HOLD


def holds(step: RunStep) -> bool:
    """Whether the request is Held for it. A drill's hold is planned, and belongs to Running."""
    return step.step.action != Action.HOLD


def why(step: RunStep) -> str:
    """What is waited for."""
    if step.step.action == Action.HOLD:
        return f"{step.step.summary}."
    if step.step.needs_allowance:
        asked = f"It needs an allowance of its own: {step.step.summary}."
        return step.sentence or asked if step.attempts else asked
    return f"A person must do it and attest it: {step.step.summary}."


def decide(
    ex: Execution,
    journal: Journal,
    entries: Entries,
    actor: Actor,
    request: Request,
    run: Run,
    step: RunStep,
) -> None:
    """Go on as far as people have decided; otherwise the step is left for the next visit."""

    def said(kind: RunActKind) -> Settled | None:
        return journal.write(lambda work: (settled(ex.gate, work, request, kind, step.step.key),))[0]

    if step.state is StepState.UNKNOWN:
        _unknown(entries, actor, run, step, said(RunActKind.RESOLVE))
    elif step.step.action == Action.HOLD:
        _hold(journal, entries, actor, run, step, said(RunActKind.END_HOLD))
    elif derive.needs_allowance_now(step):
        _allow(entries, actor, run, step, said(RunActKind.ALLOW), said(RunActKind.ATTEST))
    elif step.step.manual:
        _manual(entries, actor, run, step, said(RunActKind.ATTEST), _waived(ex, journal, request, step))
    else:
        _paused(entries, actor, run, step, said(RunActKind.ATTEST))


def left_words(request: Request, run: Run) -> str:
    """What the run waits for, in one line."""
    open_ = [each for each in run.steps if each.state in {StepState.WAITING, StepState.UNKNOWN}]
    every = [each.step for each in run.steps]
    words = "; ".join(f"{called(each.step, every)} is {each.state.value}: {each.sentence}" for each in open_)
    return f"{headline(run, request.state)} {words}".strip() if words else headline(run, request.state)


def _unknown(entries: Entries, actor: Actor, run: Run, step: RunStep, said: Settled | None) -> None:
    """Never redone blindly: people say, and a probe may not contradict them. What clients do not wait for is looked at
    again by itself."""
    if said is not None and said.value == GIVE_UP:
        entries.failed(step, f"Given up by {said.names}.", {derive.GIVEN_UP: True})
        _skip_rest(entries, run, step)
        return
    if said is None and not step.step.after_restore:
        entries.unknown(step, step.sentence, {})
        return
    seen = actor.probe(run, step)
    if seen.effect is Effect.SEEN:
        actor.verify(run, entries.seen(step, seen.sentence, seen.facts))
    elif said is not None and said.value == DONE:
        if seen.effect is not Effect.UNKNOWN and step.step.action in {Action.MOVE, *attested.BY_HAND}:
            entries.unknown(step, f"{said.names} said that it was done, and it is not: {seen.sentence}", {})
            return
        sentence = f"Done, as {said.names} said."
        entries.verified(run, entries.seen(step, sentence, {"attested_by": said.names}), ())
    elif step.step.manual and said is not None:
        entries.waiting(entries.claim(step, probed=True), why(step), {})
    elif said is not None or (seen.effect is not Effect.UNKNOWN and not step.step.manual):
        actor.begin(run, step, probed=True)
    else:
        entries.unknown(step, seen.sentence, {})


def _skip_rest(entries: Entries, run: Run, step: RunStep) -> None:
    """After a restored service nothing of this member is tried any more."""
    if not step.step.after_restore:
        return
    for each in run.steps:
        mine = each.step.resource == step.step.resource and each.position > step.position
        if mine and each.state not in OVER and each.state is StepState.PLANNED:
            entries.skip(each, f"Given up with {called(step.step, [one.step for one in run.steps])}.")


def _hold(journal: Journal, entries: Entries, actor: Actor, run: Run, step: RunStep, said: Settled | None) -> None:
    """A live drill stays until somebody ends it, or until its time is over."""
    if step.state is StepState.PLANNED:
        step = entries.claim(step, probed=False)
        entries.waiting(step, why(step), {}, hold=False)
        return
    now = journal.write(lambda work: work.now())
    began = step.claimed_at or now
    if said is None and now < began + timedelta(seconds=step.step.timeout_s):
        entries.stuck.add(step.step.key)
        return
    sentence = f"Ended by {said.names}." if said is not None else "Its time is over."
    actor.verify(run, entries.seen(step, sentence, {}))


def _allow(
    entries: Entries, actor: Actor, run: Run, step: RunStep, said: Settled | None, attested: Settled | None
) -> None:
    """One that was tried may have been done by hand instead: seen, or attested."""
    if said is not None:
        entries.say(step, "info", f"Allowed by {said.names}.")
        actor.begin(run, step)
    elif not (step.attempts and _by_hand(entries, actor, run, step, attested)):
        entries.waiting(step, why(step), {})


def _manual(
    entries: Entries, actor: Actor, run: Run, step: RunStep, said: Settled | None, waived: Settled | None
) -> None:
    if step.state is StepState.PLANNED:
        step = entries.claim(step, probed=False)
        if waived is None:
            entries.waiting(step, why(step), {})
            return
    if waived is not None and (said is None or said.value == NOT_DONE):
        sentence = f"Not attested; the fence was waived by {waived.names}."
        actor.verify(run, entries.seen(step, sentence, {attested.WAIVED: waived.names}))
        return
    if said is None:
        entries.waiting(step, why(step), {})
        return
    found = attested.attested(said.value, step.step.action)
    if found is None or not found.done:
        entries.failed(step, f"Not done, as {said.names} said: {said.acts[-1].note}", {})
        return
    sentence, facts = f"Done by hand, attested by {said.names}.", {attested.BY: said.names}
    if step.step.action not in attested.BY_HAND:
        actor.verify(run, entries.seen(step, sentence, facts))
        return
    _confirm(entries, actor, run, step, sentence, facts | ({attested.MARKER: found.marker} if found.marker else {}))


def _confirm(entries: Entries, actor: Actor, run: Run, step: RunStep, sentence: str, facts: dict[str, str]) -> None:
    """A person's word is not enough where something can be seen: what contradicts it, or is not seen, holds the run."""
    seen = actor.probe(run, step, facts)
    if seen.effect is Effect.SEEN:
        actor.verify(run, entries.seen(step, f"{sentence} {seen.sentence}", {**seen.facts, **facts}))
        return
    # A try of its own, so that this attestation does not count for the next one.
    entries.unknown(entries.claim(step, probed=True), f"{sentence} But: {seen.sentence}", seen.facts)


def _waived(ex: Execution, journal: Journal, request: Request, step: RunStep) -> Settled | None:
    """A failover may go on without a proven fence, so nobody has to attest one."""
    if step.step.action != Action.STOP or request.type is not RequestType.FAILOVER:
        return None
    return journal.write(lambda work: (settled(ex.gate, work, request, RunActKind.WAIVE),))[0]


def _paused(entries: Entries, actor: Actor, run: Run, step: RunStep, said: Settled | None) -> None:
    """A step whose try came to nothing: looked at, and tried again; or done by hand meanwhile."""
    if not _by_hand(entries, actor, run, step, said):
        actor.begin(run, step, probed=True)


def _by_hand(entries: Entries, actor: Actor, run: Run, step: RunStep, said: Settled | None) -> bool:
    """Whether it is attested, or seen, to be done without us; then it is verified."""
    if said is not None and said.value == DONE:
        actor.verify(run, entries.seen(step, f"Done by hand, attested by {said.names}.", {"attested_by": said.names}))
        return True
    seen = actor.probe(run, step)
    if seen.effect is Effect.SEEN:
        actor.verify(run, entries.seen(step, seen.sentence, seen.facts))
    return seen.effect is Effect.SEEN
