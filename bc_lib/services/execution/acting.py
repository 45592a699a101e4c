"""One step under one lease: claim, act, see, verify. What goes wrong is told to the journal, never raised (decision 6).

A step that was begun is never begun again before a probe has said what is there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bc_lib.domain.denial import Denial
from bc_lib.domain.execution import derive
from bc_lib.domain.execution.actions import READ_ONLY, Action, MarkName
from bc_lib.domain.execution.findings import Finding, Severity, blocking
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.rehearsing import rehearsed
from bc_lib.domain.execution.run import Facts, Run, RunStep
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.requests.plan import Plan
from bc_lib.ports.mechanism import (
    CredentialUnavailable,
    Effect,
    Mechanism,
    Probe,
    StepFailed,
    StepPaused,
    StepUnknown,
    Work,
)
from bc_lib.services.execution.entries import Entries
from bc_lib.services.execution.journal import MarkWriter
from bc_lib.services.execution.lease import LeaseKeeper, LeaseLost
from bc_lib.services.execution.parts import Execution
from bc_lib.services.execution.prechecks import last_primary, mechanism_for

log = logging.getLogger(__name__)
TRIES = 3  # of an act that was cut short, each after a probe
PROBES, PROBE_PAUSE_S = 3, 0.5
VERIFIES = 3


class Actor:
    """Does steps of one run. `overridden` and `fence_waived` were agreed on by people before the start."""

    def __init__(
        self,
        ex: Execution,
        entries: Entries,
        keeper: LeaseKeeper,
        marks: MarkWriter,
        plan: Plan,
        inventory: Inventory,
        overridden: frozenset[str],
    ) -> None:
        self._ex, self._entries, self._keeper, self._marks = ex, entries, keeper, marks
        self._plan, self._overridden = plan, overridden
        self._resources = inventory.resource_map()
        self.fence_waived = False

    def begin(self, run: Run, step: RunStep, *, probed: bool = False) -> None:
        """Claim and act."""
        self._act(run, self._entries.claim(step, probed=probed))

    def resume(self, run: Run, step: RunStep, *, patient: bool = True) -> None:
        """A step that somebody began: look first. `patient`: without its secret it pauses; else a person decides."""
        seen = self._look(run, step) if patient else self.probe(run, step)
        if seen.waits and patient:
            return
        if seen.effect is Effect.SEEN:
            self._found(run, self._entries.taken_over(step), seen)
        elif seen.effect is Effect.UNKNOWN:
            self._entries.unknown(self._entries.taken_over(step), seen.sentence, seen.facts)
        else:
            self._entries.say(step, "info", f"Resumed: {seen.sentence}")
            self.begin(run, step, probed=True)

    def _look(self, run: Run, step: RunStep) -> Probe:
        """A probe that waits for its secret: held at once, because somebody must open the secrets manager (F24)."""
        seen = self.probe(run, step)
        if not seen.waits:
            return seen
        self._entries.paused(step, seen.sentence)
        until = time.monotonic() + step.step.timeout_s
        while seen.waits and time.monotonic() + self._ex.pause_s < until and not self._ex.stop.wait(self._ex.pause_s):
            self._keeper.check()
            seen = self.probe(run, step)
        if not seen.waits:
            self.take_over(run)  # older sessions could not be ended before; what they did meanwhile is seen
            seen = self.probe(run, step)
        if not seen.waits:
            self._entries.stuck.discard(step.step.key)
        return seen

    def take_over(self, run: Run) -> None:
        """End the sessions of older runners where steps were begun. What cannot be reached does not hinder."""
        names = set()
        for each in run.steps:
            if each.state is StepState.CLAIMED and each.step.resource not in names:
                names.add(each.step.resource)
                try:
                    self._mechanism(each).take_over(self._work(run, each))
                except Denial:
                    raise
                except Exception as trouble:
                    log.warning("Older sessions of %s may go on: %s", each.step.resource, type(trouble).__name__)

    def probe(self, run: Run, step: RunStep, attested: Facts | None = None) -> Probe:
        """Is the step's effect there? A mechanism that breaks its promise has seen nothing."""
        work = replace(self._work(run, step), attested=attested or {})
        try:
            return self._mechanism(step).probe(work)
        except Denial:
            raise
        except Exception as trouble:
            log.exception("probe of %s", step.step.key)
            return Probe(effect=Effect.UNKNOWN, sentence=f"The probe broke ({type(trouble).__name__}).")

    def verify(self, run: Run, step: RunStep) -> None:
        """A step whose effect was seen."""
        work, found = self._work(run, step), list[Finding]()
        for number in range(VERIFIES):
            try:
                found = list(self._findings(work, step))
            except CredentialUnavailable as error:
                self._entries.paused(step, str(error))
                return
            unsure = any(each.severity is Severity.UNKNOWN for each in found)
            if number == VERIFIES - 1 or not unsure or step.step.action in READ_ONLY:
                break
            time.sleep(PROBE_PAUSE_S)
        stops = blocking(found, self._overridden)
        if not stops or rehearsed(self._plan):
            self._entries.verified(run, step, found)
            return
        words = "; ".join(each.sentence + (f" ({each.figure})" if each.figure else "") for each in stops)
        if step.step.action in READ_ONLY and not step.step.after_restore:
            self._entries.failed(step, words, {}, found)
        else:
            self._entries.unknown(step, words, {}, found)

    def _act(self, run: Run, step: RunStep) -> None:
        for number in range(1, TRIES + 1):
            work = self._work(run, step)
            try:
                facts = self._until_it_may(work, step)
            except StepFailed as error:
                self._failed(run, work, step, error)
                return
            except (StepPaused, CredentialUnavailable) as error:
                self._paused(work, step, str(error))
                return
            except (LeaseLost, Denial):
                raise
            except StepUnknown as error:
                why = str(error)
            except Exception as trouble:
                log.exception("act of %s", step.step.key)
                why = f"The step broke off ({type(trouble).__name__})."
            else:
                self._seen(run, step, "", facts)
                return
            seen = self._settle(run, step)
            if seen.effect is Effect.SEEN:
                self._found(run, step, seen)
                return
            if seen.effect is Effect.UNKNOWN:
                self._not_known(step, f"{why} {seen.sentence}", seen)
                return
            if number == TRIES:
                # Certainly not done, however often: what was begun of it is taken back where that is possible.
                begun = seen.effect is Effect.PARTLY
                self._failed(run, work, step, StepFailed(f"{why} {seen.sentence}", writes_stopped=begun))
                return
            self._entries.say(step, "warning", f"{why} {seen.sentence} It goes on from there.")
            step = self._entries.again(step, why)

    def _not_known(self, step: RunStep, sentence: str, seen: Probe) -> None:
        if seen.waits:
            self._entries.paused(step, sentence)
        else:
            self._entries.unknown(step, sentence, seen.facts)

    def _until_it_may(self, work: Work, step: RunStep) -> Facts:
        """Act; a step that waits for a secret or for time is asked again. Raises as Mechanism.act, and LeaseLost."""
        mechanism, told = self._mechanism(step), False
        until = time.monotonic() + (self._ex.patience_s if step.step.after_restore else step.step.timeout_s)
        while True:
            self._keeper.check()
            try:
                return mechanism.act(work, lambda name, facts: self._marks.note(step.step.key, name, facts))
            except (StepPaused, CredentialUnavailable) as error:
                if time.monotonic() + self._ex.pause_s >= until:
                    raise
                if not told:
                    self._entries.say(step, "warning", f"Waiting: {error}")
                    told = True
            time.sleep(self._ex.pause_s)

    def _settle(self, run: Run, step: RunStep) -> Probe:
        """Look until it is known, or for a moment."""
        for _ in range(PROBES - 1):
            seen = self.probe(run, step)
            if seen.effect is not Effect.UNKNOWN:
                return seen
            time.sleep(PROBE_PAUSE_S)
        return self.probe(run, step)

    def _seen(self, run: Run, step: RunStep, sentence: str, facts: Facts) -> None:
        self.verify(run, self._entries.seen(step, sentence, facts))

    def _found(self, run: Run, step: RunStep, seen: Probe) -> None:
        """The effect is there, and whoever made it may have been killed before what comes with it."""
        try:
            facts = self._mechanism(step).follow_up(self._work(run, step))
        except (LeaseLost, Denial):
            raise
        except Exception as trouble:
            log.exception("follow-up of %s", step.step.key)
            facts = {"troubles": {"follow_up": f"What comes with it broke off ({type(trouble).__name__})."}}
        self._seen(run, step, seen.sentence, {**seen.facts, **facts})

    def _failed(self, run: Run, work: Work, step: RunStep, error: StepFailed) -> None:
        """Certainly not there. After the point of no return only forward leads out, so a person is asked instead."""
        facts: dict[str, object] = dict(error.facts)
        if derive.ALLOW_AGAIN in facts:
            facts[derive.ALLOW_AGAIN] = step.attempts
        if step.step.after_restore:
            self._entries.waiting(step, str(error), facts)
            return
        if step.step.action not in {Action.MOVE, *_LOOKING} and derive.moved_for_good(run, step):
            self._entries.unknown(step, str(error), facts)
            return
        sentence, undone, stopped = str(error), error.undone, error.writes_stopped
        if step.step.action == Action.MOVE and stopped and not undone:
            sentence, given = self._give_back(work, step, sentence)
            if given is None:
                self._entries.unknown(step, sentence, facts)
                return
            undone = given
        facts |= {derive.UNDONE: undone, derive.WRITES_STOPPED: stopped and not undone}
        self._entries.failed(step, sentence, facts)

    def _paused(self, work: Work, step: RunStep, why: str) -> None:
        """Its time is over and it still waits. Never with writes stopped by us: those are given back first (F31)."""
        marks = {mark.name for mark in self._marks.of(step.step.key)} | set(work.marks)
        if step.step.action == Action.MOVE and MarkName.FENCED in marks and MarkName.PROMOTED not in marks:
            sentence, undone = self._give_back(work, step, why)
            if undone:
                self._entries.failed(step, sentence, {derive.UNDONE: True, derive.WRITES_STOPPED: False})
            else:
                self._entries.unknown(step, sentence, {})
            return
        self._entries.waiting(step, why, {})

    def _give_back(self, work: Work, step: RunStep, why: str) -> tuple[str, bool | None]:
        """Let clients write again where they did; None: the target may be the primary, so nothing was started (F32)."""
        mechanism = self._mechanism(step)
        until = time.monotonic() + max(self._ex.patience_s, 2 * self._ex.pause_s)
        while True:
            self._keeper.check()
            fresh = self._renewed(work)
            try:
                mechanism.undo(fresh, lambda name, facts: self._marks.note(step.step.key, name, facts))
            except (StepFailed, CredentialUnavailable, StepPaused) as error:
                if time.monotonic() >= until:
                    return f"{why} {error}", False
            except StepUnknown as error:
                return f"{why} {error}", None
            else:
                return f"{why} It was taken back; clients write at {step.step.peer or 'the old primary'} again.", True
            time.sleep(self._ex.pause_s)

    def _findings(self, work: Work, step: RunStep) -> Sequence[Finding]:
        try:
            return self._mechanism(step).verify(work, step.facts)
        except (Denial, CredentialUnavailable):
            raise
        except Exception as trouble:
            log.exception("verify of %s", step.step.key)
            sentence = f"It could not be verified ({type(trouble).__name__}); the runner's log says more."
            found = Finding(check="verify", resource=step.step.resource, severity=Severity.UNKNOWN, sentence=sentence)
            return (found,)

    def _mechanism(self, step: RunStep) -> Mechanism:
        return mechanism_for(self._ex, self._resources[step.step.resource])

    def _work(self, run: Run, step: RunStep) -> Work:
        marks = {mark.name: mark.facts for mark in run.marks if mark.step == step.step.key}
        marks |= {mark.name: mark.facts for mark in self._marks.of(step.step.key)}
        return Work(
            request=run.request,
            epoch=self._keeper.lease.epoch,
            deadline=datetime.now(UTC) + timedelta(seconds=step.step.timeout_s),
            plan=self._plan,
            step=step.step,
            resource=self._resources[step.step.resource],
            earlier={each.step.key: each.facts for each in run.steps if each.state is StepState.VERIFIED},
            marks=marks,
            fence_waived=self.fence_waived,
            known=step.facts,
            right_ends=self._keeper.ends,
            last_primary=last_primary(self._ex, step.step.resource) if step.step.action == Action.CHECK else None,
        )

    def _renewed(self, work: Work) -> Work:
        """The same with time of its own: giving writes back must not fail because the move took all of it."""
        return replace(
            work,
            deadline=datetime.now(UTC) + timedelta(seconds=max(30.0, self._ex.patience_s)),
            marks={mark.name: mark.facts for mark in self._marks.of(work.step.key)} | dict(work.marks),
        )


_LOOKING = frozenset({Action.CHECK, Action.REHEARSE})
