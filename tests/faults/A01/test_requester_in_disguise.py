"""A01: the requester approves through a second session, other letter case, an alias, a linked account: refused, audited."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.actor import Role
from bc_lib.domain.requests.states import State
from bc_lib.ports.people import SeenPerson
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.verify import verify_ready
from tests.fixtures.requests import BUSINESS, IT, World, refused

ALL = frozenset(Role)


@pytest.mark.parametrize(
    ("disguise", "code"),
    [
        ({}, "REQUESTER_EXCLUDED"),
        ({"how": "another session", "channel": "cli"}, "REQUESTER_EXCLUDED"),
        ({"subject": "SAM"}, "UNKNOWN_PERSON"),
        ({"subject": "sam@example.com"}, "UNKNOWN_PERSON"),
        ({"subject": "sam "}, "UNKNOWN_PERSON"),
        ({"issuer": "Demo"}, "UNKNOWN_PERSON"),
        ({"subject": "s\u0430m"}, "UNKNOWN_PERSON"),
        ({"display_name": "Ian"}, "REQUESTER_EXCLUDED"),
    ],
)
def test_disguises(world: World, disguise: dict[str, object], code: str) -> None:
    """Persons are compared through (issuer, subject); what somebody is called means nothing."""
    request = world.ask("sam")
    assert refused(approve, world.gate, world.actor("sam", roles=ALL, **disguise), request.id, IT) == code
    assert world.audit.verbs()[-1] == ("denied", "request.approve", code)
    assert world.state(request) is State.PENDING_APPROVAL


def test_a_linked_account_is_the_same_person(world: World) -> None:
    """Linked before: refused at once, in the service and by SQL."""
    request = world.ask("sam")
    world.directory.link("demo", "sam", "corp", "s.samson")
    assert (
        refused(approve, world.gate, world.actor("s.samson", issuer="corp", roles=ALL), request.id, IT)
        == "REQUESTER_EXCLUDED"
    )


def test_an_account_linked_afterwards(world: World) -> None:
    """Linked after the vote: the vote no longer counts, in the service and in the database."""
    request = world.approved()
    confirm(world.gate, world.actor("olga"), request.id, request.phrase)
    world.directory.link("demo", "olga", "demo", "ian")
    world.set_roles("olga", Role.OPERATOR, IT)
    with pytest.raises(DBAPIError, match="still needs 1 approver-it"):
        world.database.sql(
            "bc_runner", "UPDATE bc.request SET state = 'Running', last_event = 'start', version = version + 1"
        )
    assert refused(verify_ready, world.runner, request.id) == "APPROVAL_VOID"


def test_two_accounts_of_one_approver_count_once(world: World) -> None:
    """pat votes as pat, then as a linked account in the other role."""
    request = world.ask()
    approve(world.gate, world.actor("pat"), request.id, IT)
    world.directory.link("demo", "pat", "demo", "bea")
    assert refused(approve, world.gate, world.actor("bea", roles=ALL), request.id, BUSINESS) == "ALREADY_DECIDED"


def test_an_account_in_other_letters_cannot_be_made(world: World) -> None:
    """The directory keeps one spelling of an account."""
    with pytest.raises(DBAPIError, match="identity_one_case"):
        world.directory.bring([SeenPerson(issuer="demo", subject="Sam", name="Sam", roles=frozenset({IT}))])
