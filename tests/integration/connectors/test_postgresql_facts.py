"""What a real pair tells about itself (FR-010, TC-020), with the shipped grants only."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import psycopg
import pytest

from bc_lib.connectors.postgresql.connector import PostgresConnector
from bc_lib.domain.observation import Role
from tests.fixtures.pgcluster import BEAT, CANARY, DATABASE, Cluster, facts, of, wait_for


def _lsn(text: str | None) -> int:
    assert text is not None
    high, low = text.split("/")
    return (int(high, 16) << 32) + int(low, 16)


async def test_a_healthy_pair(estate: Cluster, connector: PostgresConnector) -> None:
    """Everything known, nothing missing, with the least grants (A16 for the watched side)."""
    estate.sql("fra", BEAT)
    estate.caught_up("ams")
    seen = await connector.observe(of(estate))
    fra, ams = facts(seen, "fra"), facts(seen, "ams")
    assert (fra.role, ams.role) == (Role.PRIMARY, Role.STANDBY)
    assert fra.missing == ams.missing == ()
    assert fra.system_identifier == ams.system_identifier
    assert fra.timeline == ams.timeline == 1
    assert fra.version == ams.version
    assert fra.read_only is False
    assert abs((datetime.now(UTC) - (fra.node_time or datetime.min.replace(tzinfo=UTC))).total_seconds()) < 5
    assert _lsn(ams.received_lsn) >= _lsn(ams.replayed_lsn) > 0
    assert ams.replay_paused is False
    assert ams.replay_delay_s == 0
    assert ams.upstream is not None
    assert ams.upstream.status == "streaming"
    assert (ams.upstream.sender_host, ams.upstream.sender_port) == ("127.0.0.1", estate.servers["fra"].port)
    assert ams.upstream.last_message_age_s is not None
    (downstream,) = fra.downstreams
    assert (downstream.application_name, downstream.state, downstream.sync_state) == ("ams", "streaming", "async")
    (slot,) = fra.slots
    assert (slot.name, slot.active, slot.wal_status) == ("slot_ams", True, "reserved")
    assert (slot.slot_type, slot.logical, slot.temporary, slot.plugin) == ("physical", False, False, None)
    assert (slot.failover, slot.synced, slot.confirmed_lsn) == (False, False, None)
    assert slot.restart_lsn is not None
    assert slot.retained_bytes is not None
    assert fra.heartbeat is not None
    assert ams.heartbeat == fra.heartbeat
    assert fra.heartbeat.timeline == 1
    assert fra.extensions == ams.extensions == {"plpgsql": "1.0"}
    assert fra.prepared_transactions == 0
    assert fra.sync_waiters == 0
    assert fra.archive_failures_since is None
    assert ams.replay_conflicts == 0


async def test_both_ends_of_one_connection(estate: Cluster, connector: PostgresConnector) -> None:
    """What the primary says of its sender and the standby of its receiver are figures of one link (decision 22)."""
    estate.caught_up("ams")
    seen = await connector.observe(of(estate))
    fra, ams = facts(seen, "fra"), facts(seen, "ams")
    (sender,) = fra.downstreams
    assert ams.upstream is not None
    assert sender.slot_name == ams.upstream.slot_name == "slot_ams"
    assert sender.application_name == ams.upstream.application_name == "ams"
    assert sender.client_address == ams.address == "127.0.0.1"
    assert sender.client_port is not None
    assert fra.slots[0].active_pid == sender.pid is not None
    assert sender.began_at is not None
    assert ams.upstream.began_at is not None
    assert 0 <= (sender.began_at - ams.upstream.began_at).total_seconds() < 5
    assert ams.upstream.written_lsn is not None
    assert ams.upstream.sender_end_lsn is not None
    assert ams.upstream.configured == (f"127.0.0.1:{estate.servers['fra'].port}",)


@pytest.mark.parametrize(
    ("conninfo", "configured"),
    [
        ("host=fra-1 port=1 application_name=ams", ("fra-1:1",)),
        ("host=a,b port=1,2", ("a:1", "b:2")),
        ("host=a,b", ("a:5432", "b:5432")),
        ("host='db-1.example' port='6432' password='x'", ("db-1.example:6432",)),
        (r"password='secret host=leak' user=x", ()),
        (r"password='it\'s host=leak' host=a", ("a:5432",)),
        (r"password=secret\ host=leak port=1", ()),
        ("postgresql://a/b", ()),
    ],
)
async def test_where_a_cut_receiver_would_connect(
    estate: Cluster, connector: PostgresConnector, conninfo: str, configured: tuple[str, ...]
) -> None:
    """Read without a receiver; nothing of a password gets out."""
    ((before,),) = estate.sql("ams", "SELECT current_setting('primary_conninfo')")
    estate.sql("ams", f"ALTER SYSTEM SET primary_conninfo = $q${conninfo}$q$")
    estate.sql("ams", "SELECT pg_reload_conf()")
    try:
        wait_for(lambda: estate.sql("ams", "SELECT current_setting('primary_conninfo')") == [(conninfo,)])
        ams = facts(await connector.observe(of(estate)), "ams")
        assert ams.upstream is not None
        assert ams.upstream.configured == configured
        assert "leak" not in repr(ams)
    finally:
        estate.sql("ams", f"ALTER SYSTEM SET primary_conninfo = $q${before}$q$")
        estate.sql("ams", "SELECT pg_reload_conf()")
    estate.caught_up("ams")


async def test_settings_are_the_servers_not_our_sessions(estate: Cluster, connector: PostgresConnector) -> None:
    """Our session runs read-only, in UTC, with limits; the facts must not say so of the server."""
    estate.sql("fra", "ALTER SYSTEM SET timezone = 'Asia/Tokyo'")
    estate.sql("fra", "SELECT pg_reload_conf()")
    try:
        wait_for(lambda: estate.sql("fra", "SELECT current_setting('timezone')") == [("Asia/Tokyo",)])
        fra = facts(await connector.observe(of(estate)), "fra")
        assert fra.settings["TimeZone"] == "Asia/Tokyo"
        assert fra.node_time is not None
        assert fra.node_time.utcoffset() == datetime.now(UTC).utcoffset()
        assert fra.settings["max_connections"] == "100"
        assert fra.settings["shared_buffers"] == "131072kB"
        assert fra.settings["wal_log_hints"] == "on"
    finally:
        estate.sql("fra", "ALTER SYSTEM RESET timezone")
        estate.sql("fra", "SELECT pg_reload_conf()")


async def test_a_soft_fence_is_seen_over_a_warm_connection(estate: Cluster, connector: PostgresConnector) -> None:
    """default_transaction_read_only changed after we connected."""
    assert facts(await connector.observe(of(estate)), "fra").read_only is False
    estate.sql("fra", "ALTER SYSTEM SET default_transaction_read_only = on")
    estate.sql("fra", "SELECT pg_reload_conf()")
    try:
        await _until(connector, estate, lambda found: found.read_only is True)
    finally:
        estate.sql("fra", "ALTER SYSTEM RESET default_transaction_read_only")
        estate.sql("fra", "SELECT pg_reload_conf()")
    await _until(connector, estate, lambda found: found.read_only is False)


async def test_our_session_cannot_write(estate: Cluster) -> None:
    """The account has no right to write, and the session says so too."""
    with (
        psycopg.connect(
            host="127.0.0.1", port=estate.servers["fra"].port, dbname=DATABASE, user="bc_monitor", password=CANARY
        ) as session,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        session.execute("INSERT INTO public.bc_heartbeat VALUES (2, now(), 1, '0/0')")


async def test_idle_primary_and_stalled_replay_look_different(estate: Cluster, connector: PostgresConnector) -> None:
    """facts.md 1: the replay timestamp ages in both; positions, pause and receiver tell them apart."""
    estate.sql("fra", BEAT)
    estate.caught_up("ams")
    resource = of(estate)
    first = await connector.observe(resource)
    await asyncio.sleep(2.5)
    idle = await connector.observe(resource)
    fra, ams = facts(idle, "fra"), facts(idle, "ams")
    assert fra.current_lsn == facts(first, "fra").current_lsn
    assert ams.replayed_lsn == fra.current_lsn
    assert ams.replayed_at is not None
    assert ams.node_time is not None
    assert (ams.node_time - ams.replayed_at).total_seconds() > 2
    assert ams.replay_paused is False
    estate.sql("ams", "SELECT pg_wal_replay_pause()")
    try:
        for _ in range(3):
            estate.sql("fra", BEAT)
        wait_for(lambda: estate.sql("ams", "SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()") == [(True,)])
        stalled = await connector.observe(resource)
        fra, ams = facts(stalled, "fra"), facts(stalled, "ams")
        assert ams.replay_paused is True
        assert _lsn(fra.current_lsn) >= _lsn(ams.received_lsn) > _lsn(ams.replayed_lsn)
        assert ams.heartbeat is not None
        assert fra.heartbeat is not None
        assert ams.heartbeat.beat_at < fra.heartbeat.beat_at
        assert _lsn(fra.downstreams[0].replayed_lsn) < _lsn(fra.downstreams[0].flushed_lsn)
    finally:
        estate.sql("ams", "SELECT pg_wal_replay_resume()")
    estate.caught_up("ams")


async def test_cut_receiver(estate: Cluster, connector: PostgresConnector) -> None:
    """Everything received is replayed, and still the link is cut: no receiver, no downstream, an inactive slot."""
    ((conninfo,),) = estate.sql("ams", "SELECT current_setting('primary_conninfo')")
    estate.sql("ams", "ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port=1'")
    estate.sql("ams", "SELECT pg_reload_conf()")
    try:
        wait_for(lambda: estate.sql("fra", "SELECT count(*) FROM pg_stat_replication") == [(0,)])
        estate.sql("fra", BEAT)
        seen = await connector.observe(of(estate))
        fra, ams = facts(seen, "fra"), facts(seen, "ams")
        assert ams.upstream is not None
        assert ams.upstream.status is None
        assert ams.received_lsn == ams.replayed_lsn
        assert _lsn(fra.current_lsn) > _lsn(ams.received_lsn)
        assert fra.downstreams == ()
        assert fra.slots[0].active is False
        assert (fra.slots[0].retained_bytes or 0) > 0
    finally:
        estate.sql("ams", f"ALTER SYSTEM SET primary_conninfo = $q${conninfo}$q$")
        estate.sql("ams", "SELECT pg_reload_conf()")
    estate.caught_up("ams")


async def test_delayed_apply(estate: Cluster, connector: PostgresConnector) -> None:
    """recovery_min_apply_delay in seconds, received ahead of replayed."""
    estate.sql("ams", "ALTER SYSTEM SET recovery_min_apply_delay = '2min'")
    estate.sql("ams", "SELECT pg_reload_conf()")
    try:
        wait_for(lambda: estate.sql("ams", "SELECT current_setting('recovery_min_apply_delay')") == [("2min",)])
        estate.sql("fra", BEAT)
        wait_for(lambda: estate.sql("ams", "SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()") == [(True,)])
        ams = facts(await connector.observe(of(estate)), "ams")
        assert ams.replay_delay_s == 120
        assert ams.replay_paused is False
        assert _lsn(ams.received_lsn) > _lsn(ams.replayed_lsn)
    finally:
        estate.sql("ams", "ALTER SYSTEM RESET recovery_min_apply_delay")
        estate.sql("ams", "SELECT pg_reload_conf()")
    estate.caught_up("ams")


async def test_long_and_prepared_transactions(estate: Cluster, connector: PostgresConnector) -> None:
    """Both hold up a clean move."""
    with estate.connect("fra") as session:
        session.execute("BEGIN; SELECT txid_current()")
        estate.sql(
            "fra", "BEGIN; INSERT INTO public.bc_heartbeat VALUES (7, now(), 1, '0/0'); PREPARE TRANSACTION 'one'"
        )
        await asyncio.sleep(1.1)
        fra = facts(await connector.observe(of(estate)), "fra")
        assert fra.oldest_transaction_s is not None
        assert 1 <= fra.oldest_transaction_s < 20
        assert fra.prepared_transactions == 1
        assert fra.oldest_prepared_s is not None
        assert fra.oldest_prepared_s >= 1
        session.execute("ROLLBACK")
    estate.sql("fra", "ROLLBACK PREPARED 'one'")
    fra = facts(await connector.observe(of(estate)), "fra")
    assert (fra.prepared_transactions, fra.oldest_prepared_s) == (0, None)


async def test_commits_waiting_for_a_synchronous_standby(estate: Cluster, connector: PostgresConnector) -> None:
    """A standby that never comes: the commit hangs and is counted, with the names that are asked for."""
    estate.sql("fra", "ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    estate.sql("fra", "SELECT pg_reload_conf()")
    waiter = asyncio.create_task(asyncio.to_thread(_commit_that_waits, estate))
    try:
        await _until(connector, estate, lambda found: found.sync_waiters == 1)
        assert facts(await connector.observe(of(estate)), "fra").sync_standby_names == "nobody"
    finally:
        estate.sql("fra", "ALTER SYSTEM RESET synchronous_standby_names")
        estate.sql("fra", "SELECT pg_reload_conf()")
        await waiter
    await _until(connector, estate, lambda found: found.sync_waiters == 0)


async def test_archiving_that_fails(estate: Cluster, connector: PostgresConnector) -> None:
    """archive_mode needs a restart, so a server of its own."""
    server = estate.add_primary("arc", {"archive_mode": "on", "archive_command": "/bin/false"})
    try:
        estate.sql("arc", "SELECT pg_switch_wal()")
        wait_for(lambda: estate.sql("arc", "SELECT failed_count > 0 FROM pg_stat_archiver") == [(True,)])
        found = facts(await connector.observe(of(estate, "arc")), "arc")
        assert found.archive_failures_since is not None
        assert (datetime.now(UTC) - found.archive_failures_since).total_seconds() < 60
    finally:
        server.stop("immediate")
        del estate.servers["arc"]


async def test_replay_conflicts(estate: Cluster, connector: PostgresConnector) -> None:
    """A query on the standby cancelled by replay is counted."""
    estate.sql("fra", "CREATE TABLE public.conflict AS SELECT generate_series(1, 100) AS n")
    estate.sql("ams", "ALTER SYSTEM SET max_standby_streaming_delay = '100ms'")
    estate.sql("ams", "SELECT pg_reload_conf()")
    estate.caught_up("ams")
    try:
        with estate.connect("ams") as session:
            session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM public.conflict")
            estate.sql("fra", "DROP TABLE public.conflict")
            await asyncio.sleep(1)
            with pytest.raises(psycopg.Error):
                session.execute("SELECT count(*) FROM public.conflict")
        deadline = time.monotonic() + 10
        while (facts(await connector.observe(of(estate)), "ams").replay_conflicts or 0) < 1:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)
    finally:
        estate.sql("ams", "ALTER SYSTEM RESET max_standby_streaming_delay")
        estate.sql("ams", "SELECT pg_reload_conf()")


def _commit_that_waits(estate: Cluster) -> None:
    estate.sql("fra", BEAT)


async def _until(connector: PostgresConnector, estate: Cluster, true) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + 10
    while not true(facts(await connector.observe(of(estate)), "fra")):
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.05)
