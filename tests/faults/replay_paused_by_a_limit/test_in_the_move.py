"""Replay that the server itself paused because a limit is too low is never resumed: that would end the standby."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Finding, Severity, blocking
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.mechanism import StepFailed
from tests.fixtures.execpair import Driver, Pair, pair
from tests.fixtures.pgcluster import wait_for

PAUSED = "SELECT pg_get_wal_replay_pause_state()"


def raised(made: Pair, name: str, value: int) -> None:
    """Higher at the primary only; the standby pauses when it replays that."""
    fra = made.cluster.servers["fra"]
    fra.settings = {**fra.settings, name: str(value)}
    fra.stop()
    fra.start()
    wait_for(lambda: made.sql("ams", PAUSED) == [("paused",)])


def checked(driver: Driver) -> dict[str, Finding]:
    return {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}


@pytest.fixture(params=[("max_worker_processes", 16), ("max_locks_per_transaction", 200)], ids=lambda each: each[0])
def short(request: pytest.FixtureRequest) -> Iterator[tuple[Pair, str, int]]:
    """ams pauses for want of the limit."""
    name, value = request.param
    with pair() as made:
        raised(made, name, value)
        yield made, name, value


def test_it_is_blocked_by_name_and_the_standby_lives_on(short: tuple[Pair, str, int]) -> None:
    made, name, value = short
    wanted = f"ams cannot be promoted: raise {name} to {value} at ams and restart it."
    assert checked(Driver(made))["replay-limits"].sentence == wanted
    made.kill("fra")
    driver = Driver(made, kind=RequestType.FAILOVER)
    found = checked(driver)
    assert (found["replay-limits"].severity, found["replay-limits"].sentence) == (Severity.BLOCK, wanted)
    assert blocking(tuple(found.values()), {"orders-db/replay-limits"})  # nobody may override it
    assert "resume" not in str(found.values())
    driver.earlier["orders-db/check"] = {}
    with pytest.raises(StepFailed, match="Nothing was begun: ams cannot be promoted"):
        driver.do(Action.MOVE)
    assert made.hosts.effects == []
    assert made.sql("ams", PAUSED) == [("paused",)]
    # Without the hosts' word nobody knows what the lost primary had: not known, and not resumed either.
    made.hosts.away |= {"fra", "ams"}
    unsure = checked(Driver(made, kind=RequestType.FAILOVER))["replay-limits"]
    assert (unsure.severity, "is not known" in unsure.sentence) == (Severity.UNKNOWN, True), unsure
    with pytest.raises(StepFailed, match="is not known"):
        Driver(made, request="r-2", kind=RequestType.FAILOVER, waived=True).do(Action.MOVE)
    assert made.sql("ams", PAUSED) == [("paused",)]
    made.hosts.away.clear()
    # What the sentence says helps: the same failover goes through.
    ams = made.cluster.servers["ams"]
    ams.settings = {**ams.settings, name: str(value)}
    ams.stop()
    ams.start()
    again = Driver(made, request="r-3", kind=RequestType.FAILOVER)
    again.do(Action.CHECK)
    again.do(Action.MOVE)
    assert made.sql("ams", "SELECT pg_is_in_recovery()") == [(False,)]


def test_a_failed_fence_leaves_a_paused_and_delayed_standby_as_it_was() -> None:
    """Nothing was begun means it: pause, delay and synchronous names stay."""
    with pair() as made:
        for name, value in (("recovery_min_apply_delay", "1h"), ("synchronous_standby_names", "fra")):
            made.sql("ams", f"ALTER SYSTEM SET {name} = '{value}'")
        made.sql("ams", "SELECT pg_reload_conf(), pg_wal_replay_pause()")
        wait_for(lambda: made.sql("ams", "SHOW recovery_min_apply_delay") == [("1h",)])
        made.kill("fra")
        driver = Driver(made, kind=RequestType.FAILOVER)
        driver.do(Action.CHECK)
        made.hosts.away.add("fra")
        with pytest.raises(StepFailed, match="Nothing was begun"):
            driver.do(Action.MOVE)
        assert made.sql("ams", "SELECT pg_is_wal_replay_paused()") == [(True,)]
        assert made.sql("ams", "SHOW recovery_min_apply_delay") == [("1h",)]
        wait_for(lambda: made.sql("ams", "SHOW synchronous_standby_names") == [("fra",)])
        assert made.sql("ams", "SELECT slot_name FROM pg_replication_slots") == []
