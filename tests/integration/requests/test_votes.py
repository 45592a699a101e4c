"""Two persons, one voice each, decided once (FR-031, S2, A01, A10)."""

from __future__ import annotations

import pytest

from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.create import create
from bc_lib.services.requests.deny import deny
from bc_lib.services.requests.show import show
from bc_lib.services.requests.withdraw import withdraw
from tests.fixtures.requests import BUSINESS, IT, World, later, new, refused


def test_one_person_with_both_roles_counts_once(world: World) -> None:
    """S2: pat holds both approver roles, and is one person."""
    request = world.ask()
    approve(world.gate, world.actor("pat"), request.id, IT)
    assert refused(approve, world.gate, world.actor("pat"), request.id, BUSINESS) == "ALREADY_DECIDED"
    view = show(world.gate, request.id)
    assert (view.request.state, [(need.role, need.count) for need in view.missing]) == (
        State.PENDING_APPROVAL,
        [(BUSINESS, 1)],
    )


def test_tier_two_needs_one(world: World) -> None:
    """FR-031: one Approver-IT; a business approver is not asked."""
    request = world.ask(scope="reports-db")
    assert refused(approve, world.gate, world.actor("bea"), request.id, BUSINESS) == "NOT_A_NEEDED_ROLE"
    assert approve(world.gate, world.actor("ian"), request.id, IT).state is State.APPROVED


def test_a_group_takes_the_strictest_of_its_members(world: World) -> None:
    """The group's plan goes through all members in dependency order."""
    request = world.ask(scope="payments")
    view = show(world.gate, request.id)
    assert request.tier == 1
    assert [target.resource for target in view.plan.plan.targets] == ["orders-db", "billing-db"]
    assert view.plan.plan.effect == "Clients of payments (2 databases) would write at Amsterdam instead of Frankfurt."


def test_one_denial_ends_it(world: World) -> None:
    """A deny by any required role, with its reason; nothing follows."""
    request = world.ask()
    approve(world.gate, world.actor("ian"), request.id, IT)
    assert refused(deny, world.gate, world.actor("bea"), request.id, BUSINESS, " ") == "DENIAL_NEEDS_REASON"
    assert deny(world.gate, world.actor("bea"), request.id, BUSINESS, "Month end").state is State.REJECTED
    assert refused(approve, world.gate, world.actor("pat"), request.id, BUSINESS) == "WRONG_STATE"
    assert world.outbox()[-1] == f"request/{request.id}/2/denied"
    assert show(world.gate, request.id).history[-1].reason == "Month end"


def test_only_the_requester_withdraws(world: World) -> None:
    """Cancelled, told, and over."""
    request = world.approved()
    assert refused(withdraw, world.gate, world.actor("oscar"), request.id) == "REQUESTER_ONLY"
    assert withdraw(world.gate, world.actor("olga"), request.id, reason="Power is back").state is State.CANCELLED
    assert refused(confirm, world.gate, world.actor("olga"), request.id, request.phrase) == "WRONG_STATE"
    assert world.outbox()[-1] == f"request/{request.id}/3/cancelled"


def test_a_retry_is_a_new_request(world: World) -> None:
    """S5: it names the old one and takes none of its approvals."""
    old = world.approved()
    assert refused(create, world.gate, world.actor("olga"), new(retry_of=old.id)) == "RETRY_UNKNOWN"
    withdraw(world.gate, world.actor("olga"), old.id)
    again = world.ask(retry_of=old.id)
    assert (again.retry_of, again.state, show(world.gate, again.id).votes) == (old.id, State.PENDING_APPROVAL, ())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scope": "no-such-db"}, "UNKNOWN_SCOPE"),
        ({"site": "lon"}, "TARGET_SITE_UNKNOWN"),
        ({"site": "fra"}, "ALREADY_THERE"),
        ({"reason": "two\nlines"}, "TEXT_INVALID"),
        ({"reason": ""}, "TEXT_INVALID"),
        ({"ticket": "\u202e"}, "TEXT_INVALID"),
        ({"retry_of": "r-999"}, "UNKNOWN_REQUEST"),
        ({"window_start": later(60)}, "WINDOW_INVALID"),
        ({"window_start": later(-60), "window_end": later(-30)}, "WINDOW_INVALID"),
        ({"scope": "x\0'\u202e" * 40}, "UNKNOWN_SCOPE"),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, change: dict[str, object], code: str) -> None:
    """Each with one printable sentence, and nothing stored."""
    with pytest.raises(Denial) as found:
        create(world.gate, world.actor("olga"), new(**change))  # type: ignore[arg-type]
    assert found.value.code == code
    assert found.value.sentence.isprintable()
    assert world.gate.store.read.list().requests == ()


def test_a_window_is_waited_for(world: World) -> None:
    """Approved keeps until the window's end; confirming before it opens is refused."""
    request = world.approved(window_start=later(80_000), window_end=later(90_000))
    assert request.expires_at == request.window_end
    assert refused(confirm, world.gate, world.actor("olga"), request.id, request.phrase) == "WINDOW_NOT_OPEN"


def test_the_policy_asks_for_a_ticket(world: World) -> None:
    """Required and of a form, by policy; a new version voids what was approved under the old one."""
    request = world.approved()
    world.database.sql(
        "postgres",
        """
        WITH rule AS (INSERT INTO bc.policy_rule (version, position, name, ticket_required, ticket_pattern)
                      VALUES (2, 1, 'All', true, 'CHG[0-9]+') RETURNING version, position)
        INSERT INTO bc.policy_need SELECT version, position, 'approver-it', 2 FROM rule""",
    )
    assert refused(create, world.gate, world.actor("olga"), new()) == "TICKET_REQUIRED"
    assert refused(create, world.gate, world.actor("olga"), new(ticket="12")) == "TICKET_INVALID"
    assert world.ask(ticket="CHG12", kind=RequestType.DRILL, scope="billing-db").policy_version == 2
    assert refused(confirm, world.gate, world.actor("olga"), request.id, request.phrase) == "PLAN_CHANGED"
    approve(world.gate, world.actor("ian"), request.id, IT)
    assert world.state(request) is State.PENDING_APPROVAL
    assert approve(world.gate, world.actor("ivy"), request.id, IT).state is State.APPROVED


def test_without_audit_nothing_happens(world: World) -> None:
    """F23: no audit, no change."""
    request = world.ask()
    world.audit.away = True
    assert refused(approve, world.gate, world.actor("ian"), request.id, IT) == "AUDIT_UNAVAILABLE"
    world.audit.away = False
    assert show(world.gate, request.id).votes == ()
