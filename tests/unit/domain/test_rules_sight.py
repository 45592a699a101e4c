"""What may be said about a node that cannot be reached (F16, F24, decisions 10, 11, 19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.inventory import Endpoint
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import Observation, Reach
from bc_lib.domain.rules import assess
from tests.unit.domain.rounds import (
    CUT,
    STEP,
    T0,
    codes,
    healthy,
    node,
    pair,
    primary,
    remembered,
    resource,
    sender,
    standby,
    streams,
)


def judge(observation, memory=None):
    return assess(resource(), observation, Memory() if memory is None else memory)[0]


def judge_on(observation, memory):
    return assess(resource(), observation, memory)


def test_healthy_pair_is_green_and_can_move() -> None:
    """US-001: nothing wrong, both verdicts yes, and still no promise that nothing could be lost."""
    found = judge(healthy(T0))
    assert (found.status, found.active_site, found.reasons) == (Status.GREEN, "fra", ())
    assert found.could_switch_over.answer is Answer.YES
    assert found.could_fail_over.answer is Answer.YES
    assert [reason.code for reason in found.could_fail_over.reasons] == ["ASYNC_WINDOW"]
    assert found.lag.replayed_s == 0
    assert found.heartbeat_statement is not None


@pytest.mark.parametrize("how", [Reach.UNREACHABLE, Reach.REFUSED])
def test_primary_down_needs_the_standby_to_agree(how: Reach) -> None:
    """F16: both vantage points agree."""
    memory, at = remembered()
    found = judge(pair(at, how, standby(at, 5001, upstream=CUT)), memory)
    assert found.reasons[0].code == "PRIMARY_DOWN"
    assert found.status is Status.RED
    assert found.could_switch_over.answer is Answer.NO
    assert found.could_fail_over.answer is Answer.WITH_LOSS
    said = {reason.code: reason.text for reason in found.could_fail_over.reasons}
    assert "what it acknowledged until 2026-11-23 05:00:15.000 UTC is there" in said["POSSIBLE_LOSS"]
    assert ("PRIMARY_MAY_WRITE" in said) is (how is Reach.UNREACHABLE)


def test_primary_down_with_bytes_known_to_be_missing() -> None:
    memory, at = remembered()
    _, memory = judge_on(pair(at, primary(at, 7001), standby(at, 5001)), memory)
    at += STEP
    found = judge(pair(at, None, standby(at, 5001, upstream=CUT)), memory)
    loss = next(reason for reason in found.could_fail_over.reasons if reason.code == "POSSIBLE_LOSS")
    assert loss.figures["lacking_bytes"] == 2000
    assert "2.0 kB" in loss.text


def test_primary_down_at_first_sight_has_unknown_loss() -> None:
    found = judge(pair(T0, None, standby(T0, upstream=CUT)))
    assert "PRIMARY_DOWN" in codes(found)
    assert found.could_fail_over.answer is Answer.UNKNOWN


@pytest.mark.parametrize("how", [Reach.UNREACHABLE, Reach.REFUSED])
def test_primary_unreachable_from_the_monitor_only_is_blind(how: Reach) -> None:
    """F16: one vantage point only is never down, and never green."""
    memory, at = remembered()
    found = judge(pair(at, how, standby(at)), memory)
    assert found.status is Status.BLIND
    assert found.reasons[0].code == "PRIMARY_BLIND"
    assert "still receives from it" in found.reasons[0].text
    assert {found.could_switch_over.answer, found.could_fail_over.answer} == {Answer.UNKNOWN}


def test_idle_primary_is_silent_for_up_to_30_s_without_being_down() -> None:
    """facts 1: an idle peer is asked for a sign of life after half of its time-out."""
    memory, at = remembered()
    quiet = streams(last_message_age_s=31)
    assert judge(pair(at, None, standby(at, upstream=quiet)), memory).reasons[0].code == "PRIMARY_BLIND"
    dead = streams(last_message_age_s=36)
    assert judge(pair(at, None, standby(at, upstream=dead)), memory).reasons[0].code == "PRIMARY_DOWN"


def test_a_link_that_was_cut_before_is_no_second_signal() -> None:
    """F16: the standby had lost the primary while we still saw the primary, so its silence proves nothing."""
    memory, at = remembered()
    _, memory = assess(resource(), pair(at, primary(at), standby(at, upstream=CUT)), memory)
    later = at + STEP
    found = judge(pair(later, None, standby(later, upstream=CUT)), memory)
    assert "PRIMARY_DOWN" not in codes(found)
    assert "PRIMARY_BLIND" in codes(found)


def test_unreadable_receiver_is_no_second_signal() -> None:
    memory, at = remembered()
    found = judge(pair(at, None, standby(at, upstream=None)), memory)
    assert "PRIMARY_DOWN" not in codes(found)
    assert "PRIMARY_BLIND" in codes(found)


@pytest.mark.parametrize("how", [Reach.UNREACHABLE, Reach.REFUSED])
def test_dr_down_needs_the_primary_to_agree(how: Reach) -> None:
    memory, at = remembered()
    found = judge(pair(at, primary(at, downstreams=()), how), memory)
    assert found.reasons[0].code == "DR_DOWN"
    assert (found.status, found.active_site) == (Status.RED, "fra")
    assert {found.could_switch_over.answer, found.could_fail_over.answer} == {Answer.NO}


def test_dr_that_the_primary_still_feeds_is_blind() -> None:
    memory, at = remembered()
    found = judge(pair(at, primary(at), None), memory)
    assert (found.status, found.reasons[0].code) == (Status.BLIND, "DR_BLIND")
    assert found.could_fail_over.answer is Answer.UNKNOWN


def test_dr_is_blind_where_the_list_of_standbys_may_not_be_read() -> None:
    memory, at = remembered()
    found = judge(pair(at, primary(at, downstreams=(), missing=("downstreams",)), None), memory)
    assert found.status is Status.BLIND


@pytest.mark.parametrize(
    ("how", "code", "status"),
    [
        (Reach.CREDENTIAL, "CREDENTIAL_UNAVAILABLE", Status.BLIND),
        (Reach.STARTING, "NODE_STARTING", Status.RED),
        (Reach.ERROR, "CHECK_FAILED", Status.BLIND),
    ],
)
@pytest.mark.parametrize("site", ["fra", "ams"])
def test_other_troubles_have_their_own_code(how: Reach, code: str, status: Status, site: str) -> None:
    """F24: a sealed secrets manager is "credential unavailable", not "down"."""
    memory, at = remembered()
    there = how if site == "fra" else primary(at), how if site == "ams" else standby(at)
    found = judge(pair(at, *there), memory)
    assert found.status is status
    assert found.reasons[0].code == code
    assert not {"PRIMARY_DOWN", "DR_DOWN"} & codes(found)
    assert found.could_fail_over.answer is Answer.UNKNOWN


def test_neither_site_visible_says_nothing_about_the_databases() -> None:
    memory, at = remembered()
    found = judge(pair(at, None, Reach.REFUSED), memory)
    assert (found.status, [r.code for r in found.reasons]) == (Status.BLIND, ["BOTH_BLIND"])


def test_a_node_that_was_not_looked_at_is_not_green() -> None:
    at = T0
    only = Observation(resource="orders-db", observed_at=at, nodes=(node("fra", at, primary(at)),))
    assert judge(only).status is Status.BLIND
    assert judge(Observation(resource="orders-db", observed_at=at, nodes=())).status is Status.BLIND


def test_a_site_without_endpoint_is_not_green() -> None:
    res = replace(resource(), endpoints=(Endpoint(site="fra", node="fra"),))
    only = Observation(resource="orders-db", observed_at=T0, nodes=(node("fra", T0, primary(T0)),))
    assert assess(res, only, Memory())[0].status is Status.BLIND


def test_one_of_two_standbys_out_of_sight_is_a_warning_only() -> None:
    """Several standbys (FR-010): the verdict speaks about the best one."""
    at = T0
    both = Observation(
        resource="orders-db",
        observed_at=at,
        nodes=(node("fra", at, primary(at)), node("ams", at, standby(at)), node("ams-2", at, None, Reach.UNREACHABLE)),
    )
    found = judge(both)
    assert (found.status, codes(found)) == (Status.YELLOW, {"STANDBY_UNSEEN"})
    assert found.could_fail_over.answer is Answer.YES


def test_best_of_two_standbys_decides_the_verdict_and_the_worst_the_status() -> None:
    at = T0
    two = Observation(
        resource="orders-db",
        observed_at=at,
        nodes=(
            node("fra", at, primary(at, downstreams=(sender(), sender("ams-2")))),
            node("ams", at, standby(at, replay_paused=True)),
            node("ams-2", at, standby(at, upstream=streams("ams-2"))),
        ),
    )
    found = judge(two)
    assert (found.status, found.could_switch_over.answer) == (Status.RED, Answer.YES)


def test_after_a_failover_the_lost_old_primary_is_not_called_down() -> None:
    """It never was the new primary's standby, so its absence there proves nothing: it may run and take writes."""
    memory, at = remembered()
    found = judge(pair(at, None, primary(at, timeline=2, downstreams=())), memory)
    assert {"DR_BLIND", "RECEIVER_NOT_STREAMING", "UNREQUESTED_MOVE"} <= codes(found)
    assert (found.status, found.active_site) == (Status.RED, "ams")
    assert found.could_switch_over.answer is Answer.NO


def test_a_demoted_node_beside_an_unreachable_one_proves_nothing() -> None:
    """F16: the visible node was the primary; that it receives nothing says nothing about the other one."""
    memory, at = remembered()
    found = judge(pair(at, standby(at, upstream=CUT), None), memory)
    assert {"PRIMARY_BLIND", "UNREQUESTED_MOVE"} <= codes(found)
    assert "PRIMARY_DOWN" not in codes(found)
    assert "ams, which may be one" in next(r.text for r in found.reasons if r.code == "PRIMARY_BLIND")


def test_silence_of_a_standby_is_measured_by_its_own_clock() -> None:
    """Decision 17: an hour between the clocks does not make a streaming standby silent."""
    memory, at = remembered()
    hour = timedelta(hours=1)
    found = judge(pair(at, primary(at), standby(at, node_time=at + hour)), memory)
    assert "RECEIVER_NOT_STREAMING" not in codes(found)
