"""F17: a second failover of the same group within its block period needs an acknowledgement with a reason."""

from __future__ import annotations

from bc_lib.domain.requests.states import State
from bc_lib.services.execution.acknowledge import acknowledge
from tests.fixtures.moving import Moving
from tests.fixtures.requests import refused


def test_second_failover(moving: Moving) -> None:
    """There and back within minutes is how a flapping link loses data twice: somebody has to want it."""
    first_site, gate = moving.site, moving.world.gate
    first = moving.lose_primary(moving.other)
    assert moving.run(first).state == State.SERVICE_RESTORED
    moving.rejoin(first)
    second, effects = moving.lose_primary(first_site), moving.effects()
    assert refused(moving.run, second) == "BLOCK_PERIOD"
    assert moving.audited(second)[-1] == ("request.start", "denied", "BLOCK_PERIOD")
    assert moving.effects() == effects
    assert refused(acknowledge, gate, moving.world.actor("olga"), second.id, note=" ") == "TEXT_INVALID"
    assert refused(acknowledge, gate, moving.world.actor("vera"), second.id, note="why") == "ROLE_MISSING"
    acknowledge(gate, moving.world.actor("olga"), second.id, note="The other site is gone now")
    report = moving.run(second)
    assert report.state == State.SERVICE_RESTORED, report.text
    assert moving.site == first_site
    moving.rejoin(second)
