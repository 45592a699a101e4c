"""F15: an old primary comes back writable: nothing moves, nobody is demoted automatically, a person decides."""

from __future__ import annotations

from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.execution.consent import consent, loss_now
from tests.fixtures.moving import Moving


def test_two_primaries_block_every_move(moving: Moving) -> None:
    """Switchover and failover alike; both servers are left as they are, and no host gets an order."""
    switchover, failover = moving.ready(), moving.ready(RequestType.FAILOVER)
    gate = moving.world.gate
    consent(gate, moving.world.actor("olga"), failover.id, loss_now(gate, failover.id))
    moving.pair.sql(moving.other, "SELECT pg_promote(true)")
    effects = moving.effects()
    for request in (switchover, failover):
        report = moving.run(request)
        assert report.state == State.FAILED
        assert "Two servers take writes" in report.text
        assert "2 primaries" in report.text
        assert "Nothing is demoted automatically" in report.text
    assert moving.pair.roles() == {"fra": "primary", "ams": "primary"}
    assert moving.effects() == effects
