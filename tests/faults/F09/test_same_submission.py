"""F09: the same submission 100 times in parallel is one request."""

from __future__ import annotations

from bc_lib.domain.requests.values import Request
from bc_lib.services.requests.create import create
from tests.fixtures.requests import World, new, refused, together


def test_a_hundred_at_once_are_one(world: World) -> None:
    """One request, one notice, one audit record; everybody is told its id."""
    submission = new(key="pressed")
    found = together(100, lambda _: create(world.gate, world.actor("olga"), submission))
    assert all(isinstance(each, Request) for each in found)
    assert {each.id for each in found if isinstance(each, Request)} == {"r-1"}
    assert len(world.gate.store.read.list().requests) == 1
    assert world.outbox() == ["request/r-1/1/created"]
    assert [verb for _, verb, _ in world.audit.verbs()] == ["request.create"]


def test_a_key_is_for_one_submission(world: World) -> None:
    """The same key for something else is refused; another key is another request."""
    world.ask(key="pressed")
    assert refused(world.ask, key="pressed", reason="Something else") == "KEY_REUSED"
    assert world.ask(key="again", scope="billing-db").id == "r-2"
