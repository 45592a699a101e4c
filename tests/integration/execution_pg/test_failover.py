"""A lost primary: fence proven by its host, everything received applied, diverged data kept (decision 15)."""

from __future__ import annotations

import pytest

from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.mechanism import Effect, StepFailed
from tests.fixtures.execpair import Client, Driver, lsn_like, pair
from tests.fixtures.pgcluster import wait_for


def test_after_a_kill_the_standby_leads_and_the_old_one_is_kept_then_rewound() -> None:
    with pair() as made:
        made.sql("fra", "INSERT INTO public.w VALUES (-1)")
        with Client(made.conninfo()) as client:
            made.kill("fra")
            driver = Driver(made, kind=RequestType.FAILOVER)
            for action in (Action.CHECK, Action.MOVE, Action.VERIFY):
                driver.do(action)
        facts = driver.earlier["orders-db/move"]
        assert facts["fence"] == "proven"
        assert facts["caught_up"] == "received"
        assert facts["old_cluster_state"] == "in production"
        assert lsn_like(facts["replayed_lsn"])
        assert facts["timeline"] == 2
        print("failover outage ms", client.longest_ms(), "lost", client.lost(made, "ams"))
        for action in (Action.PRESERVE, Action.REWIND, Action.POSTCHECK):
            driver.do(action)
        assert driver.earlier["orders-db/preserve"]["preserved"] == ["data.diverged-r-1"]
        assert made.sql("fra", "SELECT pg_is_in_recovery()") == [(True,)]
        assert driver.mechanism.probe(driver.work(Action.REWIND)).effect is Effect.SEEN
        assert driver.mechanism.probe(driver.work(Action.PRESERVE)).effect is Effect.SEEN


def test_an_unreachable_host_stops_the_failover_before_any_effect_unless_waived() -> None:
    with pair() as made:
        made.kill("fra")
        made.hosts.away.add("fra")
        driver = Driver(made, kind=RequestType.FAILOVER)
        driver.do(Action.CHECK)
        with pytest.raises(StepFailed, match="Nothing was begun") as failed:
            driver.do(Action.MOVE)
        assert not failed.value.writes_stopped
        assert made.sql("ams", "SELECT pg_is_in_recovery()") == [(True,)]
        driver.waived = True
        driver.do(Action.MOVE)
        assert MarkName.FENCE_OWED in driver.times
        assert driver.earlier["orders-db/move"]["fence"] == "owed"


def test_a_living_primary_blocks_a_failover_as_one_vantage_is_not_enough_f16() -> None:
    with pair() as made:
        driver = Driver(made, kind=RequestType.FAILOVER)
        found = {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}
        assert found["second-signal"].severity is Severity.BLOCK
        assert "takes writes" in found["second-signal"].sentence
        # Not reachable for us alone: its host and the standby's receiver say otherwise.
        made.kill("fra")
        found = {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}
        assert found["second-signal"].severity is Severity.OK, found["second-signal"]
        assert found["primary-reachable"].severity is Severity.WARN


def test_a_given_up_primary_is_stopped_cleanly_and_nothing_is_lost() -> None:
    with pair() as made, Client(made.conninfo()) as client:
        driver = Driver(made, kind=RequestType.FAILOVER)
        work = driver.work(Action.CHECK)
        driver.earlier[work.step.key] = driver.mechanism.act(work, driver.mark("check"))
        facts = driver.do(Action.MOVE)
        assert facts["caught_up"] == "marker"
        assert facts["old_last_seen"]["lsn"]
        driver.do(Action.VERIFY)
        assert client.lost(made, "ams") == 0


def test_a_delayed_and_paused_standby_replays_all_it_received_before_it_leads() -> None:
    with pair() as made:
        made.sql("ams", "ALTER SYSTEM SET recovery_min_apply_delay = '1h'")
        made.sql("ams", "SELECT pg_reload_conf(), pg_wal_replay_pause()")
        made.sql("fra", "INSERT INTO public.w VALUES (77)")
        ((sent,),) = made.sql("fra", "SELECT pg_current_wal_lsn()::text")
        wait_for(lambda: made.sql("ams", f"SELECT pg_last_wal_receive_lsn() >= '{sent}'") == [(True,)])
        made.kill("fra")
        driver = Driver(made, kind=RequestType.FAILOVER)
        found = {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}
        assert found["not-delayed"].severity is Severity.WARN
        driver.do(Action.CHECK)
        driver.do(Action.MOVE)
        assert made.sql("ams", "SELECT count(*) FROM public.w WHERE seq = 77") == [(1,)]


def test_a_failover_right_after_a_move_knows_the_timeline_from_its_wal() -> None:
    """The control file of the new standby is still a timeline behind."""
    with pair() as made:
        Driver(made).move()
        made.kill("ams")
        driver = Driver(made, request="r-2", kind=RequestType.FAILOVER, to="fra")
        driver.do(Action.CHECK)
        facts = driver.do(Action.MOVE)
        assert (facts["timeline_before"], facts["timeline"]) == (2, 3)
