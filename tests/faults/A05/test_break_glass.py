"""A05: incident reference and fresh sign-on, one use, 60 minutes, two addresses told, review due and overdue (TC-006, SEC-006)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.actor import Role
from bc_lib.domain.inventory import Channel, ChannelKind
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import State
from bc_lib.services.breakglass.grant import grant
from bc_lib.services.breakglass.listing import list_grants
from bc_lib.services.breakglass.review import review
from bc_lib.services.breakglass.use import use
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.deny import deny
from bc_lib.services.requests.show import show
from bc_lib.services.requests.verify import verify_ready
from tests.fixtures.requests import IT, World, later, refused

SCOPE = Scope(kind="resource", name="orders-db")
WHY = "Site dark, approvers unreachable"


def break_glass(world: World, who: str = "olga", incident: str = "INC-1", minutes: int = 60):  # type: ignore[no-untyped-def]
    """A grant for orders-db."""
    return grant(world.gate, world.actor(who), SCOPE, incident, WHY, minutes)


def test_one_use_stands_in_for_the_approvers_only(world: World) -> None:
    """Approved with a badge; the phrase and the checks stay; a second use is refused."""
    world.let_rivals()
    first, second = world.ask(), world.ask()
    given = break_glass(world)
    assert given.expires_at - given.granted_at == timedelta(minutes=60)
    assert use(world.gate, world.actor("olga"), given.id, first.id).state is State.APPROVED
    assert refused(use, world.gate, world.actor("olga"), given.id, second.id) == "GRANT_NOT_VALID"
    assert refused(confirm, world.gate, world.actor("olga"), first.id, "yes") == "PHRASE_WRONG"
    confirm(world.gate, world.actor("olga"), first.id, first.phrase)
    assert verify_ready(world.runner, first.id).state is State.READY_TO_START
    view = show(world.gate, first.id)
    assert view.grant is not None
    assert (view.grant.incident, view.grant.used_by) == ("INC-1", first.id)
    assert "skipped: 1 approver-it and 1 approver-business" in str(view.history[-2].reason)


def test_security_is_told_at_two_addresses_and_the_skipped_approvers_why(world: World) -> None:
    """In the same transaction, so within one pass of the outbox; the notice carries the reason."""
    request = world.ask()
    given = break_glass(world)
    use(world.gate, world.actor("olga"), given.id, request.id)
    told = world.database.sql(
        "postgres",
        """
        SELECT channel, notification->>'alert_name', notification->>'body' FROM bc.outbox WHERE notification->>'alert_name' LIKE '%G%D'
        OR notification->>'alert_name' LIKE '%GLASS' ORDER BY id""",
    )
    granted = {channel for channel, name, _ in told if name == "REQUEST_GRANTED"}
    assert {"security-1", "security-2"} <= granted
    used = [(channel, str(body)) for channel, name, body in told if name == "REQUEST_BREAK_GLASS"]
    assert {channel for channel, _ in used} == {"ops-mail", "security-1", "security-2"}
    assert all(WHY in body and "INC-1" in body for _, body in used)


@pytest.mark.parametrize("names", [("ops-mail", "security-1"), ("ops-mail", "security-1", "security-2")])
def test_without_two_addresses_there_is_no_grant(world: World, names: tuple[str, ...]) -> None:
    """Nobody breaks glass unseen: two channels with one address are one that is told."""
    world.apply(channels=tuple(Channel(name=name, kind=ChannelKind.MAIL, url="env:X") for name in names))
    assert refused(break_glass, world) == "SECURITY_CHANNELS"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"incident": ""}, "INCIDENT_REQUIRED"),
        ({"incident": "12 34"}, "INCIDENT_REQUIRED"),
        ({"minutes": 61}, "GRANT_TOO_LONG"),
        ({"minutes": 0}, "GRANT_TOO_LONG"),
        ({"who": "ian"}, "ROLE_MISSING"),
        ({"who": "vera"}, "ROLE_MISSING"),
    ],
)
def test_what_a_grant_needs(world: World, change: dict[str, object], code: str) -> None:
    """Each refusal has its code and is audited."""
    assert refused(break_glass, world, **change) == code
    assert world.audit.verbs()[-1] == ("denied", "request.grant", code)


def test_a_fresh_sign_in(world: World) -> None:
    """Not with yesterday's session."""
    assert (
        refused(grant, world.gate, world.actor("olga", at=later(-16 * 60)), SCOPE, "INC-1", WHY)
        == "FRESH_SIGN_IN_REQUIRED"
    )


def test_not_over_time_not_by_others_not_for_others_not_against_a_denial(world: World) -> None:
    """A grant is narrow; the limit itself is too late."""
    world.let_rivals()
    request, elsewhere, denied = world.ask(), world.ask(scope="billing-db"), world.ask()
    given = break_glass(world)
    deny(world.gate, world.actor("ian"), denied.id, IT, "No")
    assert refused(use, world.gate, world.actor("oscar"), given.id, request.id) == "GRANT_NOT_VALID"
    assert refused(use, world.gate, world.actor("olga"), given.id, elsewhere.id) == "GRANT_NOT_VALID"
    assert refused(use, world.gate, world.actor("olga"), given.id, denied.id) == "WRONG_STATE"
    assert refused(use, world.gate, world.actor("olga"), 99, request.id) == "UNKNOWN_GRANT"
    world.freeze_clock(given.expires_at)
    assert refused(use, world.gate, world.actor("olga", at=given.expires_at), given.id, request.id) == "GRANT_NOT_VALID"


def test_the_overdue_review_rule(world: World) -> None:
    """SEC-006: an overdue review of an earlier incident blocks the next grant, never one for the same incident."""
    first = break_glass(world)
    second = break_glass(world, incident="INC-2")
    review(world.gate, world.actor("ada"), second.id, "Fine")
    world.freeze_clock(first.review_due)
    world.bring()
    fresh = world.actor("olga", at=first.review_due)
    assert [view.overdue for view in list_grants(world.gate)] == [True, False]
    assert refused(grant, world.gate, fresh, SCOPE, "INC-3", WHY) == "REVIEW_OVERDUE"
    with pytest.raises(DBAPIError, match=r"review of break-glass 1 \(incident INC-1\) is overdue"):
        world.database.sql(
            "bc_ui",
            """INSERT INTO bc.breakglass_grant (incident, reason, scope_kind, scope_name, issuer, subject, granted_at,
            expires_at, review_due, proof) VALUES ('INC-3', 'x', 'resource', 'orders-db', 'demo', 'olga', bc.now(),
            bc.now() + interval '1 hour', bc.now(), '{}')""",
        )
    again = grant(world.gate, fresh, SCOPE, "inc-1", WHY)
    for each in (first, again):
        review(world.gate, world.actor("ada", at=first.review_due), each.id, "Approvers had no phone.\nFixed.")
    assert grant(world.gate, fresh, SCOPE, "INC-3", WHY).open


def test_who_reviews(world: World) -> None:
    """Somebody else, once, with findings."""
    world.set_roles("olga", Role.OPERATOR, Role.ADMIN)
    given = break_glass(world)
    assert refused(review, world.gate, world.actor("olga"), given.id, "Fine") == "REVIEWER_EXCLUDED"
    assert refused(review, world.gate, world.actor("oscar"), given.id, "Fine") == "ROLE_MISSING"
    assert refused(review, world.gate, world.actor("ian"), given.id, "  ") == "TEXT_INVALID"
    assert review(world.gate, world.actor("ian"), given.id, "Fine").reviewed_by == "Ian"
    assert refused(review, world.gate, world.actor("bea"), given.id, "Again") == "GRANT_REVIEWED"


def test_a_new_plan_needs_a_new_grant(world: World) -> None:
    """The grant stood in for the approvers of one plan revision."""
    request = world.ask()
    use(world.gate, world.actor("olga"), break_glass(world).id, request.id)
    world.observe(lag_s=60.0)
    assert refused(confirm, world.gate, world.actor("olga"), request.id, request.phrase) == "PLAN_CHANGED"
    assert len(show(world.gate, request.id).missing) == 2
    again = use(world.gate, world.actor("olga"), break_glass(world).id, request.id)
    assert confirm(world.gate, world.actor("olga"), again.id, again.phrase).state is State.READY_TO_START


USE = """
INSERT INTO bc.breakglass_use (grant_id, request, plan_revision, plan_digest, issuer, subject, proof)
SELECT CAST(:grant AS bigint), request, revision, digest, 'demo', 'olga', '{}' FROM bc.request_plan WHERE request = :id
"""


def test_by_sql_a_grant_is_spent_once(world: World) -> None:
    """The database's guard, for two requests at once."""
    world.let_rivals()
    first, second = world.ask(), world.ask()
    given = break_glass(world)
    for each in (first, second):
        world.database.sql("bc_ui", USE, grant=given.id, id=each.id)
    move = "UPDATE bc.request SET state = 'Approved', last_event = 'break-glass', breakglass = :grant, version = version + 1 WHERE id = :id"
    world.database.sql("bc_ui", move, grant=given.id, id=first.id)
    with pytest.raises(DBAPIError, match="cannot be used"):
        world.database.sql("bc_ui", move, grant=given.id, id=second.id)
