"""F33: a vote row inserted by SQL as bc_ui without a valid proof is refused by the runner, audited, told to security."""

from __future__ import annotations

import pytest

from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.votes import Statement
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.show import show
from bc_lib.services.requests.verify import verify_ready
from bc_lib.services.requests.void import void_changed
from bc_lib.store.codec import dumps
from tests.fixtures.requests import BUSINESS, IT, World, refused

FORGED = """
INSERT INTO bc.vote (request, plan_revision, plan_digest, person, issuer, subject, role, decision, channel, signed_in_how, signed_in_at, proof)
SELECT p.request, p.revision, p.digest, 0, 'demo', :who, :as_role, 'approve', 'ui', 'demo', bc.now(), CAST(:proof AS jsonb)
FROM bc.request_plan p WHERE p.request = :id ORDER BY p.revision DESC LIMIT 1
"""
MOVE = "UPDATE bc.request SET state = :state, last_event = :event, version = version + 1 WHERE id = :id"
CONFIRM = """
INSERT INTO bc.confirmation (request, plan_revision, issuer, subject, phrase, channel, proof)
VALUES (:id, 1, 'demo', 'olga', 'FAILOVER orders-db TO ams', 'ui', '{}')
"""
USE = """
INSERT INTO bc.breakglass_use (grant_id, request, plan_revision, plan_digest, issuer, subject, proof)
SELECT g.id, p.request, p.revision, p.digest, 'demo', 'olga', '{}'
FROM bc.request_plan p, bc.breakglass_grant g WHERE p.request = :id
"""


def proofs(world: World) -> dict[str, str]:
    """What a web process that has gone bad could write: nothing, noise, ian's own vote on something else, another's key."""
    world.let_rivals()
    elsewhere = world.ask("oscar")
    statement = Statement(
        request=elsewhere.id,
        plan_revision=1,
        plan_digest="0" * 64,
        decision="approve",
        role="approver-it",
        issuer="demo",
        subject="ian",
    )
    replayed = world.signed("ian", statement)
    other = world.signed(
        "olga",
        Statement(
            request="r-2",
            plan_revision=1,
            plan_digest="0" * 64,
            decision="approve",
            role="approver-it",
            issuer="demo",
            subject="olga",
        ),
    )
    return {
        "none": "{}",
        "noise": '{"method": "ed25519", "key_id": "x", "signature": "zz"}',
        "wrong types": '{"method": 1, "key_id": [], "signature": {}}',
        "replayed": dumps(replayed),
        "another's": dumps(other),
    }


@pytest.mark.parametrize("kind", ["none", "noise", "wrong types", "replayed", "another's"])
def test_forged_all_the_way_to_ready(world: World, kind: str) -> None:
    """Both votes and the confirmation by SQL: the database cannot tell, the runner refuses, and security hears of it."""
    request = world.ask()
    for who, role in (("ian", "approver-it"), ("bea", "approver-business")):
        proof = proofs(world)[kind]
        world.database.sql("bc_ui", FORGED, id=request.id, who=who, as_role=role, proof=proof)
    world.database.sql("bc_ui", MOVE, id=request.id, state="Approved", event="approve")
    world.database.sql("bc_ui", CONFIRM, id=request.id)
    world.database.sql("bc_ui", MOVE, id=request.id, state="ReadyToStart", event="confirm")
    assert refused(verify_ready, world.runner, request.id) == "PROOF_INVALID"
    assert world.state(request) is State.PENDING_APPROVAL
    assert ("denied", "request.start", "PROOF_INVALID") in world.audit.verbs()
    told = world.database.sql(
        "postgres", "SELECT channel FROM bc.outbox WHERE dedup_key LIKE '%forged' ORDER BY channel"
    )
    assert told == [("ops-mail",), ("security-1",), ("security-2",)]


def test_a_forged_confirmation_alone(world: World) -> None:
    """Two real votes do not make up for it."""
    request = world.approved()
    world.database.sql("bc_ui", CONFIRM, id=request.id)
    world.database.sql("bc_ui", MOVE, id=request.id, state="ReadyToStart", event="confirm")
    assert refused(verify_ready, world.runner, request.id) == "PROOF_INVALID"


def test_a_forged_vote_keeps_nobody_from_voting(world: World) -> None:
    """It is void as soon as anybody looks; the real persons decide on the next revision."""
    request = world.ask()
    world.database.sql("bc_ui", FORGED, id=request.id, who="ian", as_role="approver-it", proof="{}")
    assert show(world.gate, request.id).standing.ignored[0].code == "PROOF_INVALID"  # type: ignore[union-attr]
    assert refused(approve, world.gate, world.actor("bea"), request.id, BUSINESS) == "PROOF_INVALID"
    approve(world.gate, world.actor("ian"), request.id, IT)
    approve(world.gate, world.actor("bea"), request.id, BUSINESS)
    assert confirm(world.gate, world.actor("olga"), request.id, request.phrase).state is State.READY_TO_START
    assert void_changed(world.runner) == 0


def test_a_forged_break_glass_grant(world: World) -> None:
    """A grant written by SQL stands in for nobody."""
    request = world.ask()
    world.database.sql(
        "bc_ui",
        """
        INSERT INTO bc.breakglass_grant (incident, reason, scope_kind, scope_name, issuer, subject, granted_at, expires_at,
            review_due, proof)
        VALUES ('INC-1', 'x', 'resource', 'orders-db', 'demo', 'olga', bc.now(), bc.now() + interval '1 hour', bc.now(), '{}')
    """,
    )
    world.database.sql("bc_ui", USE, id=request.id)
    world.database.sql(
        "bc_ui",
        MOVE.replace("SET", "SET breakglass = (SELECT id FROM bc.breakglass_grant),"),
        id=request.id,
        state="Approved",
        event="break-glass",
    )
    world.database.sql("bc_ui", CONFIRM, id=request.id)
    world.database.sql("bc_ui", MOVE, id=request.id, state="ReadyToStart", event="confirm")
    assert refused(verify_ready, world.runner, request.id) == "PROOF_INVALID"
    assert world.state(request) is State.PENDING_APPROVAL
