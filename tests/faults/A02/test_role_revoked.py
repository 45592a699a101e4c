"""A02: an approver's role revoked between approval and start: the approval is void."""

from __future__ import annotations

import pytest

from bc_lib.domain.requests.states import State
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.show import show
from bc_lib.services.requests.verify import verify_ready
from bc_lib.services.requests.void import void_changed
from tests.fixtures.requests import World, refused


def test_before_the_confirmation(world: World) -> None:
    """The sentence names the person and the role; the votes are gone."""
    request = world.approved()
    world.set_roles("ian")
    assert refused(confirm, world.gate, world.actor("olga"), request.id, request.phrase) == "APPROVAL_VOID"
    view = show(world.gate, request.id)
    assert (view.request.state, view.plan.because) == (
        State.PENDING_APPROVAL,
        "Ian no longer holds the role approver-it",
    )


def test_before_the_start(world: World) -> None:
    """Read again by the runner, and by the database."""
    request = world.ready()
    world.set_roles("bea")
    with pytest.raises(Exception, match="still needs 1 approver-business"):
        world.database.sql(
            "bc_runner", "UPDATE bc.request SET state = 'Running', last_event = 'start', version = version + 1"
        )
    assert refused(verify_ready, world.runner, request.id) == "APPROVAL_VOID"
    assert world.state(request) is State.PENDING_APPROVAL


def test_a_person_switched_off(world: World) -> None:
    """A09 as well: the account's votes do not count any more, and it can do nothing."""
    request = world.approved()
    world.directory.disable("demo", "ian")
    assert void_changed(world.runner) == 1
    assert world.state(request) is State.PENDING_APPROVAL
    assert refused(world.ask, "ian") == "PERSON_DISABLED"
