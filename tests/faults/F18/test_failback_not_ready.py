"""F18: failback before the first primary is resynchronised: refused with what it lacks."""

from __future__ import annotations

import re

import psycopg
import pytest

from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.states import RequestType, State
from tests.fixtures.moving import Moving
from tests.fixtures.pgcluster import wait_for

SLOT = "slot_fra"


def test_missing_bytes_are_named(moving: Moving) -> None:
    """At the submission, and again at the start of one that was approved before."""
    if moving.site == "fra":
        moving.move()
    moving.world.let_rivals()
    pair, approved = moving.pair, moving.ready(RequestType.FAILBACK)
    _cut(moving)
    pair.sql("ams", "INSERT INTO public.w SELECT -i FROM generate_series(1, 20000) i ON CONFLICT DO NOTHING")
    moving.observe()
    effects = moving.effects()
    try:
        with pytest.raises(Denial) as found:
            moving.asked(RequestType.FAILBACK, site="fra")
        assert found.value.code == "FAILBACK_NOT_READY"
        assert re.search(r"it lacks [\d.]+ [kKM]i?B", found.value.sentence), found.value.sentence
        with pytest.raises(Denial) as found:
            moving.run(approved)
        assert found.value.code in {"FAILBACK_NOT_READY", "PLAN_CHANGED"}
        assert moving.read.run(approved.id) is None
        assert moving.effects() == effects
    finally:
        pair.sql("ams", f"SELECT pg_create_physical_replication_slot('{SLOT}', true)")
    wait_for(lambda: pair.streams("fra"))
    pair.cluster.caught_up("fra", "ams")
    moving.observe()
    again = moving.move(RequestType.FAILBACK)
    assert moving.world.state(again) is State.SUCCEEDED
    assert moving.site == "fra"


def _cut(moving: Moving) -> None:
    """The standby is sent nothing any more."""
    pair = moving.pair

    def dropped() -> bool:
        pair.sql("ams", "SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
        try:
            pair.sql("ams", f"SELECT pg_drop_replication_slot('{SLOT}')")
        except psycopg.Error:
            return False  # in use again by the receiver that came back
        return True

    wait_for(dropped)
    wait_for(lambda: not pair.streams("fra"))
