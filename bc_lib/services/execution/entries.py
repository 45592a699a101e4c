"""Entries of the journal as the runner makes them, each one transaction with the request's edge that belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bc_lib.domain.audit import AuditEntry, Kind, system_actor
from bc_lib.domain.execution import derive
from bc_lib.domain.execution.findings import Finding
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.run import Facts, Run, RunStep
from bc_lib.domain.execution.step_words import sentence as sentence_of
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.notice import RequestNoticeKind
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.runs import RunChange, RunWork
from bc_lib.services.execution.journal import Journal, MarkWriter, write_mark
from bc_lib.services.execution.lease import LeaseKeeper
from bc_lib.services.execution.parts import Execution
from bc_lib.services.requests.notices import tell
from bc_lib.services.requests.verify import RUNNER

S = StepState


class Entries:
    """Of one run under one lease. Every method raises LeaseLost when the right to act has ended."""

    def __init__(self, ex: Execution, journal: Journal, keeper: LeaseKeeper, marks: MarkWriter) -> None:
        self._ex, self._journal, self._keeper, self._marks = ex, journal, keeper, marks
        self.stuck: set[str] = set()  # steps that nothing more can be done about on this visit

    def claim(self, step: RunStep, *, probed: bool) -> RunStep:
        """Ours, and the request goes on where it was held. Raises Denial where another has it."""
        lease, key = self._keeper.lease, step.step.key

        def act(work: RunWork) -> RunStep:
            self._resume(work)
            return work.claim_step(lease, key, probed=probed)

        return self._journal.write(act, self._already(key, S.CLAIMED))

    def taken_over(self, step: RunStep) -> RunStep:
        """A step of an older epoch, claimed by ours so that its entry can be written; nothing is done by it."""
        lease = self._keeper.lease
        return self.claim(step, probed=True) if step.epoch != lease.epoch and step.state is S.CLAIMED else step

    def again(self, step: RunStep, why: str) -> RunStep:
        """One more try after a probe, as a claim of its own."""
        lease, key = self._keeper.lease, step.step.key

        def act(work: RunWork) -> RunStep:
            work.step_to(lease, key, S.WAITING, sentence=why)
            return work.claim_step(lease, key, probed=True)

        return self._journal.write(act)

    def seen(self, step: RunStep, sentence: str, facts: Facts) -> RunStep:
        """Its effect was observed; with every mark of it."""
        return self._to(step, S.SEEN, sentence, facts)

    def verified(self, run: Run, step: RunStep, findings: Sequence[Finding]) -> None:
        """Done, and the run's clocks with it."""
        lease = self._keeper.lease

        def act(work: RunWork) -> bool:
            self._resume(work)
            work.step_to(lease, step.step.key, S.VERIFIED, findings=findings)
            now = work.run(lease.request)
            if now is None:
                raise LookupError(lease.request)
            moments = derive.moments(now)
            work.change_run(
                lease,
                RunChange(
                    outage_began_at=moments.outage_began_at,
                    restored_at=moments.restored_at,
                    unprotected_since=moments.unprotected_since,
                    protected=moments.unprotected_since is None,
                    members=derive.members(now),
                    owed=derive.owed(now, review_open=_review(now)) if _restored(work, run.request) else None,
                ),
            )
            work.say(run.request, "info", f"Done: {step.step.summary}.", step.step.key)
            return True

        self._journal.write(act, lambda work: True if _reached(work, run.request, step.step.key, S.VERIFIED) else None)

    def failed(self, step: RunStep, sentence: str, facts: Facts, findings: Sequence[Finding] = ()) -> None:
        """Certainly not there, or taken back."""
        self._to(step, S.FAILED, sentence, facts, findings)
        self.say(step, "error", sentence)

    def unknown(self, step: RunStep, sentence: str, facts: Facts, findings: Sequence[Finding] = ()) -> None:
        """A person must say what it is; the request is held and keeps its resources."""
        self._hold(step, S.UNKNOWN, sentence, facts, findings)

    def waiting(self, step: RunStep, sentence: str, facts: Facts, *, hold: bool = True) -> None:
        """It needs time or a person."""
        self._hold(step, S.WAITING, sentence, facts, (), hold=hold)

    def paused(self, step: RunStep, sentence: str) -> None:
        """It waits for a secret and stays as it is: nobody has to decide, and the next visit looks again (F24)."""
        lease, key = self._keeper.lease, step.step.key

        def act(work: RunWork) -> bool:
            request = work.lock(lease.request)
            self._write_marks(work, key)
            said = [each.text for _, each in work.events(request.id) if each.step == key]
            if said[-1:] == [sentence] and request.state is not State.RUNNING:
                return True  # told once, not with every visit
            work.say(request.id, "warning", sentence, key)
            self._hold_request(work, request, _because(work, request, step, sentence), sentence, tells=True)
            return True

        self.stuck.add(key)
        self._journal.write(act)

    def skip(self, step: RunStep, why: str) -> None:
        """Not needed."""
        self._to(step, S.SKIPPED, why, {})

    def say(self, step: RunStep, level: str, text: str) -> None:
        """A line of the log."""
        self._journal.write(lambda work: work.say(self._keeper.lease.request, level, text, step.step.key))

    def _to(
        self, step: RunStep, state: StepState, sentence: str, facts: Facts, findings: Sequence[Finding] = ()
    ) -> RunStep:
        lease, key = self._keeper.lease, step.step.key

        def act(work: RunWork) -> RunStep:
            self._resume(work)
            self._write_marks(work, key)
            return work.step_to(lease, key, state, sentence=sentence, facts=facts, findings=findings)

        return self._journal.write(act, self._already(key, state))

    def _hold(
        self,
        step: RunStep,
        state: StepState,
        sentence: str,
        facts: Facts,
        findings: Sequence[Finding],
        *,
        hold: bool = True,
    ) -> None:
        lease, key = self._keeper.lease, step.step.key

        def act(work: RunWork) -> bool:
            request = work.lock(lease.request)
            self._write_marks(work, key)
            if step.state is not state:
                work.step_to(lease, key, state, sentence=sentence, facts=facts, findings=findings)
            new = sentence != step.sentence  # a step that is tried every minute is told of once
            if new:
                work.say(request.id, "warning", sentence, key)
            if _restored(work, request.id) and (now := work.run(request.id)) is not None:
                work.change_run(lease, RunChange(owed=derive.owed(now, review_open=_review(now))))
            if hold:
                told = "" if step.step.needs_allowance and not step.attempts else sentence
                self._hold_request(
                    work, request, _because(work, request, step, sentence), told, tells=new or state is S.UNKNOWN
                )
            return True

        self.stuck.add(key)
        self._journal.write(act, lambda work: True if _reached(work, lease.request, key, state) else None)

    def _hold_request(self, work: RunWork, request: Request, because: str, said: str, *, tells: bool) -> None:
        """`said`: why, for a message, which names what is waited for by itself."""
        if request.state in {State.RUNNING, State.HELD}:
            work.change_run(self._keeper.lease, RunChange(held_because=because))
        if request.state is State.RUNNING:
            request = work.move(request, State.HELD, Event.HOLD, RUNNER, because[:900])
            _record_hold(work, request.id, request.scope.name, because)
        if tells:
            tell(self._ex.gate, work, RequestNoticeKind.HELD, request, "", said)

    def _resume(self, work: RunWork) -> None:
        lease = self._keeper.lease
        request = work.get(lease.request)
        if request.state is State.HELD:
            work.change_run(lease, RunChange(held_because=""))
            work.move(work.lock(lease.request), State.RUNNING, Event.RESUME, RUNNER)

    def _write_marks(self, work: RunWork, key: str) -> None:
        for mark in self._marks.of(key):
            write_mark(work, self._keeper, mark)

    def _already(self, key: str, state: StepState) -> Callable[[RunWork], RunStep | None]:
        lease = self._keeper.lease

        def look(work: RunWork) -> RunStep | None:
            found = _reached(work, lease.request, key, state)
            return found if found is not None and found.epoch == lease.epoch else None

        return look


def _reached(work: RunWork, request: str, key: str, state: StepState) -> RunStep | None:
    """The step where an entry whose answer was lost did arrive."""
    run = work.run(request)
    found = run.step(key) if run is not None else None
    return found if found is not None and found.state is state else None


def _restored(work: RunWork, request: str) -> bool:
    return work.get(request).state is State.SERVICE_RESTORED


def _review(run: Run) -> bool:
    return any(each.value == "ReviewOwed" for each in run.owed)


def _record_hold(work: RunWork, request: str, system: str, because: str) -> None:
    work.record(
        AuditEntry(
            kind=Kind.RECORDED,
            verb="request.hold",
            actor=system_actor(RUNNER),
            channel="job",
            system=system,
            members=tuple(target.resource for target in work.plan(request).plan.targets),
            request_id=request,
            outcome=State.HELD.value,
            payload={"because": because},
        )
    )


def _because(work: RunWork, request: Request, step: RunStep, what: str) -> str:
    return f"{sentence_of(step.step, work.plan(request.id).plan.steps)}: {what}"
