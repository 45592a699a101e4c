"""A standby that a copy of the watched primary feeds: same system identifier, same timeline, same slots (decision 22)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bc_lib.domain.assessment import Answer, Status
from tests.fixtures.pgcluster import BEAT, Cluster, cluster, facts, of, wait_for
from tests.fixtures.tcpproxy import forwarder
from tests.fixtures.watching import Watch, cloned_disk, follow, forbidden, names


@pytest.fixture(scope="module")
def estate() -> Iterator[Cluster]:
    """fra feeds ams; `copy` is fra's disk, cloned and started."""
    with cluster(ams={"wal_retrieve_retry_interval": "200ms"}) as made:
        cloned_disk(made, "fra", "copy")
        yield made


@contextmanager
def fed_by(made: Cluster, upstream: str) -> Iterator[None]:
    """ams follows another server for a while."""
    follow(made, "ams", made.servers[upstream].port)
    streams(made, "ams", made.servers[upstream].port)
    try:
        yield
    finally:
        follow(made, "ams", made.servers["fra"].port)
        streams(made, "ams", made.servers["fra"].port)


def streams(made: Cluster, standby: str, port: int) -> None:
    wait_for(
        lambda: made.sql(standby, "SELECT sender_port, status FROM pg_stat_wal_receiver") == [(port, "streaming")], 20
    )


def watch(made: Cluster, *nodes: str) -> Watch:
    return Watch(made, resource=of(made, *(nodes or ("fra", "ams"))))


def test_a_cloned_disk_feeds_the_standby(estate: Cluster) -> None:
    """At the very first look: red, neither verdict, and no lag against a server that does not feed it."""
    streams(estate, "ams", estate.servers["fra"].port)
    assert watch(estate).until(lambda seen: seen.status is Status.GREEN).could_switch_over.answer is Answer.YES
    with fed_by(estate, "copy"):
        looking = watch(estate)
        found = looking.look()
        assert looking.seen is not None
        fra, ams = facts(looking.seen, "fra"), facts(looking.seen, "ams")
        assert (fra.system_identifier, fra.timeline) == (ams.system_identifier, ams.timeline)
        assert ams.upstream is not None
        assert ams.upstream.status == "streaming"
        assert forbidden(found), found
        assert {"NOT_FED_BY_PRIMARY"} <= names(found)
        assert found.lag.received_bytes is None
        assert found.lag.replayed_s is None
        assert forbidden(looking.look()), "and it stays so"
    watch(estate).until(lambda seen: seen.status is Status.GREEN)


def test_what_was_seen_still_stands_when_the_primary_is_lost(estate: Cluster) -> None:
    """The copy's standby does not become a candidate because nobody can be asked any more."""
    with fed_by(estate, "copy"):
        looking = watch(estate)
        assert "NOT_FED_BY_PRIMARY" in names(looking.look())
        estate.servers["fra"].stop("immediate")
        looking.beats = False
        try:
            found = looking.look()
            assert found.could_fail_over.answer is Answer.NO
            assert "NOT_FED_BY_PRIMARY" in names(found)
        finally:
            estate.servers["fra"].start()
    watch(estate).until(lambda seen: seen.status is Status.GREEN)


def test_a_middle_server_has_to_be_in_the_inventory(estate: Cluster) -> None:
    """fra -> ams -> lon: with the whole chain in sight lon may move; through a server we do not know it may not."""
    estate.add_standby("lon", upstream="ams")
    try:
        whole = watch(estate, "fra", "ams", "lon").until(lambda seen: "FEED_UNKNOWN" not in names(seen))
        assert not names(whole) & {"NOT_FED_BY_PRIMARY", "DIFFERENT_HISTORY", "LAG_UNKNOWN"}
        looking = watch(estate, "fra", "lon")
        looking.resource = replace(looking.resource, dr_site="lon")
        assert forbidden(found := looking.look()), found
        assert "NOT_FED_BY_PRIMARY" in names(found)
        with fed_by(estate, "copy"):
            looking = watch(estate, "fra", "ams", "lon")
            looking.resource = replace(looking.resource, dr_site="lon")
            found = looking.look()
            assert forbidden(found), "the chain ends at the copy"
            told = [reason.node for reason in found.reasons if reason.code == "NOT_FED_BY_PRIMARY"]
            assert sorted(str(node) for node in told) == ["ams", "lon"]
    finally:
        estate.servers.pop("lon").stop("immediate")


def test_a_whole_environment_cloned_with_its_names_and_slots(estate: Cluster) -> None:
    """fra feeds its ams, the copy feeds another `ams` over a slot of the same name; the inventory has the wrong one."""
    cloned_disk(estate, "fra", "fra-clone", run=False)
    cloned_disk(estate, "ams", "ams-clone")
    try:
        follow(estate, "ams-clone", estate.servers["fra-clone"].port)
        for name in ("fra-clone", "fra"):
            estate.servers[name].start()
        streams(estate, "ams-clone", estate.servers["fra-clone"].port)
        streams(estate, "ams", estate.servers["fra"].port)
        estate.sql("fra", BEAT)
        estate.sql("fra-clone", "CREATE TABLE elsewhere AS SELECT generate_series(1, 20000) AS n")
        estate.caught_up("ams-clone", "fra-clone")
        looking = watch(estate)
        ends = tuple(
            replace(one, port=estate.servers["ams-clone"].port) if one.node == "ams" else one
            for one in looking.resource.endpoints
        )
        looking.resource = replace(looking.resource, endpoints=ends)
        found = looking.look()
        assert forbidden(found), found
        assert names(found) & {"NOT_FED_BY_PRIMARY", "DIFFERENT_HISTORY"}
        # The watched primary writes on, past the clone: its standby's figures fit even less.
        estate.sql("fra", "CREATE TABLE here AS SELECT generate_series(1, 90000) AS n")
        estate.caught_up("ams")
        assert forbidden(found := looking.look()), found
    finally:
        for name in ("ams-clone", "fra-clone"):
            estate.servers.pop(name).stop("immediate")


def test_through_a_forwarder_it_is_the_primarys_standby_all_the_same(estate: Cluster) -> None:
    """The address differs at both ends; slot, name and positions fit."""
    with forwarder(estate.servers["fra"].port) as proxy:
        follow(estate, "ams", proxy.port)
        streams(estate, "ams", proxy.port)
        found = watch(estate).until(lambda seen: seen.status is Status.GREEN)
        assert found.could_fail_over.answer is Answer.YES
        follow(estate, "ams", estate.servers["fra"].port)
    streams(estate, "ams", estate.servers["fra"].port)


def test_a_standby_that_may_not_be_asked_for_is_not_green(estate: Cluster) -> None:
    """The primary's list hidden from our account: not known, neither yes nor a false alarm."""
    estate.sql("fra", "REVOKE pg_read_all_stats FROM bc_monitor")
    try:
        estate.caught_up("ams")
        found = watch(estate).look()
        assert found.status is not Status.GREEN
        assert {found.could_switch_over.answer, found.could_fail_over.answer} == {Answer.UNKNOWN}
    finally:
        estate.sql("fra", "GRANT pg_read_all_stats TO bc_monitor")


def test_each_look_while_it_reconnects_is_honest(estate: Cluster) -> None:
    """The connection is ended again and again: never a stranger, and green again afterwards."""
    looking = watch(estate)
    looking.until(lambda seen: seen.status is Status.GREEN)
    for _ in range(6):
        estate.sql("fra", "SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
        found = looking.look()
        assert not names(found) & {"NOT_FED_BY_PRIMARY", "DIFFERENT_HISTORY"}, found
        fresh = watch(estate).look()
        assert not names(fresh) & {"NOT_FED_BY_PRIMARY", "DIFFERENT_HISTORY"}, fresh
    looking.until(lambda seen: seen.status is Status.GREEN)
