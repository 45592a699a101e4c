"""Cascades, promotion, and an older PostgreSQL (FR-010, F15)."""

from __future__ import annotations

import asyncio
import time
from contextlib import closing

import pytest

from bc_lib.connectors.postgresql.connector import PostgresConnector
from bc_lib.domain.observation import Role
from tests.absences import older_postgres
from tests.fixtures.pgcluster import BEAT, cluster, facts, of, wait_for


async def test_cascade_then_promotion(connector: PostgresConnector) -> None:
    """fra -> ams -> lon; ams is promoted: its new timeline shows at once, on it and below it."""
    with cluster(ams={}) as made:
        made.add_standby("lon", upstream="ams")
        seen = await connector.observe(of(made))
        assert [one.application_name for one in facts(seen, "fra").downstreams] == ["ams"]
        assert [one.application_name for one in facts(seen, "ams").downstreams] == ["lon"]
        assert [slot.name for slot in facts(seen, "ams").slots] == ["slot_lon"]
        assert facts(seen, "lon").upstream is not None
        assert facts(seen, "lon").upstream.sender_port == made.servers["ams"].port
        made.sql("ams", "SELECT pg_promote(false)")
        deadline = time.monotonic() + 15
        while facts(seen, "ams").role is not Role.PRIMARY:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)
            seen = await connector.observe(of(made))
        assert facts(seen, "ams").timeline == 2
        assert facts(seen, "fra").role is Role.PRIMARY
        assert facts(seen, "fra").timeline == 1
        made.sql("ams", BEAT)
        wait_for(lambda: made.sql("lon", "SELECT received_tli FROM pg_stat_wal_receiver") == [(2,)])
        assert facts(await connector.observe(of(made)), "lon").timeline == 2


async def test_logical_senders_and_slots_are_told_apart(connector: PostgresConnector) -> None:
    """Change data capture is no standby, and its slot says what it is."""
    with cluster() as made:
        made.add_primary("cdc", {"wal_level": "logical"})
        made.sql("cdc", "SELECT pg_create_logical_replication_slot('feed', 'pgoutput', false, false, true)")
        made.sql("cdc", "CREATE PUBLICATION p")
        with closing(made.connect("cdc", replication="database", prepare_threshold=None)) as consumer:
            consumer.pgconn.send_query(
                b"START_REPLICATION SLOT feed LOGICAL 0/0 (proto_version '1', publication_names 'p')"
            )
            wait_for(lambda: made.sql("cdc", "SELECT active FROM pg_replication_slots") == [(True,)])
            found = facts(await connector.observe(of(made, "cdc")), "cdc")
            assert found.downstreams == ()
            (sender,) = found.logical_senders
            (slot,) = found.slots
            assert (slot.name, slot.logical, slot.plugin, slot.database) == ("feed", True, "pgoutput", "orders")
            assert (slot.failover, slot.synced, slot.active_pid) == (True, False, sender.pid)
            assert slot.confirmed_lsn is not None
            assert sender.slot_name == "feed"


@pytest.mark.needs("older PostgreSQL")
async def test_an_older_server(connector: PostgresConnector) -> None:
    """The statements fit the version that answers."""
    folder = older_postgres()
    assert folder is not None
    with cluster(folder, ams={}) as made:
        seen = await connector.observe(of(made))
        fra, ams = facts(seen, "fra"), facts(seen, "ams")
        assert fra.missing == ams.missing == ()
        assert (fra.role, ams.role, ams.timeline) == (Role.PRIMARY, Role.STANDBY, 1)
        assert fra.version is not None
        assert int(fra.version.split(".")[0]) < 18
        assert ams.upstream is not None
        assert ams.upstream.status == "streaming"
        assert len(fra.downstreams) == 1
        assert ams.heartbeat == fra.heartbeat is not None
