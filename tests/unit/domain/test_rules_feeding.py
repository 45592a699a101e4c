"""Who feeds a standby, and whether both have one history (decision 22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.inventory import Endpoint
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import Downstream, NodeFacts, NodeObservation, Observation
from bc_lib.domain.rules import assess
from tests.unit.domain.rounds import (
    CUT,
    STEP,
    T0,
    codes,
    lsn,
    node,
    pair,
    primary,
    remembered,
    resource,
    sender,
    standby,
    streams,
)

SOON = timedelta(seconds=0.01)


def answered(one: NodeObservation, began: timedelta) -> NodeObservation:
    """The same, begun and answered at known moments."""
    return replace(one, observed_at=one.observed_at + began, answered_at=one.observed_at + began + SOON)


def standby_first(at: datetime, fra: NodeFacts, ams: NodeFacts) -> Observation:
    """ams was read before anything of fra was: whatever it holds, fra had written."""
    found = pair(at, fra, ams)
    return replace(found, nodes=(answered(found.nodes[0], STEP / 10), answered(found.nodes[1], timedelta(0))))


def judge(observation: Observation, memory: Memory | None = None):
    return assess(resource(), observation, memory or Memory())


NOT_HIS = {
    "nobody is listed": (),
    "another slot": (sender(slot_name="slot_lon"),),
    "no slot": (sender(slot_name=None),),
    "another name": (sender(application_name="lon"),),
    "a backup": (sender(state="backup"),),
}


@pytest.mark.parametrize("listed", NOT_HIS)
def test_a_sender_that_does_not_fit_is_somebody_elses(listed: str) -> None:
    """Read after the standby said that it streams: red, neither verdict, no lag."""
    found, memory = judge(standby_first(T0, primary(T0, 9000, downstreams=NOT_HIS[listed]), standby(T0)))
    assert {"NOT_FED_BY_PRIMARY"} <= codes(found)
    assert (found.status, found.could_switch_over.answer, found.could_fail_over.answer) == (
        Status.RED,
        Answer.NO,
        Answer.NO,
    )
    assert found.lag.received_s is None
    lost = judge(pair(T0 + STEP, None, standby(T0 + STEP, upstream=CUT)), memory)[0]
    assert "NOT_FED_BY_PRIMARY" in codes(lost), "what was seen stands while nobody can be asked"
    assert lost.could_fail_over.answer is Answer.NO


def test_its_figures_must_fit_too() -> None:
    """Slot and name agree: the sender was told more than this standby holds, or has sent less."""
    later = pair(T0, primary(T0, 9000, downstreams=(sender(flushed_lsn=lsn(8000)),)), standby(T0, 7000))
    later = replace(later, nodes=(answered(later.nodes[0], timedelta(0)), answered(later.nodes[1], STEP / 10)))
    assert judge(later)[0].could_fail_over.answer is not Answer.YES
    told = standby(T0, 5000, upstream=streams(sender_end_lsn=lsn(9999)))
    assert "NOT_FED_BY_PRIMARY" in codes(judge(standby_first(T0, primary(T0), told))[0])


@pytest.mark.parametrize(
    ("fra", "ams"),
    [
        (primary(T0, downstreams=(), missing=("downstreams",)), standby(T0)),
        (primary(T0, downstreams=()), standby(T0, upstream=streams(began_at=T0 - timedelta(seconds=2)))),
        (primary(T0, downstreams=()), standby(T0, upstream=streams(began_at=None))),
    ],
    ids=["list hidden", "only just connected", "since when is not known"],
)
def test_what_cannot_be_told_is_not_known(fra: NodeFacts, ams: NodeFacts) -> None:
    found = judge(pair(T0, fra, ams))[0]
    assert "FEED_UNKNOWN" in codes(found)
    assert {found.could_switch_over.answer, found.could_fail_over.answer} == {Answer.UNKNOWN}
    assert found.status is not Status.GREEN


def test_a_connection_that_its_sender_has_just_ended_is_no_stranger() -> None:
    """The standby says that it streams over the very connection that was listed before."""
    memory, at = remembered()
    found, memory = judge(standby_first(at, primary(at, downstreams=()), standby(at)), memory)
    assert codes(found) >= {"FEED_UNKNOWN"}
    assert "NOT_FED_BY_PRIMARY" not in codes(found)
    at += STEP
    anew = standby(at, upstream=streams(began_at=at - timedelta(seconds=12)))
    found, _ = judge(standby_first(at, primary(at, downstreams=()), anew), memory)
    assert "NOT_FED_BY_PRIMARY" in codes(found), "another connection, and nobody lists it"


def three(at: datetime, fra: NodeFacts | None, ams: NodeFacts | None, lon: NodeFacts) -> Observation:
    found = (node("fra", at, fra), node("ams", at, ams), node("lon", at, lon))
    return Observation(resource="orders-db", observed_at=at, nodes=tuple(answered(one, timedelta(0)) for one in found))


CHAIN = resource(
    dr_site="lon",
    endpoints=tuple(
        Endpoint(site=name, node=name, host=f"{name}.example", port=5432) for name in ("fra", "ams", "lon")
    ),
)
BELOW = streams("lon", sender_host="ams.example", sender_port=5432)


def middle(**more) -> NodeFacts:
    """ams, fed by fra and feeding lon."""
    return standby(T0, **{"downstreams": (sender("lon"),), **more})


def test_a_chain_is_followed_to_the_primary() -> None:
    """Whole: well. A link of it missing: not known, cut, or somebody else's."""
    lon = standby(T0, upstream=BELOW)
    whole = assess(CHAIN, three(T0, primary(T0), middle(), lon), Memory())[0]
    assert (whole.status, whole.could_switch_over.answer) == (Status.GREEN, Answer.YES)
    hidden = assess(CHAIN, three(T0, primary(T0), None, lon), Memory())[0]
    assert hidden.could_switch_over.answer is Answer.UNKNOWN
    cut = assess(CHAIN, three(T0, primary(T0, downstreams=()), middle(upstream=CUT), lon), Memory())[0]
    assert [reason.node for reason in cut.reasons if reason.code == "RECEIVER_NOT_STREAMING"] == ["ams", "lon"]
    assert cut.could_switch_over.answer is Answer.NO


def test_standbys_that_feed_each_other_are_fed_by_nobody() -> None:
    lon = standby(T0, upstream=BELOW, downstreams=(sender("ams"),))
    found = assess(CHAIN, three(T0, primary(T0, downstreams=()), middle(), lon), Memory())[0]
    assert {reason.node for reason in found.reasons if reason.code == "NOT_FED_BY_PRIMARY"} == {"ams", "lon"}


def test_one_sender_speaks_for_one_standby() -> None:
    """Two receivers without slot and name, one sender: the one whose connection began with it has it."""
    bare: dict = {"slot_name": None, "application_name": None}
    listed = replace(sender(), application_name="walreceiver", slot_name=None, began_at=T0 - timedelta(seconds=61))
    old, mine = T0 - timedelta(hours=3), T0 - timedelta(seconds=62)
    ends = (Endpoint(site="fra", node="fra"), Endpoint(site="ams", node="ams"), Endpoint(site="ams", node="ams-2"))
    seen = Observation(
        resource="orders-db",
        observed_at=T0,
        nodes=(
            answered(node("fra", T0, primary(T0, downstreams=(listed,))), STEP / 10),
            answered(node("ams", T0, standby(T0, upstream=streams(**bare, began_at=old))), timedelta(0)),
            answered(node("ams-2", T0, standby(T0, upstream=streams(**bare, began_at=mine))), timedelta(0)),
        ),
    )
    found = assess(resource(endpoints=ends), seen, Memory())[0]
    assert [reason.node for reason in found.reasons if reason.code == "NOT_FED_BY_PRIMARY"] == ["ams"]


# One history


def test_beyond_the_primary_is_another_history_only_where_the_order_of_looks_shows_it() -> None:
    """Read before its primary, or seen there a round ago: proven. Read later: it may rightly be ahead."""
    fits: tuple[Downstream, ...] = (sender(),)
    later = pair(T0, primary(T0, 5000, downstreams=fits), standby(T0, 6000))
    later = replace(later, nodes=(answered(later.nodes[0], timedelta(0)), answered(later.nodes[1], STEP / 10)))
    found, memory = judge(later)
    assert (found.status, found.lag.received_bytes) == (Status.GREEN, 0)
    again, _ = judge(pair(T0 + STEP, primary(T0 + STEP, 5500), standby(T0 + STEP, 6000)), memory)
    assert "DIFFERENT_HISTORY" in codes(again)
    first, _ = judge(standby_first(T0, primary(T0, 5000), standby(T0, 6000, upstream=CUT)))
    assert "DIFFERENT_HISTORY" in codes(first)
    assert {first.could_switch_over.answer, first.could_fail_over.answer} == {Answer.NO}
    assert first.lag.received_bytes is None, "positions of two histories cannot be compared"


@pytest.mark.parametrize(
    ("fra", "ams"),
    [
        ({"timeline": 2}, {"timeline": 3}),
        ({"timeline": 2, "timeline_began_lsn": "0/1"}, {"timeline": 2, "timeline_began_lsn": "0/2"}),
    ],
    ids=["a later timeline", "one number, two forks"],
)
def test_a_history_is_more_than_a_timeline_number(fra: dict, ams: dict) -> None:
    found = judge(pair(T0, primary(T0, **fra), standby(T0, **ams)))[0]
    assert "DIFFERENT_HISTORY" in codes(found)
    assert (found.status, found.could_fail_over.answer) == (Status.RED, Answer.NO)


def test_a_proof_is_kept_until_the_standby_is_made_anew() -> None:
    """The primary writes past the position; the standby still has what that never wrote."""
    _, memory = judge(standby_first(T0, primary(T0, 5000), standby(T0, 6000, upstream=CUT)))
    at = T0 + STEP
    found, memory = judge(pair(at, primary(at, 9000), standby(at, 6000, upstream=CUT)), memory)
    assert "DIFFERENT_HISTORY" in codes(found)
    at += STEP
    found, memory = judge(pair(at, primary(at, 9000), standby(at, 6000)), memory)
    assert "DIFFERENT_HISTORY" in codes(found), "it streams, and has replayed nothing of it"
    at += STEP
    rebuilt, _ = judge(pair(at, primary(at, 9000), standby(at, 5500, started_at=at)), memory)
    assert "DIFFERENT_HISTORY" not in codes(rebuilt)
    replays, _ = judge(pair(at, primary(at, 9000), standby(at, 8000)), memory)
    assert "DIFFERENT_HISTORY" not in codes(replays)
