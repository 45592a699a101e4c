"""The same refusals when rows are written with SQL, as bc_ui and as bc_runner (TC-002..006, decision 8)."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.requests.machine import EDGES
from bc_lib.domain.requests.refusals import SENTENCES
from bc_lib.domain.requests.states import State
from tests.fixtures.requests import World

VOTE = """
INSERT INTO bc.vote (request, plan_revision, plan_digest, person, issuer, subject, role, decision, channel, signed_in_how, signed_in_at, proof)
SELECT p.request, p.revision, p.digest, 0, 'demo', :who, :as_role, 'approve', 'ui', 'demo', bc.now(), '{}'
FROM bc.request_plan p WHERE p.request = :id ORDER BY p.revision DESC LIMIT 1
"""
MOVE = "UPDATE bc.request SET state = :state, last_event = :event, version = version + 1 WHERE id = :id"
CONFIRM = """
INSERT INTO bc.confirmation (request, plan_revision, issuer, subject, phrase, channel, proof)
VALUES (:id, 1, 'demo', :who, 'FAILOVER orders-db TO ams', 'ui', '{}')
"""


def refused(world: World, role: str, statement: str, **values: object) -> str:
    """What the database says."""
    with pytest.raises(DBAPIError) as found:
        world.database.sql(role, statement, **values)
    return str(found.value.orig)


def test_votes(world: World) -> None:
    """sam's own vote, a missing role, a second vote, an unknown account: the services' sentences."""
    request = world.ask("sam")
    assert SENTENCES["REQUESTER_EXCLUDED"].format(request=request.id) in refused(
        world, "bc_ui", VOTE, id=request.id, who="sam", as_role="approver-it"
    )
    missing = SENTENCES["ROLE_MISSING"].format(role="approver-it")
    for who in ("vera", "olga", "bea", "ada", "nobody", "IAN"):
        assert missing in refused(world, "bc_ui", VOTE, id=request.id, who=who, as_role="approver-it")
    world.database.sql("bc_ui", VOTE, id=request.id, who="pat", as_role="approver-it")
    assert "You have already decided" in refused(
        world, "bc_ui", VOTE, id=request.id, who="pat", as_role="approver-business"
    )
    for role in ("bc_runner", "bc_poller", "bc_keeper", "bc_reader"):
        said = refused(world, role, VOTE, id=request.id, who="ian", as_role="approver-it")
        assert "permission denied" in said or "read-only transaction" in said
    assert missing in refused(world, "postgres", VOTE, id=request.id, who="ian", as_role="approver-it")


def test_votes_only_while_pending(world: World) -> None:
    """Approved takes no more votes."""
    request = world.approved()
    assert "this can be done only while it is waiting for approval" in refused(
        world, "bc_ui", VOTE, id=request.id, who="ivy", as_role="approver-it"
    )


def test_every_step_that_is_no_edge(world: World) -> None:
    """All pairs of state and event, by every login: an update reaches no state that the table does not name."""
    request = world.ask()
    allowed = {
        (edge.event.value, edge.target.value)
        for edge in EDGES
        if edge.source is State.PENDING_APPROVAL and "bc_ui" in edge.by
    }
    for state in State:
        for event in {edge.event.value for edge in EDGES}:
            if (event, state.value) not in allowed and (event, state) != ("void", State.PENDING_APPROVAL):
                assert "cannot go from waiting for approval" in refused(
                    world, "bc_ui", MOVE, id=request.id, state=state.value, event=event
                )
    assert "cannot go from" in refused(world, "postgres", MOVE, id=request.id, state="Approved", event="approve")
    for role in ("bc_poller", "bc_keeper", "bc_owner"):
        assert "permission denied" in refused(world, role, MOVE, id=request.id, state="Approved", event="approve")
    assert world.state(request) is State.PENDING_APPROVAL


def test_edges_ask_for_what_they_need(world: World) -> None:
    """TC-005: not approved, not confirmed, not started, whatever is written."""
    request = world.ask()
    assert "still needs 1 approver-it and 1 approver-business" in refused(
        world, "bc_ui", MOVE, id=request.id, state="Approved", event="approve"
    )
    world.database.sql("bc_ui", VOTE, id=request.id, who="ian", as_role="approver-it")
    assert "still needs 1 approver-business" in refused(
        world, "bc_ui", MOVE, id=request.id, state="Approved", event="approve"
    )
    assert "this can be done only while it is approved" in refused(world, "bc_ui", CONFIRM, id=request.id, who="olga")
    world.database.sql("bc_ui", VOTE, id=request.id, who="bea", as_role="approver-business")
    world.database.sql("bc_ui", MOVE, id=request.id, state="Approved", event="approve")
    assert "was not confirmed with its phrase" in refused(
        world, "bc_ui", MOVE, id=request.id, state="ReadyToStart", event="confirm"
    )
    assert "This needs the role operator" in refused(world, "bc_ui", CONFIRM, id=request.id, who="ian")
    assert "type exactly" in refused(world, "bc_ui", CONFIRM.replace("TO ams", "TO fra"), id=request.id, who="olga")
    assert "cannot go from" in refused(world, "bc_runner", MOVE, id=request.id, state="Running", event="start")


def test_a_request_begins_as_a_draft(world: World) -> None:
    """Number, tier, environment, rule and state are the database's, whatever is written; viewers cannot ask."""
    insert = """
        INSERT INTO bc.request (id, type, scope_kind, scope_name, target_site, reason, tier, environment, policy_version, policy_position,
            issuer, subject, key, key_digest, state, version, plan_revision)
        VALUES ('r-77', 'failover', 'resource', 'orders-db', 'ams', 'x', 2, 'dev', 1, 2, 'demo', :who, 'k', 'd', 'ReadyToStart', 9, 4)
    """
    for who in ("vera", "ian", "ada", "nobody"):
        assert "This needs the role operator" in refused(world, "bc_ui", insert, who=who)
    world.database.sql("bc_ui", insert, who="olga")
    rows = world.database.sql(
        "bc_ui", "SELECT id, tier, environment, policy_position, state, version, plan_revision FROM bc.request"
    )
    assert rows == [("r-1", 1, "test", 1, "Draft", 0, 0)]
    for role in ("bc_poller", "bc_keeper"):
        assert "permission denied" in refused(world, role, insert, who="olga")
    # bc_runner asks in the name of a schedule only: tests/integration/schedules/test_sql_gate.py
    assert "This needs the role operator" in refused(world, "bc_runner", insert, who="olga")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM bc.vote",
        "UPDATE bc.vote SET decision = 'deny'",
        "TRUNCATE bc.vote",
        "DELETE FROM bc.request",
        "TRUNCATE bc.request CASCADE",
        "UPDATE bc.request_plan SET plan = '{}'",
        "DELETE FROM bc.request_plan",
        "DELETE FROM bc.confirmation",
        "DELETE FROM bc.request_history",
        "UPDATE bc.policy_need SET count = 9",
        "DELETE FROM bc.policy_rule",
        "UPDATE bc.request SET reason = 'x', version = version + 1",
        "UPDATE bc.request SET issuer = 'x', version = version + 1",
        "UPDATE bc.confirmation SET phrase = 'x'",
    ],
)
def test_what_was_said_stays(world: World, statement: str) -> None:
    """Neither the application nor the owner nor a superuser changes it while the guards stand."""
    world.ready()
    for role in ("bc_ui", "bc_runner", "bc_keeper", "bc_owner", "postgres"):
        said = refused(world, role, statement)
        assert any(
            word in said for word in ("permission denied", "never changed", "cannot be changed", "must be owner")
        ), (role, said)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO bc.role_assignment (person, role) VALUES (1, 'approver-it')",
        "UPDATE bc.role_assignment SET role = 'approver-it'",
        "UPDATE bc.identity SET person = 2",
        "UPDATE bc.vote_key SET public_key = repeat('0', 64)",
        "INSERT INTO bc.vote_key (key_id, issuer, subject, public_key) VALUES ('x', 'demo', 'ian', repeat('0', 64))",
        "UPDATE bc.person SET disabled = false",
        "INSERT INTO bc.policy_need VALUES (1, 2, 'approver-business', 1)",
        "ALTER TABLE bc.request DISABLE TRIGGER ALL",
        "DROP TRIGGER vote_written ON bc.vote",
        "SET ROLE bc_guard_owner",
        "UPDATE bc.breakglass_grant SET used_by = NULL",
        "SELECT bc.refuse('X')",
    ],
)
def test_the_application_cannot_make_its_own_rules(world: World, statement: str) -> None:
    """Decision 16: keys, persons, roles and rules are out of reach of bc_ui, bc_runner and bc_owner."""
    for role in ("bc_ui", "bc_runner", "bc_owner"):
        said = refused(world, role, statement)
        assert "permission denied" in said or "must be owner" in said
