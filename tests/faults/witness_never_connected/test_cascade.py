"""In a cascade only who was connected to the accused counts as a witness of its end (F16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.execution.actions import Action
from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.inventory import Resource
from bc_lib.domain.requests.states import RequestType
from bc_lib.testing.bad_targets import free_port
from tests.fixtures.execpair import SETTINGS, Driver, pair
from tests.fixtures.pgcluster import Cluster, cluster, of, wait_for
from tests.fixtures.watching import Watch, names


@pytest.fixture(scope="module")
def estate() -> Iterator[Cluster]:
    """fra -> ams -> ams2."""
    with cluster(ams={"wal_retrieve_retry_interval": "200ms"}) as made:
        made.add_standby("ams2", upstream="ams", settings={"wal_retrieve_retry_interval": "200ms"})
        wait_for(lambda: made.sql("ams2", "SELECT status FROM pg_stat_wal_receiver") == [("streaming",)])
        made.caught_up("ams2")
        yield made


def chain(made: Cluster) -> Resource:
    """The three of them, two at the DR site."""
    found = of(made)
    return replace(found, endpoints=tuple(replace(one, site=one.node[:3]) for one in found.endpoints))


def hidden(resource: Resource, *nodes: str) -> Resource:
    """As where only the monitor cannot reach these."""
    nobody = free_port()
    return replace(
        resource,
        endpoints=tuple(replace(one, port=nobody) if one.node in nodes else one for one in resource.endpoints),
    )


def test_the_end_of_a_middle_server_is_no_word_about_the_primary(estate: Cluster) -> None:
    """fra runs and is hidden from us, ams dies: ams2 receives nothing, and was never connected to fra."""
    watch = Watch(estate, resource=chain(estate))
    watch.until(lambda seen: seen.status is Status.GREEN)
    watch.resource = hidden(watch.resource, "fra")
    found = watch.look()
    assert (found.status, "PRIMARY_BLIND" in names(found)) == (Status.BLIND, True)
    assert any("still receives from it" in reason.text for reason in found.reasons)
    estate.servers["ams"].stop("immediate")
    try:
        wait_for(lambda: estate.sql("ams2", "SELECT count(*) FROM pg_stat_wal_receiver") == [(0,)])
        for seen in (watch, forgetful(watch)):
            found = seen.look()
            assert "PRIMARY_DOWN" not in names(found), found
            assert "PRIMARY_BLIND" in names(found)
            assert found.could_fail_over.answer is not Answer.YES
        assert estate.sql("fra", "SELECT pg_is_in_recovery()") == [(False,)], "the accused lives"
    finally:
        estate.servers["ams"].start()
    well(estate)


def test_a_middle_server_that_is_hidden_too_says_nothing_either_way(estate: Cluster) -> None:
    """fra dies, ams is hidden and feeds ams2 on: that is no sign of fra's life, nor of its end."""
    watch = Watch(estate, resource=chain(estate))
    watch.until(lambda seen: seen.status is Status.GREEN)
    watch.resource, watch.beats = hidden(watch.resource, "fra", "ams"), False
    found = watch.look()
    text = next(reason.text for reason in found.reasons if reason.code == "PRIMARY_BLIND")
    assert "still receives from it" not in text
    assert "no second signal" in text
    well(estate)


def test_who_was_connected_counts(estate: Cluster) -> None:
    """fra dies: ams, which it fed, agrees; ams2, which hangs on ams, streams on and does not contradict."""
    watch = Watch(estate, resource=chain(estate))
    watch.until(lambda seen: seen.status is Status.GREEN)
    estate.servers["fra"].stop("immediate")
    watch.beats = False
    try:
        found = watch.until(lambda seen: "PRIMARY_DOWN" in names(seen))
        assert estate.sql("ams2", "SELECT status FROM pg_stat_wal_receiver") == [("streaming",)]
        assert any("the standby ams receives nothing" in reason.text for reason in found.reasons)
    finally:
        estate.servers["fra"].start()
    well(estate)


def test_the_primary_is_no_witness_of_a_standby_that_it_never_fed(estate: Cluster) -> None:
    """ams2 runs and is hidden from us: its feeder ams is asked, not fra, whose list never had it."""
    watch = Watch(estate, resource=replace(chain(estate), dr_site="lon"))
    watch.resource = replace(
        watch.resource,
        endpoints=tuple(replace(one, site="lon") if one.node == "ams2" else one for one in watch.resource.endpoints),
    )
    watch.until(lambda seen: seen.status is Status.GREEN)
    watch.resource = hidden(watch.resource, "ams2")
    found = watch.look()
    assert "DR_DOWN" not in names(found), found
    assert any(reason.code == "DR_BLIND" and "the standby ams still sends" in reason.text for reason in found.reasons)
    well(estate)


class FromFra(Driver):
    """Moves from fra, whatever the target."""

    @property
    def old(self) -> str:
        return "fra"


def test_no_move_begins_on_the_word_of_one_who_was_never_connected() -> None:
    """fra runs unseen, its host silent; the receiver of ams2 has stopped because ams, which fed it, is dead."""
    with pair() as made:
        made.cluster.add_standby("ams2", upstream="ams", settings=SETTINGS)
        wait_for(lambda: made.sql("ams2", "SELECT status FROM pg_stat_wal_receiver") == [("streaming",)])
        made.extra = ("ams2",)
        driver = FromFra(made, kind=RequestType.FAILOVER, to="ams2")
        driver.resource = hidden(made.resource(), "fra")
        made.hosts.away.add("fra")
        assert second_signal(driver) == (Severity.BLOCK, "Only we say that fra is gone."), "it streams from ams"
        made.kill("ams")
        wait_for(lambda: made.sql("ams2", "SELECT count(*) FROM pg_stat_wal_receiver") == [(0,)])
        assert second_signal(driver) == (Severity.BLOCK, "Only we say that fra is gone.")
        driver.resource = made.resource()
        made.kill("fra")
        assert second_signal(driver)[0] is Severity.BLOCK, "dead, but nobody who was connected says so"
        made.hosts.away.clear()
        assert second_signal(driver)[0] is Severity.OK, "its own host does"


def second_signal(driver: Driver) -> tuple[Severity, str]:
    """What the check says of it."""
    found = {one.check: one for one in driver.mechanism.prechecks(driver.work(Action.CHECK))}
    return found["second-signal"].severity, found["second-signal"].sentence


def forgetful(watch: Watch) -> Watch:
    """The same look by a monitor that remembers nothing."""
    found = Watch(watch.made, resource=watch.resource, beats=watch.beats)
    assert found.memory.nodes == ()
    return found


def well(made: Cluster) -> None:
    Watch(made, resource=chain(made)).until(lambda seen: seen.status is Status.GREEN, 30)
