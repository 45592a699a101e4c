"""Parts of the poller: phases, shards, the database's clock, the cold lane (decision 10, 17; F29)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bc_lib.domain.observation import NodeObservation, Observation, Reach
from bc_lib.services.collection.clock import DatabaseClock
from bc_lib.services.collection.lanes import Lanes
from bc_lib.services.collection.schedule import next_due, phase, shard_of

T0 = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def observation(cold: bool, reach: Reach = Reach.OK) -> Observation:
    node = NodeObservation(node="fra", site="fra", observed_at=T0, reach=reach)
    return Observation(resource="orders-db", observed_at=T0, nodes=(node,), cold=cold)


@given(st.text(min_size=1), st.floats(1, 3600), st.floats(0, 2e9))
def test_next_due_is_after_now_and_within_one_interval(name: str, interval: float, now: float) -> None:
    due = next_due(name, interval, now)
    assert now < due + 1e-3
    assert due - now <= interval * (1 + 1e-9) + 1e-3


def test_two_pollers_agree_on_the_moments_so_a_handover_leaves_no_gap() -> None:
    first = next_due("orders-db", 15, 1000.0)
    assert next_due("orders-db", 15, first - 0.001) == first
    assert abs(next_due("orders-db", 15, first) - first - 15) < 1e-6


def test_five_hundred_resources_are_spread_over_the_interval() -> None:
    """F29: no burst; at most 5 times the mean in any fiftieth of the interval."""
    slots = [0] * 50
    for number in range(500):
        slots[int(phase(f"resource-{number}") * 50)] += 1
    assert max(slots) <= 50 and min(slots) >= 1


@given(st.text(), st.integers(1, 50))
def test_every_resource_belongs_to_exactly_one_shard(name: str, shards: int) -> None:
    assert sum(shard_of(name, shards) == shard for shard in range(shards)) == 1


def test_observations_carry_the_databases_time_not_the_pollers() -> None:
    """A poller whose clock is an hour ahead must not make old data look young."""
    clock = DatabaseClock(lambda: T0, local_now=lambda: (T0 + timedelta(hours=1)).timestamp())
    clock.measure()
    ahead = replace(observation(False), observed_at=T0 + timedelta(hours=1))
    assert clock.shifted(ahead).observed_at == T0
    assert clock.now() == T0


def test_a_failed_cold_check_keeps_the_lane_cold_until_one_succeeds() -> None:
    lanes = Lanes(cold_every_s=300)
    assert not lanes.cold_next("orders-db", 0)
    assert lanes.cold_next("orders-db", 300)
    lanes.seen(observation(True, Reach.CREDENTIAL), 300)
    assert lanes.cold_next("orders-db", 315), "a warm check would turn it green although nobody new gets in"
    lanes.seen(observation(False), 316)
    assert lanes.cold_next("orders-db", 330), "a warm success proves nothing about new connections"
    lanes.seen(observation(True), 330)
    assert not lanes.cold_next("orders-db", 345)
