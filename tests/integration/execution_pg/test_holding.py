"""The new primary keeps what its followers need from before the promotion on, and nothing is left over (FR-034)."""

from __future__ import annotations

import pytest

from bc_lib.connectors.postgresql.execution.holding import own_name
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.host_control import HostVerb
from bc_lib.ports.mechanism import StepFailed
from tests.fixtures.execpair import Driver, Pair, pair

SLOTS = "SELECT slot_name, active FROM pg_replication_slots ORDER BY 1"


def later_segments(made: Pair, node: str) -> None:
    """What an hour does: segments are filled, checkpoints remove what nobody asked to keep."""
    for number in range(3):
        made.sql(node, f"INSERT INTO public.w VALUES ({-100 - number})")
        made.sql(node, "SELECT pg_switch_wal()")
        made.sql(node, "CHECKPOINT")


def kept(made: Pair, node: str, since: str) -> bool:
    """Whether `node` still has the segment that held `since` on the first timeline."""
    ((name,),) = made.sql(node, f"SELECT substr(pg_walfile_name('{since}'), 9)")
    return made.sql(node, f"SELECT count(*) FROM pg_ls_waldir() WHERE name = '00000001{name}'") == [(1,)]


def test_after_a_planned_move_the_stopped_primary_may_come_back_late() -> None:
    with pair() as made:
        driver = Driver(made)
        for action in (Action.CHECK, Action.MOVE, Action.VERIFY):
            driver.do(action)
        facts = driver.earlier["orders-db/move"]
        assert facts["slots_reserved"] == ["slot_fra"]
        assert made.sql("ams", SLOTS) == [("slot_fra", False)]
        later_segments(made, "ams")
        assert kept(made, "ams", str(facts["marker"]))
        driver.do(Action.REPROTECT)
        assert made.sql("ams", SLOTS) == [("slot_fra", True)]
        assert made.sql("fra", SLOTS) == []


def test_where_nobody_knows_its_slot_wal_is_kept_under_a_name_of_ours_until_it_streams() -> None:
    with pair() as made:
        made.kill("fra")
        driver = Driver(made, kind=RequestType.FAILOVER)
        for action in (Action.CHECK, Action.MOVE, Action.VERIFY, Action.PRESERVE):
            driver.do(action)
        facts = driver.earlier["orders-db/move"]
        assert facts["slots_reserved"] == ["bc_rejoin_fra"]
        later_segments(made, "ams")
        assert kept(made, "ams", str(facts["replayed_lsn"]))
        # Given up, its slot would fill the disk: it is told.
        work = driver.work(Action.POSTCHECK)
        driver.mechanism.act(work, driver.mark("postcheck"))
        told = {one.check: one for one in driver.mechanism.verify(work, {})}
        assert told["slot-bc_rejoin_fra"].severity is Severity.WARN
        assert "drop it" in told["slot-bc_rejoin_fra"].hint
        driver.do(Action.REWIND)
        assert made.sql("ams", SLOTS) == [("slot_fra", True)]


def test_a_slot_that_is_there_is_enough_and_one_that_keeps_nothing_is_made_anew() -> None:
    """Twice is once, also for a runner that was killed in between (F11)."""
    with pair() as made:
        made.sql("ams", "SELECT pg_create_physical_replication_slot('slot_fra')")
        driver = Driver(made)
        driver.do(Action.CHECK)
        driver.do(Action.MOVE)
        ((begins,),) = made.sql("ams", "SELECT restart_lsn::text FROM pg_replication_slots")
        assert begins
        driver.do(Action.REPROTECT)
        assert made.sql("ams", SLOTS) == [("slot_fra", True)]


@pytest.mark.parametrize("kind", [RequestType.SWITCHOVER, RequestType.FAILOVER])
def test_a_move_that_was_not_begun_or_taken_back_leaves_no_slot_at_the_standby(kind: RequestType) -> None:
    """It would keep WAL there for ever; what was there before stays."""
    with pair() as made:
        made.sql("ams", "SELECT pg_create_physical_replication_slot('mine', true)")
        driver = Driver(made, kind=kind, seconds=4)
        work = driver.work(Action.CHECK)
        driver.earlier[work.step.key] = driver.mechanism.act(work, driver.mark("check"))
        made.hosts.refuse.add(HostVerb.STOP)
        with pytest.raises(StepFailed):
            driver.do(Action.MOVE)
        assert made.sql("ams", SLOTS) == [("mine", False)]
        made.hosts.refuse.clear()
        # Paused while the order to stop is on its way, and a failover may not resume it.
        made.sql("fra", "REVOKE EXECUTE ON FUNCTION pg_wal_replay_resume() FROM bc_execution")
        made.cluster.caught_up("ams")
        made.hosts.before = lambda order: (
            made.sql("ams", "SELECT pg_wal_replay_pause()") if order.verb is HostVerb.STOP else None
        )
        with pytest.raises(StepFailed, match="did not replay|could not be made ready") as failed:
            driver.do(Action.MOVE)
        assert failed.value.undone
        assert made.sql("ams", SLOTS) == [("mine", False)]


def test_without_the_right_to_make_slots_the_move_goes_on_and_says_so() -> None:
    with pair() as made:
        made.sql("fra", "ALTER ROLE bc_execution NOREPLICATION")
        made.cluster.caught_up("ams")
        driver = Driver(made)
        found = {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}
        assert found["may-make-slots"].severity is Severity.WARN
        driver.do(Action.CHECK)
        work = driver.work(Action.MOVE)
        facts = driver.mechanism.act(work, driver.mark(work.step.key))
        told = {one.check: one for one in driver.mechanism.verify(work, facts)}
        assert told["after-slot"].severity is Severity.WARN
        assert told["promoted"].severity is Severity.OK


@pytest.mark.parametrize(
    ("node", "name"),
    [("fra", "bc_rejoin_fra"), ("DB-1.fra", "bc_rejoin_db_1_fra"), ("x" * 80, "bc_rejoin_" + "x" * 53)],
)
def test_the_name_of_ours_is_one_that_the_server_takes(node: str, name: str) -> None:
    assert own_name(node) == name
