"""One round: a switchover that is approved and confirmed, strikes at random moments, runners until it is over."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.runs import RunReader
from benchmarks.campaign import judge, looking, people
from benchmarks.campaign.ground import Ground
from benchmarks.campaign.moments import WHOLE, Moment, Strike
from benchmarks.campaign.place import NODES
from benchmarks.campaign.processes import Broken, Runner
from benchmarks.campaign.record import Record

T = TypeVar("T")
BEGIN_S, VISIT_S, OVER_S, SLACK_S = 60.0, 120.0, 240.0, 1.0
LOOK_S = 0.002
AWAY = {Strike.KILL_DATABASE, Strike.STOP_DATABASE, Strike.FREEZE_DATABASE, Strike.BOTH, Strike.BOTH_FROZEN}
RUNNER_DIES = {Strike.KILL_RUNNER, Strike.BOTH, Strike.BOTH_FROZEN}
LEASES = "SELECT count(*) FROM bc.resource_lease WHERE released_at IS NULL"


@dataclass
class Round:
    """`whole_s`: how long an undisturbed run takes here."""

    ground: Ground
    record: Record
    number: int
    whole_s: float
    say: Callable[[str], None]
    request: Request = field(init=False)
    journals: looking.Journals = field(init=False)
    took_s: float = 0.0
    _sleeping: list[Runner] = field(default_factory=list)
    _runner: Runner | None = None

    def play(self, strikes: tuple[Moment, ...]) -> list[str]:
        """What is wrong afterwards. Raises Broken."""
        place = self.ground.place
        if not self.ground.wait_whole():
            raise Broken("The pair is not whole, so no round can begin.")
        (old,) = looking.primaries(place)
        new = next(node for node in NODES if node != old)
        before = looking.timeline(place, old)
        self.journals = looking.Journals(place)
        self._asked(self.ground.world.observe)
        self.request = self._asked(lambda: self.ground.world.ready(RequestType.SWITCHOVER, new, f"round {self.number}"))
        try:
            for moment in strikes:
                if not self._strike(moment):
                    break
            troubles = self._finish()
        except BaseException:
            self._end_runners(1.0)
            raise
        self._end_runners(VISIT_S)
        return self._judge(old, new, before, troubles)

    def finish_earlier(self, request: str) -> list[str]:
        """Bring a run to its end that was under way when an earlier campaign was cut short."""
        self.request = self._asked(lambda: self._read().get(request))
        self.say(f"{request} is {self.request.state.value} from before; it is finished first")
        try:
            troubles = self._finish()
        finally:
            self._end_runners(1.0)
        if not self._state().over:
            troubles.append(f"{request} of an earlier start did not come to an end.")
        return troubles

    def _strike(self, moment: Moment) -> bool:
        """False where the run is over: nothing can be hit any more."""
        runner = self._current()
        if not runner.goes(BEGIN_S):
            return not self._state().over
        self._wait_for(moment, runner)
        if not runner.alive:
            if self._state().over:
                self.record.misses[moment.strike] += 1
                return False
            self._runner = None
            return self._strike(moment)
        self.record.hits[moment.strike] += 1
        self.record.where[self.journals.reached(self.request.id)] += 1
        self._hit(moment, runner)
        return True

    def _current(self) -> Runner:
        if self._runner is None or not self._runner.alive:
            self._runner = self.ground.runner(self.request.id)
        return self._runner

    def _wait_for(self, moment: Moment, runner: Runner) -> None:
        """Its moment, or the end of the runner."""
        began = time.monotonic()
        at = began + moment.share * self.whole_s
        aimed = moment.aimed and "before" in self.journals.reached(self.request.id)
        if aimed:
            at = began + WHOLE * self.whole_s + SLACK_S
        while runner.alive and time.monotonic() < at:
            if aimed and "before" not in self.journals.reached(self.request.id):
                at, aimed = time.monotonic() + moment.at_s, False
            time.sleep(LOOK_S)

    def _hit(self, moment: Moment, runner: Runner) -> None:
        """Strike, and bring back what is not the runner."""
        shared, strike = self.ground.shared, moment.strike
        if strike is Strike.FREEZE_RUNNER:
            self._freeze(runner, moment.lasts_s)
        if strike in {Strike.KILL_DATABASE, Strike.BOTH}:
            shared.kill()
        elif strike is Strike.STOP_DATABASE:
            shared.stop_at_once()
        elif strike in {Strike.FREEZE_DATABASE, Strike.BOTH_FROZEN}:
            shared.freeze()
        if strike in RUNNER_DIES:
            runner.send(signal.SIGKILL)
            runner.process.wait(10)
        if strike not in AWAY:
            return
        time.sleep(moment.lasts_s)
        if strike in {Strike.FREEZE_DATABASE, Strike.BOTH_FROZEN}:
            shared.thaw()
        else:
            shared.again()

    def _freeze(self, runner: Runner, beyond_s: float) -> None:
        """It sleeps through the end of its lease; when it wakes, another one is at work or done."""
        runner.send(signal.SIGSTOP)
        until = time.monotonic() + self.ground.ttl_s + beyond_s
        self._sleeping.append(runner)
        self._runner = self.ground.runner(self.request.id)
        if self._runner.goes(until - time.monotonic()):
            self.record.takeovers += 1
        time.sleep(max(0.0, until - time.monotonic()))
        runner.send(signal.SIGCONT)

    def _finish(self) -> list[str]:
        """Runners, and people where they are waited for, until it is over; what went wrong on the way."""
        until, troubles = time.monotonic() + OVER_S, list[str]()
        while not self._state().over and time.monotonic() < until:
            runner = self._current()
            report = runner.report(VISIT_S)
            self.took_s = float(report["seconds"]) if report else 0.0
            if runner.alive:
                troubles.append(f"A runner of {self.request.id} did not end within {VISIT_S:.0f} s.")
                runner.send(signal.SIGKILL)
            if report is None or report.get("code"):
                self.say(f"  {self.request.id}: a visit came to {report and report['text']}")
            self._people()
        return troubles

    def _people(self) -> None:
        state = self._state()
        if state.over:
            return
        if state is State.HELD:
            self.record.held += 1
        if state is State.PENDING_APPROVAL:
            self.record.voided += 1
            because = self._asked(lambda: self._read().plan(self.request.id)).because
            self.say(f"  {self.request.id}: the approvals are void because {because}; they are given again")
            self._asked(self.ground.world.observe)
            self._asked(lambda: people.agree(self.ground.world, "olga", self.request.id))
        for line in self._asked(lambda: people.decide(self.ground.world, self.request.id)):
            self.say(f"  {line}")

    def _end_runners(self, patience_s: float) -> None:
        for runner in [*self._sleeping, *([self._runner] if self._runner else [])]:
            runner.send(signal.SIGCONT)
            report = runner.report(patience_s)
            if runner in self._sleeping:
                self.say(f"  {self.request.id}: the one that slept {_words(report)}")
            if runner.alive:
                runner.end(1)

    def _judge(self, old: str, new: str, before: int, troubles: list[str]) -> list[str]:
        place, record = self.ground.place, self.record
        streams = self.ground.wait_whole()
        found, run = looking.primaries(place), self._asked(lambda: self._read().run(self.request.id))
        state, effects = self._state(), judge.effects_of(self.request.id, self.journals.lines())
        acknowledged = self.ground.client.acknowledged()
        lost = looking.missing(place, found[0], acknowledged) if found else set()
        outcome = judge.outcome_of(run)
        record.states[f"{state.value} {outcome}".strip()] += 1
        record.acknowledged += len(acknowledged)
        record.lost += len(lost)
        for counts in effects.values():
            record.effects.update(counts)
        with self.ground.world.engine("bc_ui").connect() as connection:
            alive = int(connection.exec_driver_sql(LEASES).scalar_one())
        return judge.wrongs(
            judge.Seen(
                request=self.request.id,
                state=state.value,
                outcome=outcome,
                old=old,
                new=new,
                timelines=(before, looking.timeline(place, found[0]) if found else 0),
                effects=effects,
                primaries=found,
                lost=len(lost),
                alive=alive,
                streams=streams,
                wrong=troubles,
            )
        )

    def _read(self) -> RunReader:
        return self.ground.world.gate.store.read

    def _state(self) -> State:
        return self._asked(lambda: self._read().get(self.request.id)).state

    def _asked(self, question: Callable[[], T]) -> T:
        """Our own questions wait for the database that we have just killed. Raises Broken."""
        until = time.monotonic() + BEGIN_S
        while True:
            try:
                return question()
            except SQLAlchemyError as trouble:
                if time.monotonic() > until:
                    raise Broken(f"The shared database does not come back ({type(trouble).__name__}).") from trouble
                time.sleep(0.2)


def _words(report: dict[str, Any] | None) -> str:
    if report is None:
        return "ended without a word."
    return f"says: {report['code']} {report['text']}"
