"""The bound of a loss against any history of commits, receipts and looks: never below the truth, never grown by waiting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bc_lib.domain.assessment import Assessment
from bc_lib.domain.loss import Certainty, EndKind, FenceKind, state
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import Reach
from bc_lib.domain.rules import assess
from tests.unit.domain.rounds import CUT, T0, lsn, pair, primary, resource, standby

WAITING = 12
RES = resource(heartbeat=None)


@dataclass(frozen=True)
class History:
    """Seconds after T0. A commit is acknowledged at once and arrives `delay` later, unless the link was cut by then.

    `ahead`: the primary's clock against ours.
    """

    commits: tuple[float, ...]
    delay: float
    cut: float
    death: float
    interval: float
    ahead: float
    reach: Reach

    def acknowledged(self, until: float) -> list[float]:
        return [at for at in self.commits if at <= min(until, self.death)]

    def arrived(self, until: float) -> list[float]:
        return [at for at in self.acknowledged(until) if at + self.delay <= min(until, self.cut, self.death)]

    @property
    def lost(self) -> list[float]:
        there = set(self.arrived(self.death))
        return [at for at in self.acknowledged(self.death) if at not in there]

    def looks(self) -> list[Assessment]:
        """What is said at each look after the death, approvals taking their time."""
        memory, found = Memory(), []
        last = int(self.death // self.interval) + WAITING
        for number in range(last):
            at = number * self.interval
            observation = self._seen(at)
            said, memory = assess(RES, observation, memory)
            if at > self.death:
                found.append(said)
        return found

    def _seen(self, at: float):  # type: ignore[no-untyped-def]
        now, theirs = T0 + timedelta(seconds=at), T0 + timedelta(seconds=at + self.ahead)
        have = self.arrived(at)
        received = 1000 + len(have)
        replayed = T0 + timedelta(seconds=have[-1] + self.ahead) if have else None
        alive = at <= self.death
        ams = standby(now, received, replayed_at=replayed, heartbeat=None)
        if at > min(self.cut, self.death):
            ams = replace(ams, upstream=CUT)
        fra = primary(now, 1000 + len(self.acknowledged(at)), node_time=theirs, heartbeat=None)
        return pair(now, fra if alive else self.reach, ams)


seconds = st.floats(0.001, 60, allow_nan=False).map(lambda value: round(value, 3))


@st.composite
def histories(draw: st.DrawFn, reach: Reach = Reach.REFUSED) -> History:
    death = draw(st.floats(5, 60).map(lambda value: round(value, 3)))
    return History(
        commits=tuple(sorted(draw(st.lists(seconds, max_size=30, unique=True)))),
        delay=draw(st.sampled_from([0.0, 0.05, 3.0])),
        cut=draw(st.one_of(st.just(death), seconds)),
        death=death,
        interval=draw(st.sampled_from([2.0, 5.0])),
        ahead=draw(st.sampled_from([-3.0, 0.0, 0.4, 7.0])),
        reach=reach,
    )


@settings(deadline=None, max_examples=40)
@given(histories())
def test_every_lost_commit_lies_in_the_window_and_waiting_never_widens_it(history: History) -> None:
    found = history.looks()
    assert len(found) >= WAITING - 2
    bounds = []
    for said in found:
        assert said.loss is not None
        stated = state(said.loss)
        assert stated.certainty is Certainty.BOUNDED, stated.sentence
        assert stated.after is not None
        assert stated.until is not None
        assert stated.seconds is not None
        for at in history.lost:
            assert stated.after <= T0 + timedelta(seconds=at) <= stated.until, stated.sentence
        assert said.fence is None
        bounds.append((stated.seconds, stated.sentence))
    assert len(set(bounds)) == 1, "nothing new arrives after the end, so nothing changes"


@settings(deadline=None, max_examples=40)
@given(histories())
def test_the_bound_is_close_where_the_primary_was_seen_to_die(history: History) -> None:
    """Against the moment from which on nothing arrived: two looks more at most."""
    connected = replace(history, cut=history.death)
    (bound, *_) = [each.loss.window_s for each in connected.looks() if each.loss is not None]
    truth = connected.death - min(connected.lost, default=connected.death)
    assert bound is not None
    assert truth <= bound <= truth + connected.delay + 2 * connected.interval + 1


@settings(deadline=None, max_examples=40)
@given(histories(Reach.UNREACHABLE))
def test_out_of_reach_is_bounded_until_then_and_two_writers_are_said_apart(history: History) -> None:
    found = history.looks()
    assert found
    for said in found:
        assert said.loss is not None
        assert said.loss.ended is not None
        assert said.loss.ended.kind is EndKind.OUT_OF_REACH
        assert "before it was out of reach" in state(said.loss).sentence
        assert said.fence is not None
        assert said.fence.kind is FenceKind.NOT_PROVABLE
        assert "PRIMARY_MAY_WRITE" in {reason.code for reason in said.could_fail_over.reasons}
    assert len({each.loss.window_s for each in found if each.loss}) == 1


def _round(at: float, fra: Reach | None, *, streams: bool = False):  # type: ignore[no-untyped-def]
    now = T0 + timedelta(seconds=at)
    ams = standby(now, 1000, replayed_at=T0, heartbeat=None)
    return pair(
        now, primary(now, 1000, heartbeat=None) if fra is None else fra, ams if streams else replace(ams, upstream=CUT)
    )


def _after(*rounds) -> Assessment:  # type: ignore[no-untyped-def]
    memory = Memory()
    for observation in rounds:
        said, memory = assess(RES, observation, memory)
    return said


def test_refused_on_a_wrong_way_ends_nothing_while_the_standby_still_receives() -> None:
    said = _after(_round(0, None, streams=True), *(_round(5 * n, Reach.REFUSED, streams=True) for n in range(1, 9)))
    assert said.loss is not None
    assert said.loss.ended is None


def test_a_sign_of_life_begins_the_end_anew() -> None:
    died = [_round(0, None, streams=True), _round(5, Reach.REFUSED)]
    end = _after(*died).loss
    assert end is not None
    assert end.ended is not None
    for life in (_round(10, None, streams=True), _round(10, Reach.STARTING), _round(10, Reach.REFUSED, streams=True)):
        later = _after(*died, life, _round(15, Reach.REFUSED), _round(20, Reach.REFUSED)).loss
        assert later is not None
        assert later.ended is not None
        assert later.ended.at == T0 + timedelta(seconds=15), "between the two it may have acknowledged"
    unseen = _after(*died, _round(10, Reach.UNREACHABLE))
    assert unseen.loss is not None
    assert unseen.loss.ended == end.ended
    assert unseen.fence is not None, "it refused, and since then nobody knows"


def test_the_outage_begins_with_the_last_moment_at_which_clients_could_write() -> None:
    said = _after(_round(0, None, streams=True), _round(5, None, streams=True), _round(10, Reach.REFUSED)).loss
    assert said is not None
    assert said.outage_began_at == T0 + timedelta(seconds=5)
    assert said.at_target is not None
    assert said.at_target.value == lsn(1000)
