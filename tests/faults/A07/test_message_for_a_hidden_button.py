"""A07: a message for a hidden or disabled button is refused by the service, because no service trusts what was shown."""

from __future__ import annotations

from bc_lib.domain.requests.states import State
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.listing import waiting_on
from bc_lib.services.requests.withdraw import withdraw
from tests.fixtures.requests import BUSINESS, IT, World, refused


def dos(world: World, who: str) -> list[str]:
    """What this person is asked for."""
    return [each.do.value for item in waiting_on(world.gate, world.actor(who)).items for each in item.waits]


def test_buttons_that_are_not_shown(world: World) -> None:
    """For each person the inbox offers less than the services refuse: pressing the rest changes nothing."""
    request = world.ask("sam")
    assert dos(world, "sam") == ["consent"]
    assert dos(world, "ian") == ["approve"]
    assert refused(approve, world.gate, world.actor("sam"), request.id, IT) == "REQUESTER_EXCLUDED"
    assert refused(approve, world.gate, world.actor("ian"), request.id, BUSINESS) == "ROLE_MISSING"
    assert refused(confirm, world.gate, world.actor("olga"), request.id, request.phrase) == "WRONG_STATE"
    assert refused(withdraw, world.gate, world.actor("ada"), request.id) == "ROLE_MISSING"
    assert refused(approve, world.gate, world.actor("ian"), "r-1'; DROP TABLE bc.vote; --", IT) == "UNKNOWN_REQUEST"
    assert refused(approve, world.gate, world.actor("ian"), request.id, IT, revision=7) == "STALE_VERSION"
    assert world.state(request) is State.PENDING_APPROVAL


def test_after_the_button_has_gone(world: World) -> None:
    """The approver's own card is gone once they decided; olga gets the next one."""
    request = world.approved()
    assert dos(world, "ian") == []
    assert dos(world, "olga") == ["confirm", "consent"]
    assert refused(approve, world.gate, world.actor("ian"), request.id, IT) == "ALREADY_DECIDED"
