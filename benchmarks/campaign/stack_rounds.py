"""A round of the whole stack: a switchover that Airflow's DAG drives while parts of Airflow are killed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import Request
from bc_lib.services.requests.withdraw import withdraw
from benchmarks.campaign import judge, looking, people
from benchmarks.campaign.place import NAME, NODES
from benchmarks.campaign.processes import Broken
from benchmarks.campaign.record import Record
from benchmarks.campaign.rounds import LEASES
from benchmarks.campaign.stack import Kill, Part, Stack

ASK_S, OVER_S, WHOLE_S, PEOPLE_S, LOOK_S, ACTING_S = 300.0, 600.0, 120.0, 5.0, 0.05, 3.0


class Watch:
    """The pair before a switchover, and what is wrong with it afterwards. Raises Broken."""

    def __init__(self, stack: Stack) -> None:
        self._stack, place = stack, stack.place
        looking.wait_until("the pair's way to being whole", lambda: looking.whole(place), WHOLE_S)
        (self.old,) = looking.primaries(place)
        self.new = next(node for node in NODES if node != self.old)
        self._before, self.journals = looking.timeline(place, self.old), looking.Journals(place)

    def judge(self, request: str, record: Record) -> list[str]:
        """Sentences; none where all is well. Counts what it sees in `record`."""
        stack, place = self._stack, self._stack.place
        streams = _becomes_whole(stack)
        found, state = looking.primaries(place), stack.gate.store.read.get(request).state
        run = stack.gate.store.read.run(request)
        outcome = judge.outcome_of(run)
        effects = judge.effects_of(request, self.journals.lines())
        acknowledged = stack.acknowledged()
        lost = looking.missing(place, found[0], acknowledged) if found else set()
        record.states[f"{state.value} {outcome}".strip()] += 1
        record.acknowledged += len(acknowledged)
        record.lost += len(lost)
        for counts in effects.values():
            record.effects.update(counts)
        return judge.wrongs(
            judge.Seen(
                request=request,
                state=state.value,
                outcome=outcome,
                old=self.old,
                new=self.new,
                timelines=(self._before, looking.timeline(place, found[0]) if found else 0),
                effects=effects,
                primaries=found,
                lost=len(lost),
                alive=stack.leases(LEASES),
                streams=streams,
            )
        )


@dataclass
class StackRound:
    """As Round; nobody here starts a runner: the dispatcher and the DAG do."""

    stack: Stack
    record: Record
    number: int
    whole_s: float
    say: Callable[[str], None]
    request: Request = field(init=False)
    journals: looking.Journals = field(init=False)
    took_s: float = 0.0
    last: tuple[str, float] | None = None

    def play(self, kills: tuple[Kill, ...]) -> list[str]:
        """What is wrong afterwards. Raises Broken."""
        watch = Watch(self.stack)
        self.journals, self.request = watch.journals, self._ask(watch.new)
        began = time.monotonic()
        for kill in kills:
            self._kill(kill, began)
        self._wait_over()
        self.took_s = time.monotonic() - began
        if self.last is not None:
            part, killed = self.last
            self.record.recoveries_s.setdefault(part, []).append(round(time.monotonic() - killed, 1))
        return watch.judge(self.request.id, self.record)

    def _ask(self, new: str) -> Request:
        """Until the stack has seen the pair well enough to plan, as a person would try again."""
        until = time.monotonic() + ASK_S
        while True:
            try:
                return people.ask(self.stack, "olga", RequestType.SWITCHOVER, new, f"stack {self.number}")
            except Denial as denial:
                if time.monotonic() > until:
                    raise Broken(f"A request cannot be made: {denial.sentence}") from denial
                self.say(f"  asked again: {denial.sentence}")
                finish_earlier(self.stack, self.say)
                time.sleep(3.0)

    def _kill(self, kill: Kill, began: float) -> None:
        at = began + kill.share * self.whole_s
        if kill.part is Part.TASK:  # it acts only for a moment of a round
            at = self._acts_since() + kill.share * ACTING_S
        aimed = kill.aimed and "before" in self.journals.reached(self.request.id)
        at = began + 1.1 * self.whole_s if aimed else at
        while time.monotonic() < at and not self._state().over:
            if aimed and "before" not in self.journals.reached(self.request.id):
                at, aimed = time.monotonic() + kill.at_s, False
            time.sleep(LOOK_S)
        if self._state().over or not self.stack.kill(kill.part, self.request.id):
            self.record.misses[kill.part] += 1
            return
        self.record.hits[kill.part] += 1
        self.last = (kill.part.value, time.monotonic())
        self.record.where[self.journals.reached(self.request.id)] += 1
        self.say(f"  {self.request.id}: killed {kill.part}, {self.journals.reached(self.request.id)}")

    def _acts_since(self) -> float:
        while self._state() is not State.RUNNING and not self._state().over:
            time.sleep(LOOK_S)
        return time.monotonic()

    def _wait_over(self) -> None:
        until, seen = time.monotonic() + OVER_S, State.READY_TO_START
        while not (state := self._state()).over and time.monotonic() < until:
            if state is State.HELD and seen is not State.HELD:
                self.record.held += 1
            if state in {State.HELD, State.SERVICE_RESTORED}:
                for line in people.decide(self.stack, self.request.id):
                    self.say(f"  {line}")
            elif state is State.PENDING_APPROVAL:
                self.say(f"  {self.request.id}: the approvals are void, given again")
                people.agree(self.stack, "olga", self.request.id)
            seen = state
            time.sleep(PEOPLE_S if state is State.HELD else 0.2)

    def _state(self) -> State:
        return self.stack.gate.store.read.get(self.request.id).state


def finish_earlier(stack: Stack, say: Callable[[str], None]) -> None:
    """What was only asked for is withdrawn, what was confirmed is waited for. Raises Broken."""
    read, until = stack.gate.store.read, time.monotonic() + OVER_S
    while found := read.list(states=tuple(state for state in State if not state.over), scope=NAME).requests:
        if time.monotonic() > until:
            raise Broken(f"{found[0].id} is {found[0].state.value} and does not come to an end.")
        for request in found:
            if request.state in {State.PENDING_APPROVAL, State.APPROVED}:
                withdraw(stack.gate, stack.actor("olga"), request.id)
            elif request.state in {State.HELD, State.SERVICE_RESTORED}:
                for line in people.decide(stack, request.id):
                    say(f"  {line}")
        time.sleep(1.0)


def _becomes_whole(stack: Stack) -> bool:
    try:
        looking.wait_until("", lambda: looking.whole(stack.place), WHOLE_S)
    except Broken:
        return False
    return True
