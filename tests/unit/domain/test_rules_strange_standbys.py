"""Two names for one server, a standby that is closed for queries, one that is fed from the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import Archive, Reach, Upstream
from bc_lib.domain.one_server import same_server
from bc_lib.domain.rules import assess
from bc_lib.domain.rules.reach import CLOSED_S
from tests.unit.domain.rounds import T0, codes, pair, primary, resource, standby

STARTED = T0 - timedelta(days=3)
START = st.none() | st.sampled_from([STARTED, STARTED + timedelta(microseconds=1)])
SYSTEM = st.none() | st.sampled_from(["7", "8"])


@given(START, START, SYSTEM, SYSTEM)
def test_one_server_needs_one_start_and_no_other_identifier(a: Any, b: Any, mine: Any, theirs: Any) -> None:
    one, other = primary(T0, started_at=a, system_identifier=mine), primary(T0, started_at=b, system_identifier=theirs)
    different = mine is not None and theirs is not None and mine != theirs
    assert same_server(one, other) is (a is not None and a == b and not different)
    assert same_server(one, other) is same_server(other, one)


def judged(fra: Any, ams: Any, memory: Memory | None = None) -> Any:
    return assess(resource(), pair(T0, fra, ams), memory or Memory())


def test_one_server_is_not_two_primaries_and_leaves_no_memory() -> None:
    one = primary(T0, started_at=STARTED)
    before = judged(primary(T0, started_at=STARTED), standby(T0, started_at=STARTED - timedelta(days=1)))[1]
    found, after = judged(one, one, before)
    assert codes(found) >= {"ONE_SERVER"}
    assert not codes(found) & {"TWO_PRIMARIES", "UNREQUESTED_MOVE"}
    assert (found.could_switch_over.answer, found.could_fail_over.answer) == (Answer.NO, Answer.NO)
    assert after.nodes == before.nodes
    two, _ = judged(one, primary(T0, started_at=STARTED + timedelta(seconds=1)))
    assert "TWO_PRIMARIES" in codes(two)


@pytest.mark.parametrize(("held_s", "code"), [(CLOSED_S + 1, "HOT_STANDBY_OFF"), (CLOSED_S / 2, "NODE_STARTING")])
def test_closed_for_queries_once_it_has_received_for_a_while(held_s: float, code: str) -> None:
    sender = replace(primary(T0).downstreams[0], application_name="ams", began_at=T0 - timedelta(seconds=held_s))
    found, _ = judged(primary(T0, downstreams=(sender,)), Reach.STARTING)
    assert codes(found) & {"HOT_STANDBY_OFF", "NODE_STARTING"} == {code}
    assert found.status is Status.RED
    seen = judged(primary(T0, downstreams=(sender,)), standby(T0))[1]
    again, _ = judged(primary(T0, downstreams=(sender,)), Reach.STARTING, seen)
    assert "NODE_STARTING" in codes(again), "it took queries a moment ago"
    gone, _ = judged(primary(T0, downstreams=()), Reach.STARTING)
    assert "NODE_STARTING" in codes(gone)


def test_fed_from_the_archive_is_said_as_that() -> None:
    shipped = Upstream(status=None, from_archive=True)
    archive = Archive(mode="on", last_wal="000000010000000000000001", last_at=T0 - timedelta(seconds=40))
    found, _ = judged(primary(T0, downstreams=(), archive=archive), standby(T0, upstream=shipped))
    assert "ARCHIVE_FED" in codes(found)
    assert "RECEIVER_NOT_STREAMING" not in codes(found)
    assert found.could_switch_over.answer is Answer.NO
    assert any("the last segment was archived 40 s ago" in reason.text for reason in found.reasons)
    cut, _ = judged(primary(T0, downstreams=()), standby(T0, upstream=replace(shipped, from_archive=None)))
    assert "RECEIVER_NOT_STREAMING" in codes(cut)
