"""The rules over what the connector sees of a real primary and standby (FR-010, FR-012, F16, TC-020)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bc_lib.domain.assessment import Answer, Status
from bc_lib.testing.bad_targets import free_port
from tests.fixtures.pgcluster import Cluster, cluster
from tests.fixtures.watching import Watch, names


@pytest.fixture
def pair() -> Iterator[Cluster]:
    with cluster(ams={}) as made:
        yield made


def test_healthy_pair_then_paused_then_resumed(pair: Cluster) -> None:
    watch = Watch(pair)
    found = watch.until(lambda seen: seen.status is Status.GREEN)
    assert (found.active_site, found.could_switch_over.answer, found.could_fail_over.answer) == (
        "fra",
        Answer.YES,
        Answer.YES,
    )
    assert found.heartbeat_statement is not None
    pair.sql("ams", "SELECT pg_wal_replay_pause()")
    found = watch.until(lambda seen: "REPLAY_PAUSED" in names(seen))
    assert found.could_switch_over.answer is Answer.NO
    time.sleep(2)
    found = watch.look()
    assert found.lag.replayed_s >= 2
    assert found.lag.received_s < 1
    pair.sql("ams", "SELECT pg_wal_replay_resume()")
    watch.until(lambda seen: seen.status is Status.GREEN)


@pytest.mark.parametrize("how", ["immediate", "fast"])
def test_stopped_primary_is_down_and_its_last_position_bounds_the_loss(pair: Cluster, how: str) -> None:
    watch = Watch(pair)
    watch.until(lambda seen: seen.status is Status.GREEN)
    pair.servers["fra"].stop(how)
    watch.beats = False
    found = watch.until(lambda seen: "PRIMARY_DOWN" in names(seen), 6)
    assert found.status is Status.RED
    assert found.could_fail_over.answer is Answer.WITH_LOSS
    (said,) = [reason for reason in found.could_fail_over.reasons if reason.code == "POSSIBLE_LOSS"]
    assert "it was first seen refusing connections at" in said.text
    assert found.loss is not None
    assert found.loss.ended is not None
    assert 0 <= (found.loss.window_s or 0) < 3, said.text
    assert found.fence is None, "its host refused, so nobody else can write there"
    time.sleep(2)
    later = watch.look()
    assert later.loss is not None
    assert (later.loss.ended, later.loss.window_s) == (found.loss.ended, found.loss.window_s), "waiting is no loss"
    pair.servers["fra"].start()
    watch.beats = True
    assert "UNREQUESTED_MOVE" not in names(watch.until(lambda seen: seen.status is Status.GREEN, 30))


def test_stopped_standby_is_down(pair: Cluster) -> None:
    watch = Watch(pair)
    watch.until(lambda seen: seen.status is Status.GREEN)
    pair.servers["ams"].stop("fast")
    found = watch.until(lambda seen: "DR_DOWN" in names(seen), 6)
    assert found.could_fail_over.answer is Answer.NO
    pair.servers["ams"].start()
    watch.until(lambda seen: seen.status is Status.GREEN, 30)


def test_heartbeat_that_stops_on_an_idle_pair(pair: Cluster) -> None:
    """TC-023, and the idle primary: nothing is written, and nothing but the heartbeat is said to be wrong."""
    watch = Watch(pair)
    watch.until(lambda seen: seen.status is Status.GREEN)
    watch.beats = False
    found = watch.until(lambda seen: "HEARTBEAT_STOPPED" in names(seen), 10)
    assert (found.status, names(found), found.lag.replayed_s) == (Status.YELLOW, {"HEARTBEAT_STOPPED"}, 0.0)


def test_promotion_behind_our_back_makes_two_primaries(pair: Cluster) -> None:
    """F15, decision 19."""
    watch = Watch(pair)
    watch.until(lambda seen: seen.status is Status.GREEN)
    pair.sql("ams", "SELECT pg_promote(true)")
    found = watch.until(lambda seen: "TWO_PRIMARIES" in names(seen))
    assert {"UNREQUESTED_MOVE"} <= names(found)
    assert {found.could_switch_over.answer, found.could_fail_over.answer} == {Answer.NO}


@pytest.mark.parametrize(("lost", "code"), [("fra", "PRIMARY_BLIND"), ("ams", "DR_BLIND")])
def test_node_that_only_the_monitor_cannot_reach_is_blind(pair: Cluster, lost: str, code: str) -> None:
    """F16: the host even refuses our connection, and the partner's own evidence still speaks for the node."""
    watch = Watch(pair)
    watch.until(lambda seen: seen.status is Status.GREEN)
    nobody = free_port()
    watch.resource = replace(
        watch.resource,
        endpoints=tuple(
            replace(endpoint, port=nobody) if endpoint.node == lost else endpoint
            for endpoint in watch.resource.endpoints
        ),
    )
    for _ in range(3):
        found = watch.look()
        assert (found.status, names(found)) == (Status.BLIND, {code})
        assert {found.could_switch_over.answer, found.could_fail_over.answer} == {Answer.UNKNOWN}
