"""A bound counts from where its figure begins, and never shrinks unless something newer arrived (decision 22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bc_lib.domain.assessment import Answer
from bc_lib.domain.memory import Memory, Point, Trail
from bc_lib.domain.observation import HeartbeatSeen, LagSource
from bc_lib.domain.rules import assess
from bc_lib.domain.rules.scene import Seen
from bc_lib.domain.rules.trail import LONGEST, extended, held_until
from tests.unit.domain.rounds import CUT, STEP, T0, codes, lsn, pair, primary, remembered, resource, sender, standby

LOOK = st.fixed_dictionaries(
    {
        "after": st.floats(0.5, 60),
        "written": st.integers(0, 3000),
        "arrived": st.integers(0, 3),
        "state": st.sampled_from(["streaming", "catchup"]),
        "listed": st.booleans(),
        "cut": st.booleans(),
        "flush": st.none() | st.floats(0, 100),
        "replay": st.none() | st.floats(0, 100),
        "reply": st.none() | st.floats(0, 20),
        "young": st.booleans(),
        "beat": st.none() | st.floats(0, 100),
        "committed": st.none() | st.floats(0, 1000),
        "seen": st.sampled_from(["both", "both", "both", "no position", "no timeline", "standby only"]),
    }
)


@given(st.lists(LOOK, min_size=2, max_size=8), st.sampled_from([resource(), resource(heartbeat=None)]))
def test_no_sequence_of_looks_makes_the_bound_smaller_unless_something_arrived(looks, res) -> None:
    """Whatever senders, beats and commits tell in between: the bound grows as time does."""
    memory, at, end, has = Memory(), T0, 9000, 5000
    last: tuple[datetime, float, int] | None = None
    compared, smaller = 0, []
    for look in looks:
        at += timedelta(seconds=look["after"])
        end += look["written"]
        has = min(end, has + look["arrived"] // 3 * 700)
        found, memory = assess(res, _round(at, end, has, look), memory)
        bound, until = found.lag.received_s, at
        lost = found.loss if found.loss is not None and found.lag.received_s is None else None
        if lost is not None and lost.least_bytes and lost.window_s is not None:
            bound, until = lost.window_s + 0.1, lost.ended.at if lost.ended else at  # its end stops the bound, no more
        if bound is None:
            continue  # not known now; what a primary out of sight may have written is no figure of this kind
        if last is not None and has == last[2] and last[1] > 0:
            compared += 1
            if bound < last[1] + max(0.0, (until - last[0]).total_seconds()) - 0.2:
                smaller.append((last, at, found))
        if lost is None:
            last = at, bound, has
    assume(compared)
    assert smaller == []


def _round(at: datetime, end: int, has: int, look):
    line = sender(
        state=look["state"],
        flush_lag_s=look["flush"],
        replay_lag_s=look["replay"],
        reply_age_s=look["reply"],
        began_at=at - timedelta(seconds=2 if look["young"] else 5000),
    )
    fra = primary(at, end, downstreams=(line,) if look["listed"] else ())
    if look["seen"] == "no position":
        fra = replace(fra, current_lsn=None)
    if look["seen"] == "no timeline":
        fra = replace(fra, timeline=None)
    beat = None if look["beat"] is None else HeartbeatSeen(beat_at=at - timedelta(seconds=look["beat"]), timeline=1)
    committed = None if look["committed"] is None else at - timedelta(seconds=look["committed"])
    more = {"upstream": CUT} if look["cut"] else {}
    ams = standby(at, has, heartbeat=beat, replayed_at=committed, **more)
    return pair(at, None if look["seen"] == "standby only" else fra, ams)


@pytest.mark.parametrize(
    ("state", "connected_s", "flush_s", "counts"),
    [
        ("streaming", 3600, 0.2, True),
        ("streaming", 3600, 42.0, True),
        ("streaming", 10, 9.5, False),
        ("streaming", 3, 0.2, False),
        ("catchup", 3600, 0.2, False),
    ],
)
def test_a_lag_counts_only_for_what_was_written_since_the_sender_began(
    state: str, connected_s: float, flush_s: float, counts: bool
) -> None:
    """Until the standby is past where the primary stood then, it is the age of the connection."""
    began = T0 - timedelta(seconds=connected_s)
    line = sender(state=state, flush_lag_s=flush_s, replay_lag_s=flush_s, reply_age_s=0.0, began_at=began)
    ams = standby(T0, 5000, replayed_at=T0 - timedelta(seconds=60))
    found = assess(resource(heartbeat=None), pair(T0, primary(T0, 9000, downstreams=(line,)), ams), Memory())[0]
    assert found.lag.received_s == (flush_s if counts else 60.0)
    assert found.lag.source is (LagSource.REPLAY_LAG if counts else LagSource.REPLAY_TIMESTAMP)
    assert ("RPO_BREACH" in codes(found)) is (found.lag.received_s > 30)


def test_a_middle_servers_figures_are_not_the_primarys() -> None:
    """What ams says of lon measures against ams."""
    at = T0
    memory, _ = remembered()
    assert memory.trail is not None
    assert memory.trail.node == "fra"
    assert held_until(memory.trail, "ams", lsn(9000)) is None
    assert held_until(memory.trail, "fra", lsn(4999)) is None
    assert held_until(memory.trail, "fra", lsn(5000)) == at


def test_what_was_missing_before_the_primary_was_lost_is_added() -> None:
    """Behind by 40 s when the primary was last seen: the loss is bounded from there, not from that look."""
    memory, at = remembered()
    last_held = at - STEP
    for number in range(3):
        moment = at + STEP * number
        line = sender(state="catchup", flush_lag_s=0.1)
        fra = primary(moment, 90000 + number, downstreams=(line,))
        _, memory = assess(resource(heartbeat=None), pair(moment, fra, standby(moment, 5001)), memory)
    gone = at + STEP * 3
    found = assess(resource(heartbeat=None), pair(gone, None, standby(gone, 5001, upstream=CUT)), memory)[0]
    loss = next(reason for reason in found.could_fail_over.reasons if reason.code == "POSSIBLE_LOSS")
    assert loss.figures["window_s"] == (gone - last_held).total_seconds()
    assert "1 min" in loss.text
    newer = assess(resource(heartbeat=None), pair(gone, None, standby(gone, 90001, upstream=CUT)), memory)[0]
    loss = next(reason for reason in newer.could_fail_over.reasons if reason.code == "POSSIBLE_LOSS")
    assert loss.figures["window_s"] == 30.0, "more has arrived since: up to the second of the three looks"


def test_a_loss_older_than_all_that_is_known_has_no_bound() -> None:
    memory, at = remembered()
    bare = standby(at, 100, upstream=CUT, heartbeat=None)
    found = assess(resource(), pair(at, None, bare), memory)[0]
    assert found.could_fail_over.answer is Answer.UNKNOWN
    assert any("At least 4.8 kB of its log is missing" in reason.text for reason in found.could_fail_over.reasons)
    old = replace(bare, replayed_at=at - timedelta(hours=2))
    found = assess(resource(), pair(at, None, old), memory)[0]
    assert found.could_fail_over.answer is Answer.WITH_LOSS
    assert any("At most 2 h of what fra acknowledged" in reason.text for reason in found.could_fail_over.reasons)


@given(st.lists(st.tuples(st.floats(1, 600), st.integers(0, 5)), min_size=1, max_size=200))
def test_the_trail_stays_short_and_never_flatters(steps) -> None:
    """Bounded in length; what it says is held until a moment was written by then; the newest is always known."""
    trail, at, end, truth = None, T0, 1000, []
    for seconds, more in steps:
        at, end = at + timedelta(seconds=seconds), end + more
        truth.append((at, end))
        trail = extended(trail, Seen("fra", "fra", at, None, primary(at, end)))
    assert trail is not None
    assert len(trail.points) <= LONGEST
    assert held_until(trail, "fra", lsn(end)) == at
    for has in range(999, end + 1, max(1, end // 50)):
        told = held_until(trail, "fra", lsn(has))
        exact = max((moment for moment, reached in truth if reached <= has), default=None)
        assert told is None or (exact is not None and told <= exact)


def test_the_trail_begins_anew_with_another_history() -> None:
    trail = Trail(node="fra", timeline=1, points=(Point(at=T0, lsn=lsn(5000)),))
    later = T0 + STEP

    def anew(name: str, position: int, **more) -> bool:
        found = extended(trail, Seen(name, name, later, None, primary(later, position, **more)))
        assert found is not None
        return len(found.points) == 1

    assert not anew("fra", 6000)
    assert not anew("fra", 6000, timeline=None)
    assert anew("ams", 6000)
    assert anew("fra", 6000, timeline=2)
    assert anew("fra", 4000)
    assert extended(trail, None) is trail
