"""What the database refuses about schedules, whatever program connects (decision 8, S2, S5, FR-052)."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.requests.states import State
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.deny import deny
from bc_lib.services.requests.withdraw import withdraw
from bc_lib.services.schedules.edit import change
from tests.fixtures.database import Database
from tests.fixtures.requests import BUSINESS, IT, World, refused
from tests.fixtures.schedules import CALENDAR, NOON, at, look, minutes, scheduled, spec

VOTE = """
INSERT INTO bc.vote (request, plan_revision, plan_digest, person, issuer, subject, role, decision, channel, signed_in_how,
    signed_in_at, proof)
SELECT r.id, r.plan_revision, p.digest, 0, 'demo', :who, :held, 'approve', 'sql', 'demo', bc.now(), '{}'
FROM bc.request r JOIN bc.request_plan p ON p.request = r.id AND p.revision = r.plan_revision WHERE r.id = 'r-1'
"""
SCHEDULED = """
INSERT INTO bc.request (id, type, scope_kind, scope_name, target_site, reason, tier, environment, policy_version,
    policy_position, issuer, subject, key, key_digest, state, version, drill, schedule, due_at)
VALUES ('r-0', :type, 'resource', 'orders-db', 'ams', 'Practice', 1, 'test', 1, 1, 'demo', :who, 'k', 'd', 'Draft', 0, :drill,
    's-1', TIMESTAMPTZ '2027-03-01 12:10+00')
"""
SETTLE = """
INSERT INTO bc.schedule_occurrence (schedule, due_at, version, outcome)
VALUES ('s-1', CAST(:due AS timestamptz), 1, 'requested')
"""


def said(database: Database, role: str, statement: str, **values: object) -> str:
    """What the database says to a statement that it refuses."""
    with pytest.raises(DBAPIError) as found:
        database.sql(role, statement, **values)
    return str(found.value.orig)


def asked(world: World) -> None:
    """sam added a schedule, olga changed it, and its first date has come."""
    at(world, NOON)
    made = scheduled(world, who="sam")
    change(world.gate, CALENDAR, world.actor("olga"), made.id, 1, spec(title="Other"), "change")
    at(world, NOON + minutes(10))
    assert look(world).requested == 1


def test_editors_count_as_requesters(world: World) -> None:
    """S2, S5: olga asked through the schedule; sam edited it before and holds the role, and cannot approve either."""
    asked(world)
    request = world.gate.store.read.get("r-1")
    assert (request.requester_name, len(request.editors)) == ("Olga", 2)
    assert refused(approve, world.gate, world.actor("sam"), "r-1", IT) == "EDITOR_EXCLUDED"
    assert refused(deny, world.gate, world.actor("sam"), "r-1", IT, "no") == "EDITOR_EXCLUDED"
    assert "You edited schedule s-1, which asked for r-1" in said(
        world.database, "bc_ui", VOTE, who="sam", held="approver-it"
    )
    approve(world.gate, world.actor("ian"), "r-1", IT)
    assert approve(world.gate, world.actor("bea"), "r-1", BUSINESS).state is State.APPROVED
    assert withdraw(world.gate, world.actor("sam"), "r-1").state is State.CANCELLED


def test_a_later_editor_is_no_requester_of_what_was_asked_before(world: World) -> None:
    """Only versions up to the one that asked had a part in it."""
    at(world, NOON)
    made = scheduled(world)
    at(world, NOON + minutes(10))
    look(world)
    change(world.gate, CALENDAR, world.actor("sam"), made.id, 1, spec(title="Other"), "change")
    assert approve(world.gate, world.actor("sam"), "r-1", IT).state is State.PENDING_APPROVAL


def test_approvals_older_than_the_date_start_nothing(world: World) -> None:
    """FR-052: a vote whose time is before the date is there; the database takes neither approval nor start from it."""
    asked(world)
    at(world, NOON + minutes(9))
    approve(world.gate, world.actor("ian"), "r-1", IT)
    at(world, NOON + minutes(11))
    assert refused(approve, world.gate, world.actor("bea"), "r-1", BUSINESS) == "APPROVAL_OLDER"
    assert world.gate.store.read.get("r-1").state is State.PENDING_APPROVAL
    assert world.database.sql("bc_ui", "SELECT count(*) FROM bc.vote") == [(1,)]


def test_the_runner_asks_for_nothing_but_what_a_schedule_says(world: World) -> None:
    """bc_runner may insert requests: of a date that has come, once, as its schedule says, in its editor's name."""
    at(world, NOON)
    scheduled(world)
    database, given = world.database, {"type": "drill", "drill": "rehearsal", "who": "olga"}
    early = said(database, "bc_runner", SETTLE, due="2027-03-01 12:10+00")
    assert "Schedule s-1 has nothing to ask for at 2027-03-01 12:10 UTC" in early
    assert "has nothing to ask for" in said(database, "bc_runner", SETTLE, due="2027-03-01 11:50+00"), "older than it"
    assert "has nothing to ask for" in said(database, "bc_runner", SCHEDULED, **given), "no date settled"
    at(world, NOON + minutes(10))
    database.sql("bc_runner", SETTLE, due="2027-03-01 12:10+00")
    for wrong in ({"type": "failover", "drill": None}, {"drill": "live"}, {"who": "oscar"}):
        assert "has nothing to ask for" in said(database, "bc_runner", SCHEDULED, **{**given, **wrong}), wrong
    assert "Only bc_runner writes this" in said(database, "bc_ui", SCHEDULED, **given)
    database.sql("bc_runner", SCHEDULED, **given)
    assert "one_request_a_date" in said(database, "bc_runner", SCHEDULED.replace("'k'", "'k2'"), **given)


@pytest.mark.parametrize("late", [62, 24 * 60])
def test_too_late_is_never_requested(world: World, late: int) -> None:
    """The catch-up rule is in the database too (with a minute for the way there)."""
    at(world, NOON)
    scheduled(world)
    world.freeze_clock(NOON + minutes(10 + late))
    assert "has nothing to ask for" in said(world.database, "bc_runner", SETTLE, due="2027-03-01 12:10+00")


def test_who_may_write_what(world: World) -> None:
    """SEC-002: editors are operators and admins; what was said stays; nobody writes another's part."""
    at(world, NOON)
    scheduled(world)
    database = world.database
    copy = """
        INSERT INTO bc.schedule_version (schedule, version, state, title, type, drill, scope_kind, scope_name, reason, zone,
            starts, lasts_s, catch_up_s, issuer, subject, key)
        SELECT schedule, :version, 'active', title, type, drill, scope_kind, scope_name, reason, zone, starts, lasts_s,
            catch_up_s, 'demo', :who, 'k' FROM bc.schedule_version
    """
    for who in ("vera", "ian", "bea", "nobody"):
        assert "This needs the role operator or admin" in said(database, "bc_ui", copy, who=who, version=2)
    assert "Schedule s-1 changed since you looked at it" in said(database, "bc_ui", copy, who="ada", version=3)
    for role in ("bc_runner", "bc_poller", "bc_keeper"):
        assert "permission denied" in said(database, role, copy, who="olga", version=2)
        assert "permission denied" in said(database, role, "UPDATE bc.blackout SET ended_at = NULL")
    assert "permission denied" in said(database, "bc_ui", SETTLE, due="2027-03-01 11:50+00")
    assert "permission denied" in said(database, "bc_ui", "INSERT INTO bc.schedule_notice DEFAULT VALUES")
    for table in ("schedule_version", "schedule_occurrence", "schedule_notice", "blackout", "calendar_feed"):
        assert "permission denied" in said(database, "bc_ui", f"DELETE FROM bc.{table}")
    assert "never changed or removed" in said(database, "postgres", "UPDATE bc.schedule_version SET title = 'x'")
    assert "never changed or removed" in said(database, "postgres", "DELETE FROM bc.schedule_version")
