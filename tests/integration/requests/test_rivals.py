"""One open request for a resource (FR-030): who comes second is refused with its name, however many ask at once."""

from __future__ import annotations

import pytest

from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.breakglass.grant import grant
from bc_lib.services.requests.create import create
from bc_lib.services.requests.deny import deny
from bc_lib.services.requests.withdraw import withdraw
from tests.fixtures.requests import IT, World, new, refused, together

SWITCHOVER, DRILL = RequestType.SWITCHOVER, RequestType.DRILL


def test_the_second_is_refused_with_the_name_of_the_first(world: World) -> None:
    """Another person, another type, the same resource: one sentence, audited."""
    first = world.ask()
    with pytest.raises(Denial) as denied:
        world.ask("oscar", kind=SWITCHOVER)
    assert denied.value.code == "OPEN_REQUEST"
    assert denied.value.sentence == (
        f"orders-db is part of {first.id} already (failover of orders-db to Amsterdam, asked for by Olga), which is not "
        "over: see that through, or have it withdrawn or denied, before you ask again."
    )
    assert ("denied", "request.create", "OPEN_REQUEST") in world.audit.verbs()


@pytest.mark.parametrize(("first", "second"), [("payments", "billing-db"), ("billing-db", "payments")])
def test_a_group_and_its_member(world: World, first: str, second: str) -> None:
    """Overlapping in either direction; a resource that is in neither is free."""
    world.ask(scope=first)
    assert refused(world.ask, "oscar", scope=second) == "OPEN_REQUEST"
    assert world.ask("oscar", scope="reports-db").state is State.PENDING_APPROVAL


@pytest.mark.parametrize("ending", ["withdrawn", "denied"])
def test_free_again_once_it_is_over(world: World, ending: str) -> None:
    """Who is in the way is told what ends it, and that does."""
    first = world.ask()
    if ending == "withdrawn":
        withdraw(world.gate, world.actor("olga"), first.id)
    else:
        deny(world.gate, world.actor("ian"), first.id, IT, "not tonight")
    assert world.ask("oscar").state is State.PENDING_APPROVAL


@pytest.mark.parametrize("many", [2, 8])
def test_exactly_one_of_many_at_once(world: World, many: int) -> None:
    """Different persons and types press together: the database admits one."""
    people, kinds = ("olga", "oscar"), (RequestType.FAILOVER, SWITCHOVER, DRILL)
    scopes = ("orders-db", "payments")

    def press(number: int) -> object:
        wanted = new(kinds[number % 3], scopes[number % 2])
        return create(world.gate, world.actor(people[number % 2]), wanted).id

    found = together(many, press)
    assert sorted(str(each)[:2] for each in found) == ["OP"] * (many - 1) + ["r-"], found
    assert len(world.gate.store.read.list().requests) == 1


def test_two_presses_of_one_person_are_one_request(world: World) -> None:
    """F09: the same key is the same submission, and no rival of itself."""
    found = together(2, lambda _: world.ask(key="one-press").id)
    assert found[0] == found[1]


def test_a_retry_stands_beside_another_and_not_beside_itself(world: World) -> None:
    """S5: it names a request that is over; two retries of the same one compete."""
    old = world.ask()
    withdraw(world.gate, world.actor("olga"), old.id)
    world.ask("oscar")
    assert world.ask(retry_of=old.id).state is State.PENDING_APPROVAL
    assert refused(world.ask, "oscar", retry_of=old.id) == "OPEN_REQUEST"


def test_break_glass_may_ask_beside_it(world: World) -> None:
    """SEC-006: in an incident a forgotten request is in nobody's way, and only its holder passes."""
    world.ask(kind=DRILL)
    scope = Scope(kind="resource", name="orders-db")
    assert refused(world.ask, "oscar") == "OPEN_REQUEST"
    grant(world.gate, world.actor("oscar"), scope, "INC-1", "site is burning", 30)
    assert world.ask("oscar").state is State.PENDING_APPROVAL
    assert refused(world.ask, "olga") == "OPEN_REQUEST"


def test_an_insert_past_the_service_is_refused_too(world: World) -> None:
    """Decision 8: the guard says the same, whatever program connects."""
    first = world.ask()
    wanted, plan = new(SWITCHOVER), world.gate.store.read.plan(first.id).plan
    with (
        pytest.raises(Denial, match=f"orders-db is part of {first.id} already") as denied,
        world.gate.store.work() as work,
    ):
        work.create(wanted, world.actor("oscar"), plan, "digest", "Oscar")
    assert denied.value.code == "OPEN_REQUEST"
