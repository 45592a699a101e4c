"""Both drills on a real pair: a rehearsal leaves nothing behind, a live one goes there, holds, and comes back."""

from __future__ import annotations

from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.execution.end_hold import end_hold
from tests.fixtures.moving import Moving
from tests.fixtures.requests import refused


def test_rehearsal_leaves_no_effect(moving: Moving) -> None:
    """Everything but the effects, counted at the target: no order to a host, the same timeline, nobody waited."""
    effects, timeline, roles = moving.effects(), moving.timeline(), moving.pair.roles()
    probes = moving.pair.sql(moving.site, "SELECT * FROM public.bc_write_probe")
    with moving.pair.client() as client:
        request = moving.move(RequestType.DRILL)
        client.more()
    assert not client.errors
    assert (moving.effects(), moving.timeline(), moving.pair.roles()) == (effects, timeline, roles)
    assert moving.pair.sql(moving.site, "SELECT * FROM public.bc_write_probe") == probes
    run = moving.read.run(request.id)
    assert run is not None
    assert run.outage_began_at is None
    assert [each.step.action for each in run.steps] == ["check", "rehearse"]
    rehearsed = run.step("orders-db/rehearse")
    assert rehearsed.facts["estimated_outage_s"] > 0
    assert {finding.severity for finding in rehearsed.findings} <= {Severity.OK, Severity.WARN}
    assert moving.told(request)[-1] == "succeeded"


def test_live_drill_there_and_back(moving: Moving) -> None:
    """Clients really write at the other site until somebody ends the hold; nothing is lost on both ways."""
    home, away = moving.site, moving.other
    effects, timeline, world = moving.effects(), moving.timeline(), moving.world
    with moving.pair.client() as client:
        request = moving.ready(RequestType.DRILL, drill=DrillKind.LIVE)
        report = moving.run(request)
        assert report.state == State.RUNNING, report.text
        assert moving.site == away
        assert moving.pair.streams(home)
        client.more()
        assert moving.again(request).state == State.RUNNING
        assert moving.site == away
        assert refused(end_hold, world.gate, world.actor("vera"), request.id, "orders-db/hold") == "ROLE_MISSING"
        assert refused(end_hold, world.gate, world.actor("olga"), request.id, "orders-db/move") == "STEP_NOT_WAITING"
        end_hold(world.gate, world.actor("olga"), request.id, "orders-db/hold")
        report = moving.again(request)
        assert report.state == State.SUCCEEDED, report.text
        client.more()
    assert moving.site == home
    assert not client.missing(moving.pair, home)
    assert moving.timeline() == timeline + 2
    once = {"stop": 1, "start-as-standby": 1}
    assert moving.effects_since(effects) == {home: once, away: once}
    run = moving.read.run(request.id)
    assert run is not None
    assert (run.owed, run.unprotected_since) == ((), None)
    assert "Ended by Olga." in run.step("orders-db/hold").sentence
