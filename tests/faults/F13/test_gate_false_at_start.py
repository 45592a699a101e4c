"""F13: what was well when people approved is not at the start: blocked with the figure, nothing touched (TC-041)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bc_lib.domain.execution.outcome import Outcome
from bc_lib.domain.requests.states import State
from bc_lib.services.execution.prechecks import prechecks
from tests.fixtures.moving import Moving
from tests.fixtures.pgcluster import wait_for
from tests.fixtures.requests import TITLES


def test_replay_paused_since(moving: Moving) -> None:
    """Failed, untouched; the reason stands in the audit and in the notice."""
    request, effects, standby = moving.ready(), moving.effects(), moving.other
    moving.pair.sql(standby, "SELECT pg_wal_replay_pause()")
    try:
        report = moving.run(request)
    finally:
        moving.pair.sql(standby, "SELECT pg_wal_replay_resume()")
    assert report.state == State.FAILED
    assert f"Replay at {TITLES[standby]} is paused. (paused)" in report.text
    assert moving.audited(request)[-1] == ("request.start", Outcome.UNTOUCHED, "PRECHECK_FAILED")
    kind, text = moving.messages(request)[-1]
    assert (kind, "is paused" in text) == ("failed", True)
    assert moving.read.run(request.id) is None
    assert (moving.effects(), moving.site) == (effects, moving.site)
    assert moving.read.busy(["orders-db"]) == {}


def test_paused_after_evidence_that_is_still_young(moving: Moving) -> None:
    """Evidence may be a few seconds old; the run's first step looks again before anything is touched."""
    request, effects, standby = moving.ready(), moving.effects(), moving.other
    prechecks(moving.execution(), request.id)
    moving.pair.sql(standby, "SELECT pg_wal_replay_pause()")
    try:
        report = moving.run(request)
    finally:
        moving.pair.sql(standby, "SELECT pg_wal_replay_resume()")
    assert report.state == State.FAILED, report.text
    run = moving.read.run(request.id)
    assert run is not None
    assert run.outcome is Outcome.UNTOUCHED
    assert "paused" in run.step("orders-db/check").sentence
    assert moving.effects() == effects


@contextmanager
def held_up(moving: Moving) -> Iterator[None]:
    """Somebody's query at the standby holds up replay while clients write on."""
    pair, site, standby = moving.pair, moving.site, moving.other
    pair.sql(site, "CREATE TABLE public.read_there (a int)")
    pair.cluster.caught_up(standby, site)
    with pair.cluster.connect(standby) as reader, pair.client() as client:
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT * FROM public.read_there")
        pair.sql(site, "DROP TABLE public.read_there")
        lag = "SELECT coalesce(max(replay_lag), '0') > interval '1 s' FROM pg_stat_replication"
        wait_for(lambda: pair.sql(site, lag) == [(True,)])
        yield
        assert not client.errors, "clients noticed a move that was not begun"
    pair.cluster.caught_up(standby, site)


def test_lag_over_its_rpo(moving: Moving) -> None:
    """Seconds are compared to the RPO, also where the heartbeat itself tells of none."""
    moving.changes["orders-db"] = {"rpo_s": 0.5}
    moving.apply()
    moving.observe()
    request, effects = moving.ready(), moving.effects()
    with held_up(moving):
        report = moving.run(request)
    assert report.state == State.FAILED
    assert "more than the RPO of 0.5 s" in report.text
    assert moving.effects() == effects


def test_replay_held_up_within_the_rpo(moving: Moving) -> None:
    """The outage would last as long as the query there; so nothing is begun, and clients notice nothing."""
    moving.changes["orders-db"] = {"rpo_s": 600.0}
    moving.apply()
    moving.observe()
    request, effects = moving.ready(), moving.effects()
    with held_up(moving):
        report = moving.run(request)
    assert report.state == State.FAILED
    assert "Nothing was begun: a query at" in report.text
    run = moving.read.run(request.id)
    assert run is not None
    assert run.outcome is Outcome.UNTOUCHED
    assert moving.effects() == effects
