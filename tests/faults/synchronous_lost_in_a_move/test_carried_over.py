"""synchronous_standby_names has a grammar: a move keeps it, and a new primary that lost it says so (FR-036)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bc_lib.connectors.postgresql.sync_names import parse
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.derive import SYNCHRONOUS_OWED
from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.mechanism import Effect, StepFailed
from tests.fixtures.execpair import Driver, Pair, pair
from tests.fixtures.pgcluster import wait_for

STATES = "SELECT application_name, sync_state FROM pg_stat_replication ORDER BY 1"
VALUE = "SELECT current_setting('synchronous_standby_names')"


@pytest.fixture(scope="module")
def three() -> Iterator[Pair]:
    """fra leads, ams and ams2 follow: the name of one is the beginning of the other's."""
    with pair(ams2="") as made:
        yield made


def set_names(made: Pair, node: str, value: str) -> None:
    made.sql(node, f"ALTER SYSTEM SET synchronous_standby_names = '{value}'")
    made.sql(node, "SELECT pg_reload_conf()")
    wait_for(lambda: made.sql(node, VALUE) == [(value,)])


def fitting(value: str) -> object:
    """As a server reads it, whatever it looks like."""
    return parse(value)


def test_the_new_primary_of_three_waits_for_one_and_for_the_right_one(three: Pair) -> None:
    set_names(three, "fra", "FIRST 1 (ams, ams2)")
    wait_for(lambda: three.sql("fra", STATES) == [("ams", "sync"), ("ams2", "potential")])
    Driver(three, request="r-1").move()
    wait_for(lambda: three.sql("ams", STATES) == [("ams2", "potential"), ("fra", "sync")])
    assert three.sql("ams", VALUE) == [('FIRST 1 ("fra", "ams2")',)]
    three.sql("ams", "INSERT INTO public.w VALUES (1)")  # commits go through
    Driver(three, request="r-2", to="fra").move()
    wait_for(lambda: three.sql("fra", STATES) == [("ams", "sync"), ("ams2", "potential")])


def test_with_too_few_followers_commits_do_not_hang_and_it_is_owed(three: Pair) -> None:
    """Two must confirm and one follows: set as before, every commit would wait for ever."""
    set_names(three, "fra", "ANY 2 (ams, ams2)")
    wait_for(lambda: three.sql("fra", STATES) == [("ams", "quorum"), ("ams2", "quorum")])
    three.cluster.servers["ams2"].stop()
    set_names(three, "fra", "")
    set_names(three, "fra", "ANY 2 (ams, ams2)")
    driver = Driver(three, request="r-3")
    work = driver.work(Action.CHECK)
    driver.earlier[work.step.key] = driver.mechanism.act(work, driver.mark("check"))
    driver.do(Action.MOVE)
    with pytest.raises(StepFailed, match="wait for no standby") as failed:
        driver.do(Action.REPROTECT)
    assert "needs 2 standbys that stream" in failed.value.facts[SYNCHRONOUS_OWED]
    three.sql("ams", "INSERT INTO public.w VALUES (2)")
    seen = driver.mechanism.probe(driver.work(Action.REPROTECT))
    assert (seen.effect, bool(seen.facts[SYNCHRONOUS_OWED])) == (Effect.PARTLY, True)
    # The second follower is back: the next try sets it, and the host does nothing a second time.
    three.cluster.servers["ams2"].start()
    effects = list(three.hosts.effects)
    driver.do(Action.REPROTECT)
    assert three.hosts.effects == effects
    wait_for(lambda: three.sql("ams", STATES) == [("ams2", "quorum"), ("fra", "quorum")])
    assert driver.mechanism.probe(driver.work(Action.REPROTECT)).effect is Effect.SEEN


def test_of_a_lost_primary_it_is_said_that_nobody_can_be_asked(three: Pair) -> None:
    """The last test of this file: it kills the primary."""
    leads = next(node for node in ("fra", "ams") if three.sql(node, "SELECT pg_is_in_recovery()") == [(False,)])
    follows = "ams" if leads == "fra" else "fra"
    set_names(three, follows, "")
    three.kill(leads)
    driver = Driver(three, request="r-9", kind=RequestType.FAILOVER, to=follows)
    found = {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}["sync-names-after"]
    assert (found.severity, "cannot be asked now" in found.sentence) == (Severity.WARN, True)
