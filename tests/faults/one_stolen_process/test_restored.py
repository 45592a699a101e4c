"""The shared database is restored from a copy: nothing of before counts, and no number is given out twice (decision 18)."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.requests.states import State
from bc_lib.services.breakglass.grant import grant
from bc_lib.services.breakglass.use import use
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.verify import verify_ready
from bc_lib.services.requests.void import void_changed
from bc_lib.store.admin import begin_incarnation
from bc_lib.store.codec import dumps
from tests.faults.one_stolen_process.test_unproven_words import records
from tests.faults.one_stolen_process.test_words_once import SCOPE
from tests.fixtures.requests import BUSINESS, IT, World, refused

TERM = "INSERT INTO bc.run_term (request, holder) VALUES (:id, :holder) RETURNING epoch"


def restore(world: World) -> int:
    """What people do after they restored it."""
    return begin_incarnation(
        world.database.url("postgres"), "restored from Sunday's copy", database=world.database.name
    )


def test_votes_and_confirmation_of_before_are_void(world: World) -> None:
    """Nobody is said to have forged anything; they are asked again, and the audit says since when."""
    request = world.ready()
    assert restore(world) == 2
    assert void_changed(world.runner) == 1
    assert world.state(request) is State.PENDING_APPROVAL
    assert "before the shared database was restored" in str(world.gate.store.read.history(request.id)[-1].reason)
    assert not [key for key in world.outbox() if "forged" in key or "unproven" in key]
    assert len(records(world, "instance.begin")) == 1


def test_a_request_of_before_never_starts(world: World) -> None:
    """It may have been carried out after the copy was made; the next one has a number that was never given out."""
    request = world.ask()
    restore(world)
    for who, role in (("ian", IT), ("bea", BUSINESS)):
        approve(world.gate, world.actor(who), request.id, role)
    confirm(world.gate, world.actor("olga"), request.id, request.phrase)
    assert verify_ready(world.runner, request.id).state is State.READY_TO_START
    move = "UPDATE bc.request SET state = 'Running', last_event = 'start', version = version + 1 WHERE id = :id"
    with pytest.raises(DBAPIError, match="was asked for before the shared database was restored"):
        world.database.sql("bc_runner", move, id=request.id)
    world.let_rivals()
    assert world.ask().id == "r-1000001"


def test_epochs_go_on_above_whatever_was_forgotten(world: World) -> None:
    """Hosts compare this number: the first of an incarnation is higher than any of the one before."""
    request = world.ask()
    ((before,),) = world.database.sql("bc_runner", TERM, id=request.id, holder="one")
    restore(world)
    ((after,),) = world.database.sql("bc_runner", TERM, id=request.id, holder="two")
    assert 0 < int(str(before)) < 10**12 < int(str(after)) < 2 * 10**12


def test_a_grant_of_before_admits_nothing(world: World) -> None:
    """Neither used nor unused; and a signature of before is not stored as a new word."""
    request = world.ask()
    made = grant(world.gate, world.actor("olga"), SCOPE, "INC-1", "Site dark", 60)
    ((proof,),) = world.database.sql("bc_ui", "SELECT proof FROM bc.breakglass_grant")
    restore(world)
    assert refused(use, world.gate, world.actor("olga"), made.id, request.id) == "PROOF_UNAVAILABLE"
    assert world.state(request) is State.PENDING_APPROVAL
    vote = """INSERT INTO bc.vote (request, plan_revision, plan_digest, person, issuer, subject, role, decision, channel,
        signed_in_how, signed_in_at, proof) SELECT request, revision, digest, 0, 'demo', 'ian', 'approver-it', 'approve', 'ui',
        'demo', bc.now(), CAST(:proof AS jsonb) FROM bc.request_plan WHERE request = :id"""
    with pytest.raises(DBAPIError, match="for the shared database before it was restored"):
        world.database.sql("bc_ui", vote, id=request.id, proof=dumps(proof))


@pytest.mark.parametrize("role", ["bc_ui", "bc_runner", "bc_keeper", "bc_poller", "bc_owner"])
def test_nobody_who_signs_in_begins_an_incarnation(world: World, role: str) -> None:
    """It would make every vote void; the superuser's it is, one after the other, and for good."""
    with pytest.raises(DBAPIError, match="permission denied"):
        world.database.sql(role, "INSERT INTO bc.instance (incarnation, reason) VALUES (2, 'x')")
    with pytest.raises(DBAPIError, match="The next incarnation is 2"):
        world.database.sql("postgres", "INSERT INTO bc.instance (incarnation, reason) VALUES (4, 'x')")
    with pytest.raises(DBAPIError, match="never changed"):
        world.database.sql("postgres", "UPDATE bc.instance SET reason = 'y'")
