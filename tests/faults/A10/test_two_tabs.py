"""A10: an approval raced by two tabs, or replayed: one counts, the other is told."""

from __future__ import annotations

from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.create import create
from bc_lib.services.requests.deny import deny
from bc_lib.services.requests.show import show
from tests.fixtures.requests import IT, World, new, refused, together


def test_a_hundred_approvals_at_once(world: World) -> None:
    """One vote; ninety-nine refusals with a sentence, told to the audit as one record and a count."""
    request = world.ask()
    found = together(100, lambda _: approve(world.gate, world.actor("ian"), request.id, IT))
    assert sum(isinstance(each, Request) for each in found) == 1
    assert {each for each in found if isinstance(each, str)} <= {"ALREADY_DECIDED", "RATE_LIMITED"}
    assert len(show(world.gate, request.id).votes) == 1
    assert [each for each in world.audit.verbs() if each[0] == "completed"] == [
        ("completed", "request.create", None),
        ("completed", "request.approve", None),
    ]


def test_many_persons_at_once_are_all_heard(world: World) -> None:
    """Two different approvers at the same moment: both count, Approved once."""
    world.let_rivals()
    for _ in range(5):
        request = world.ask()
        roles = {"ian": IT, "bea": world.roles["bea"][0]}
        found = together(
            2,
            lambda number, request=request, roles=roles: approve(  # type: ignore[misc]
                world.gate, world.actor(list(roles)[number]), request.id, list(roles.values())[number]
            ),
        )
        assert all(isinstance(each, Request) for each in found)
        assert world.state(request) is State.APPROVED


def test_approve_and_deny_pressed_in_one_rerun(world: World) -> None:
    """Exactly one of them counts."""
    world.let_rivals()
    for _ in range(5):
        request = world.ask()
        calls = (
            lambda request=request: approve(world.gate, world.actor("ian"), request.id, IT),  # type: ignore[misc]
            lambda request=request: deny(world.gate, world.actor("ian"), request.id, IT, "No"),
        )  # type: ignore[misc]
        found = together(2, lambda number, calls=calls: calls[number]())  # type: ignore[misc]
        assert sorted(str(each) for each in found if isinstance(each, str)) == ["ALREADY_DECIDED"]
        votes = show(world.gate, request.id).votes
        assert len(votes) == 1
        assert world.state(request) is (State.REJECTED if votes[0].decision == "deny" else State.PENDING_APPROVAL)


def test_a_confirmation_twice(world: World) -> None:
    """Two operators confirm at once: one does, the other is told the state."""
    request = world.approved()
    who = ("olga", "oscar")
    found = together(2, lambda number: confirm(world.gate, world.actor(who[number]), request.id, request.phrase))
    assert sorted(str(each) for each in found if isinstance(each, str)) == ["WRONG_STATE"]


def test_a_replayed_proof_on_another_request(world: World) -> None:
    """A proof is for one request, plan and decision."""
    world.let_rivals()
    first, second = world.ask(), create(world.gate, world.actor("olga"), new())
    vote = show(world.gate, approve(world.gate, world.actor("ian"), first.id, IT).id).votes[0]
    assert refused(approve, world.gate, world.actor("ian"), second.id, IT, proof=vote.proof) == "PROOF_USED"
