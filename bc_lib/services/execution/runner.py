"""The loop that drives a run (decisions 5, 6): from Airflow's task or from `bcctl run`, the same from the same journal.

The journal is the truth. Whatever kills this process, the next one takes the lease over, probes, and goes on.
"""

from __future__ import annotations

import contextlib
import logging
import time

from bc_lib.domain.denial import Denial
from bc_lib.domain.execution import derive, writers
from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.domain.execution.findings import fence_checks
from bc_lib.domain.execution.journal import OVER, StepState
from bc_lib.domain.execution.progress import headline
from bc_lib.domain.execution.run import Facts, Mark, Run, RunActKind, RunLease, RunStep
from bc_lib.domain.execution.step_words import called, sentence
from bc_lib.domain.execution.total import may_time_out, spent_s
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.state_words import in_words
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.words import duration
from bc_lib.ports.runs import RunChange, RunWork
from bc_lib.services.execution import finish, waits
from bc_lib.services.execution.acting import Actor
from bc_lib.services.execution.choosing import Next, What, may_stop_before, next_of
from bc_lib.services.execution.conditions import overridden
from bc_lib.services.execution.entries import Entries
from bc_lib.services.execution.journal import Journal, MarkWriter, write_mark
from bc_lib.services.execution.lease import LeaseKeeper, LeaseLost
from bc_lib.services.execution.parts import Execution, Report
from bc_lib.services.execution.said import settled, valid
from bc_lib.services.execution.start import refuse, start
from bc_lib.services.requests.words import look_at_words

log = logging.getLogger(__name__)
UNDER_WAY = (State.RUNNING, State.HELD, State.STOPPING, State.SERVICE_RESTORED)


def run(ex: Execution, request_id: str, executor: str, quiet: frozenset[str] = frozenset()) -> Report:
    """Start, resume or finish a request, as far as it goes now. Raises Denial, audited, where nothing may be done.

    One that is over returns its recorded outcome and changes nothing (F04, F08). `quiet`: codes of refusals that were
    audited already.
    """
    try:
        request = ex.gate.store.read.get(request_id)
    except Denial as denial:
        refuse(ex, request_id, denial, executor)
        raise
    if request.state.over:
        return _recorded(ex, request)
    taken_at = time.monotonic()
    if request.state in UNDER_WAY:
        lease = _take_over(ex, request_id, executor)
    else:
        started = start(ex, request_id, executor, quiet)
        if started.lease is None:
            return Report(request=request_id, state=State.FAILED.value, text=started.text)
        lease, taken_at = started.lease, started.taken_at
    return drive(ex, lease, taken_at)


def drive(ex: Execution, lease: RunLease, taken_at: float) -> Report:
    """Do what can be done under a lease, then leave."""
    keeper = LeaseKeeper(ex.gate.store, lease, taken_at, ex.margin_s)
    marks = MarkWriter(ex.gate.store, keeper)
    keeper.start()
    marks.start()
    try:
        return _Driver(ex, keeper, marks).go()
    except LeaseLost:
        text = f"The right to act for {lease.request} has ended; another runner looks first and goes on."
        log.warning("%s", text)
        return Report(request=lease.request, state="", text=text)
    finally:
        keeper.stop()
        marks.stop()


def _recorded(ex: Execution, request: Request) -> Report:
    found = ex.gate.store.read.run(request.id)
    words = headline(found, request.state) if found else ""
    text = f"{request.id} is {in_words(request.state)} already" + (f": {words}" if words else ".")
    wanted = " or ".join(state.value for state in (State.READY_TO_START, *UNDER_WAY))
    refuse(ex, request.id, refusal("WRONG_STATE", request=request.id, state=request.state, wanted=wanted), "again")
    return Report(request=request.id, state=request.state.value, text=text, acted=False)


def _take_over(ex: Execution, request_id: str, executor: str) -> RunLease:
    try:
        with ex.gate.store.work() as work:
            lease = work.take_over(work.lock(request_id), ex.holder, ex.ttl_s)
            work.say(request_id, "info", f"Taken over by {executor}.")
            return lease
    except Denial as denial:
        refuse(ex, request_id, denial, executor)
        raise


class _Driver:
    """One visit."""

    def __init__(self, ex: Execution, keeper: LeaseKeeper, marks: MarkWriter) -> None:
        self._ex, self._keeper = ex, keeper
        self._journal = Journal(ex.gate.store, keeper)
        self._entries = Entries(ex, self._journal, keeper, marks)
        self._request, _ = self._journal.read()
        self._review_open = False
        look_at_words(ex.gate)  # a review, as a thaw, counts once it is proven
        self._actor = self._journal.write(lambda work: self._make_actor(work, marks))

    def go(self) -> Report:
        """Until nothing can be done now."""
        request, run = self._journal.read()
        self._actor.take_over(run)
        self._look_at_owed(request, run)
        while True:
            request, run = self._journal.read()
            found = next_of(run, request.state, review_open=self._review_open, stuck=self._entries.stuck)
            if found.what is What.LEAVE or self._ex.stop.is_set():
                return self._leave()
            if self._do(found, request, run):
                request, run = self._journal.read()
                return Report(request=request.id, state=request.state.value, text=headline(run, request.state))

    def _do(self, found: Next, request: Request, run: Run) -> bool:
        """True when the run is over."""
        lease = self._keeper.lease
        if found.what is What.STEP and found.step is not None:
            return self._step(request, run, found.step)
        if found.what is What.SKIP and found.step is not None:
            self._entries.skip(found.step, found.why)
            return False
        if found.what is What.RESTORE:
            self._end(lambda work: finish.restore(self._ex, work, lease), State.SERVICE_RESTORED, State.SUCCEEDED)
            return False
        if found.what is What.COMPLETE:
            self._end(lambda work: finish.complete(self._ex, work, lease), State.SUCCEEDED)
            return True
        self._fail(_reason(run), stopping=request.state is State.STOPPING)
        return True

    def _step(self, request: Request, run: Run, step: RunStep) -> bool:
        """One step, by the state it is in; True when the run is over."""
        waiting = step.step.after_restore and step.state in {StepState.WAITING, StepState.UNKNOWN}
        if (step.state is StepState.PLANNED or waiting) and self._stopped(request, run, step):
            return not step.step.after_restore
        if step.state is StepState.SEEN:
            self._actor.verify(run, step)
        elif step.state is StepState.CLAIMED:
            self._resume(request, run, step)
        elif step.state is StepState.PLANNED and not waits.needs_a_person(step):
            self._set_waiver(request, step)
            self._actor.begin(run, step)
        else:
            self._set_waiver(request, step)
            waits.decide(self._ex, self._journal, self._entries, self._actor, request, run, step)
        return False

    def _resume(self, request: Request, run: Run, step: RunStep) -> None:
        self._set_waiver(request, step)
        if waits.needs_a_person(step):
            self._entries.waiting(self._entries.taken_over(step), waits.why(step), {}, hold=waits.holds(step))
            self._entries.stuck.discard(step.step.key)
        else:
            stops = self._journal.write(lambda work: valid(self._ex.gate, work, request, RunActKind.STOP))
            self._actor.resume(run, step, patient=not stops)

    def _stopped(self, request: Request, run: Run, step: RunStep) -> bool:
        """Freeze and safe stop, only in front of a step where the plan lets a run stop."""
        why = self._stop_wanted(request, run, step)
        if not why or not (step.step.after_restore or may_stop_before(run, step)):
            return False
        if step.step.after_restore:
            # Clients write. What is owed waits for the thaw; nothing fails.
            self._entries.say(step, "warning", f"{why} What is owed waits.")
            self._entries.stuck |= {each.step.key for each in run.steps if each.step.after_restore}
            return True
        self._fail(f"{why} Stopped before {called(step.step, [each.step for each in run.steps])}.", stopping=True)
        return True

    def _stop_wanted(self, request: Request, run: Run, step: RunStep) -> str:
        def look(work: RunWork) -> str:
            frozen = work.frozen()
            if frozen is not None:
                return f"Frozen by {frozen.by}: {frozen.reason}."
            if step.step.after_restore:
                return ""
            acts = valid(self._ex.gate, work, request, RunActKind.STOP)
            return f"{acts[-1].name} asked for a safe stop." if acts else self._time_is_over(work, run)

        return self._journal.write(look)

    def _time_is_over(self, work: RunWork, run: Run) -> str:
        """A sentence where the whole run has taken longer than its plan allows; by the database's clock."""
        most = work.plan(run.request).plan.timeout_s
        if not most or not may_time_out(run):
            return ""
        spent = spent_s(run, self._ex.gate.store.read.history(run.request), work.now())
        if spent <= most:
            return ""
        return f"It has taken {duration(spent)} without waiting for people; its plan allows {duration(most)}."

    def _set_waiver(self, request: Request, step: RunStep) -> None:
        if step.step.action != Action.MOVE:
            return
        found = self._journal.write(lambda work: (settled(self._ex.gate, work, request, RunActKind.WAIVE),))
        self._actor.fence_waived = found[0] is not None

    def _fail(self, why: str, *, stopping: bool) -> None:
        lease = self._keeper.lease
        self._end(lambda work: finish.fail(self._ex, work, lease, why, stopping=stopping), State.FAILED)

    def _end(self, act: waits.Ending, *reached: State) -> None:
        def already(work: RunWork) -> Request | None:
            request = work.get(self._keeper.lease.request)
            return request if request.state in reached else None

        self._journal.write(act, already)

    def _look_at_owed(self, request: Request, run: Run) -> None:
        """A review that was recorded since, a fence that is proven since: nothing else would take them off."""
        if request.state is not State.SERVICE_RESTORED:
            return
        run = self._look_for_writers(run)
        now = finish.owed_now(run, review_open=self._review_open)
        if now != run.owed:
            self._journal.write(lambda work: work.change_run(self._keeper.lease, RunChange(owed=now)))

    def _look_for_writers(self, run: Run) -> Run:
        """Whether an old primary that is not a standby yet takes writes: the episode is marked with its times."""
        open_ = {episode.resource for episode in writers.open_episodes(run)}
        marked = False
        for step in run.steps:
            if step.step.action not in derive.PROTECTS or step.state in OVER:
                continue
            takes = self._actor.probe(run, step).facts.get(writers.TAKES_WRITES)
            name = MarkName.TWO_WRITERS if takes else MarkName.ONE_WRITER
            if takes is None or takes is (step.step.resource in open_):
                continue  # not seen, or as before
            facts = {writers.NODE: step.step.old, writers.BESIDE: step.step.new}
            self._mark(step, name, facts)
            marked = True
        return self._journal.read()[1] if marked else run

    def _mark(self, step: RunStep, name: MarkName, facts: Facts) -> None:
        mark = Mark(step=step.step.key, name=name, at=self._journal.write(lambda work: work.now()), facts=facts)
        self._journal.write(lambda work: write_mark(work, self._keeper, mark))

    def _make_actor(self, work: RunWork, marks: MarkWriter) -> Actor:
        request, inventory = work.get(self._request.id), work.inventory()
        plan = work.plan(request.id).plan
        over = overridden(self._ex.gate, work, request, inventory)
        if settled(self._ex.gate, work, request, RunActKind.WAIVE) is not None:
            over |= {f"{target.resource}/{check}" for target in plan.targets for check in fence_checks(target)}
        self._review_open = finish.review_open(work, request)
        return Actor(self._ex, self._entries, self._keeper, marks, plan, inventory, frozenset(over))

    def _leave(self) -> Report:
        """A person, or time, must act first. Resources stay ours; whoever comes next need not wait."""
        request, run = self._journal.read()
        with contextlib.suppress(Denial, Exception), self._ex.gate.store.work() as work:
            work.leave(self._keeper.lease)
        return Report(request=request.id, state=request.state.value, text=waits.left_words(request, run))


def _reason(run: Run) -> str:
    failed = next((each for each in run.steps if each.state is StepState.FAILED and not each.step.after_restore), None)
    if failed is None:
        return run.held_because
    return f"{sentence(failed.step, [each.step for each in run.steps])}: {failed.sentence}"
