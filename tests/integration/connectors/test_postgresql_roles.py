"""Cascades, promotion, and an older PostgreSQL (FR-010, F15)."""

from __future__ import annotations

import asyncio
import time

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
