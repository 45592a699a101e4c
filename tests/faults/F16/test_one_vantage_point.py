"""F16: only we cannot reach the primary: it runs, so a failover asks for a second signal or an audited override."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bc_lib.domain.execution.findings import Finding, blocking
from bc_lib.domain.inventory import Execution
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import Request
from bc_lib.services.execution.consent import consent, loss_now
from bc_lib.services.execution.override import override
from bc_lib.testing.bad_targets import free_port
from tests.fixtures.moving import Moving
from tests.fixtures.requests import refused


@pytest.fixture
def blind(moving: Moving) -> Moving:
    """Our way to the primary is cut; the standby, the hosts and the clients still see it."""
    resource, nobody, site = moving.resources()[0], free_port(), moving.site
    ends = tuple(replace(end, port=nobody) if end.node == site else end for end in resource.endpoints)
    moving.changes["orders-db"] = {"endpoints": ends}
    moving.apply()
    moving.observe()
    return moving


def failover_of(moving: Moving) -> Request:
    """Confirmed, with the loss accepted."""
    request, gate = moving.ready(RequestType.FAILOVER, site=moving.other), moving.world.gate
    consent(gate, moving.world.actor("olga"), request.id, loss_now(gate, request.id))
    return request


def test_refused_without_a_second_signal(blind: Moving) -> None:
    """The standby still receives and the host says that it runs: not lost. Writers notice nothing."""
    effects, roles = blind.effects(), blind.pair.roles()
    with blind.pair.client() as client:
        request = failover_of(blind)
        assert (
            refused(
                override,
                blind.world.gate,
                blind.world.actor("ian"),
                request.id,
                "orders-db/second-signal",
                note="I know",
            )
            == "OVERRIDE_FORBIDDEN"
        )
        report = blind.run(request)
        client.more()
    assert report.state == State.FAILED
    assert not client.errors
    assert [finding.check for finding in stops(blind, request)] == ["second-signal"]
    assert (blind.effects(), blind.pair.roles()) == (effects, roles)


def test_override_needs_policy_reason_and_two_persons(blind: Moving) -> None:
    """Where the resource allows it: not the requester, with a reason, on tier 1 two persons; and it is audited."""
    execution = blind.resources()[0].execution
    assert isinstance(execution, Execution)
    blind.changes["orders-db"]["execution"] = replace(execution, allow_overrides=("second-signal",))
    blind.apply()
    old, new, gate = blind.site, blind.other, blind.world.gate
    blind.world.let_rivals()
    one, two = failover_of(blind), failover_of(blind)
    what = "orders-db/second-signal"
    assert refused(override, gate, blind.world.actor("ian"), one.id, what, note="") == "TEXT_INVALID"
    assert refused(override, gate, blind.world.actor("olga"), one.id, what, note="now") == "ROLE_MISSING"
    override(gate, blind.world.actor("ian"), one.id, what, note="The rack burns")
    assert blind.run(one).state == State.FAILED
    for name in ("ian", "ivy"):
        override(gate, blind.world.actor(name), two.id, what, note="The rack burns")
    report = blind.run(two)
    assert report.state == State.SERVICE_RESTORED, report.text
    assert blind.pair.roles() == {old: "down", new: "primary"}
    started = next(each for each in blind.audit(two) if each["verb"] == "request.start")
    assert started["payload"]["decisions"][0] == {
        "what": f"override {what}",
        "value": what,
        "by": "Ian and Ivy",
        "note": "The rack burns",
    }


def stops(moving: Moving, request: Request) -> list[Finding]:
    """Findings that forbade the start."""
    found = moving.read.prechecks(request.id)
    assert found is not None
    return list(blocking(found[1]))
