"""By request, to the end: a standby that lacks a limit is not promoted, not resumed, and nothing is stopped for it."""

from __future__ import annotations

from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.execution.consent import consent, loss_now
from tests.fixtures.moving import Moving
from tests.fixtures.pgcluster import wait_for
from tests.fixtures.requests import TITLES

PAUSED = "SELECT pg_get_wal_replay_pause_state()"
NAME, VALUE = "max_worker_processes", "16"


def restarted(moving: Moving, node: str, **settings: str) -> None:
    server = moving.pair.cluster.servers[node]
    server.settings = {**server.settings, **settings}
    server.stop()
    server.start()


def test_a_switchover_ends_at_its_check_and_both_servers_go_on(moving: Moving) -> None:
    old, new, pair = moving.site, moving.other, moving.pair
    request = moving.ready()
    restarted(moving, old, **{NAME: VALUE})
    try:
        wait_for(lambda: pair.sql(new, PAUSED) == [("paused",)])
        moving.observe()
        before = moving.effects()
        with pair.client() as client:
            report = moving.run(request)
            client.more()
        assert report.state == State.FAILED, report.text
        assert (
            f"{TITLES[new]} cannot be promoted: raise {NAME} to {VALUE} at {TITLES[new]} and restart it." in report.text
        )
        assert moving.read.run(request.id) is None, "no step was begun"
        assert moving.effects_since(before) == {old: {}, new: {}}
        assert pair.roles() == {old: "primary", new: "standby"}
        assert pair.sql(new, PAUSED) == [("paused",)]
        assert client.missing(pair, old) == set()
    finally:
        restarted(moving, new, **{NAME: VALUE})
    moving.settled()


def test_a_failover_ends_at_its_check_and_goes_through_once_the_limit_is_raised(moving: Moving) -> None:
    old, new, pair = moving.site, moving.other, moving.pair
    limit = pair.cluster.servers[new].settings.get(NAME, "8")
    higher = str(int(limit) + 8)

    def raised() -> None:
        restarted(moving, old, **{NAME: higher})
        wait_for(lambda: pair.sql(new, PAUSED) == [("paused",)])
        moving.observe()

    request = moving.lose_primary(new, before=raised)
    before = moving.effects()
    report = moving.run(request)
    assert report.state == State.FAILED, report.text
    assert f"{TITLES[new]} cannot be promoted: raise {NAME} to {higher} at {TITLES[new]} and restart it." in report.text
    assert moving.read.run(request.id) is None, "no step was begun"
    assert moving.effects_since(before) == {old: {}, new: {}}
    assert pair.roles() == {old: "down", new: "standby"}
    assert pair.sql(new, PAUSED) == [("paused",)]
    restarted(moving, new, **{NAME: higher})
    moving.observe()
    again = moving.ready(RequestType.FAILOVER, site=new, retry_of=request.id)
    consent(moving.world.gate, moving.world.actor("olga"), again.id, loss_now(moving.world.gate, again.id))
    report = moving.run(again)
    assert report.state == State.SERVICE_RESTORED, report.text
    moving.rejoin(again)
