"""A18: request flood, approval spam: rate-limited, others unaffected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bc_lib.services.guard import REFUSALS_A_MINUTE
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.create import REQUESTS_A_MINUTE
from bc_lib.services.requests.repeats import record_repeats
from tests.fixtures.requests import IT, World, refused


def test_a_flood_of_requests(world: World) -> None:
    """Ten a minute for one person; another one goes on, and so does the first a minute later."""
    world.let_rivals()
    for _ in range(REQUESTS_A_MINUTE):
        world.ask()
    assert refused(world.ask) == "TOO_MANY_REQUESTS"
    assert world.ask("oscar").id == f"r-{REQUESTS_A_MINUTE + 1}"
    world.freeze_clock(datetime.now(UTC) + timedelta(seconds=61))
    world.observe()
    assert world.ask().requester_name == "Olga"


def test_spam_of_approvals(world: World) -> None:
    """Counted, limited and recorded as two records a minute; somebody else approves meanwhile."""
    request = world.ask()
    world.freeze_clock(datetime.now(UTC).replace(second=1, microsecond=0))
    world.observe()
    codes = [refused(approve, world.gate, world.actor("bea"), request.id, IT) for _ in range(REFUSALS_A_MINUTE + 5)]
    assert codes == ["ROLE_MISSING"] * REFUSALS_A_MINUTE + ["RATE_LIMITED"] * 5
    approve(world.gate, world.actor("ian"), request.id, IT)
    assert [each for each in world.audit.verbs() if each[0] == "denied"] == [
        ("denied", "request.approve", "ROLE_MISSING"),
        ("denied", "request.approve", "RATE_LIMITED"),
    ]
    assert record_repeats(world.runner) == 0
    world.freeze_clock(datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(seconds=61))
    assert record_repeats(world.runner) == 2
    assert record_repeats(world.runner) == 0
    assert sorted(int(each.payload["repeated"]) for each in world.audit.entries[-2:]) == [4, REFUSALS_A_MINUTE - 1]
