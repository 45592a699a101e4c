"""F33 for the approval policy: a word written by SQL as bc_ui without a valid proof is refused, audited, told."""

from __future__ import annotations

import pytest

from bc_lib.domain.changes.proposal import ProposalState, Saying, TopicName, change_statement
from bc_lib.domain.requests.policy_rules import digest, document
from bc_lib.services.changes.decide import agree
from bc_lib.services.changes.listing import show_proposal
from bc_lib.services.changes.upkeep import change_upkeep
from bc_lib.services.policy.propose import propose_policy
from bc_lib.services.policy.topic import POLICY
from bc_lib.store.codec import dumps
from tests.fixtures.policies import TICKETS
from tests.fixtures.requests import World, refused

PROPOSE = """
INSERT INTO bc.change_proposal (id, topic, base_version, document, digest, issuer, subject, channel, signed_in_how, signed_in_at, proof)
VALUES (:id, 'policy', 1, :document, :digest, 'demo', :who, 'ui', 'demo', bc.now(), CAST(:proof AS jsonb))
"""
DECIDE = """
INSERT INTO bc.change_decision (proposal, decision, digest, issuer, subject, channel, signed_in_how, signed_in_at, proof)
SELECT id, :decision, digest, 'demo', :who, 'ui', 'demo', bc.now(), CAST(:proof AS jsonb)
FROM bc.change_proposal WHERE id = :id
"""
TEXT = document(TICKETS)


def sign(world: World, who: str, saying: Saying, *, number: int = 1, text: str = TEXT) -> str:
    """A real proof of somebody, over something."""
    statement = change_statement(TopicName.POLICY, number, 1, digest(text), saying, "demo", who)
    return dumps(world.signed(who, statement))


def proofs(world: World, who: str, saying: Saying) -> dict[str, str]:
    """What a web process that has gone bad could write for `who`."""
    other = Saying.PROPOSE if saying is Saying.AGREE else Saying.AGREE
    return {
        "none": "{}",
        "noise": '{"method": "ed25519", "key_id": "x", "signature": "zz"}',
        "wrong types": '{"method": 1, "key_id": [], "signature": {}}',
        "another's": sign(world, "olga", saying),
        "another number": sign(world, who, saying, number=2),
        "other rules": sign(world, who, saying, text="{}"),
        "another word": sign(world, who, other),
    }


KINDS = ["none", "noise", "wrong types", "another's", "another number", "other rules", "another word"]


def void(world: World) -> None:
    """The runner refused it, and everybody who must know does."""
    assert change_upkeep(world.runner) == 1
    assert world.gate.store.read.policy().version == 1
    view = show_proposal(world.gate, POLICY, 1)
    assert view.state is ProposalState.VOID
    assert not view.proven
    assert ("denied", "policy.apply", "PROPOSAL_FORGED") in world.audit.verbs()
    told = world.database.sql(
        "postgres", "SELECT channel, dedup_key FROM bc.outbox WHERE dedup_key NOT LIKE 'people/%' ORDER BY channel"
    )
    assert told == [("security-1", "policy/1/forged"), ("security-2", "policy/1/forged")]
    assert change_upkeep(world.runner) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_both_words_by_sql(world: World, kind: str) -> None:
    """The database cannot tell; the runner can."""
    proposed, agreed = (proofs(world, *who)[kind] for who in (("ada", Saying.PROPOSE), ("alan", Saying.AGREE)))
    world.database.sql("bc_ui", PROPOSE, id=1, document=TEXT, digest=digest(TEXT), who="ada", proof=proposed)
    world.database.sql("bc_ui", DECIDE, id=1, decision="agree", who="alan", proof=agreed)
    void(world)


@pytest.mark.parametrize("kind", KINDS)
def test_a_real_proposal_and_a_forged_agreement(world: World, kind: str) -> None:
    """One administrator alone, with the web process on their side, changes nothing."""
    propose_policy(world.gate, world.actor("ada"), TICKETS)
    world.database.sql(
        "bc_ui", DECIDE, id=1, decision="agree", who="alan", proof=proofs(world, "alan", Saying.AGREE)[kind]
    )
    void(world)


def test_a_forged_proposal_is_found_before_anybody_agrees(world: World) -> None:
    """Waiting for a second administrator would be a trap for them."""
    world.database.sql("bc_ui", PROPOSE, id=1, document=TEXT, digest=digest(TEXT), who="ada", proof="{}")
    assert not show_proposal(world.gate, POLICY, 1).proven
    assert refused(agree, world.gate, world.actor("alan"), POLICY, 1) == "PROPOSAL_VOID"
    assert change_upkeep(world.gate) == 0  # bc_ui cannot end it
    world.audit.entries.clear()
    void(world)
    assert refused(agree, world.gate, world.actor("alan"), POLICY, 1) == "PROPOSAL_OVER"


def test_a_forged_rejection_is_told(world: World) -> None:
    """It ends the proposal, but nobody believes that the administrator said so; the next proposal goes its way."""
    propose_policy(world.gate, world.actor("ada"), TICKETS)
    world.database.sql("bc_ui", DECIDE, id=1, decision="reject", who="alan", proof="{}")
    void(world)
    again = propose_policy(world.gate, world.actor("ada"), TICKETS)
    agree(world.gate, world.actor("alan"), POLICY, again.id)
    assert change_upkeep(world.runner) == 1
    assert world.gate.store.read.policy().version == 2


def test_the_proof_of_a_key_that_was_replaced(world: World) -> None:
    """A stolen key that was revoked proves nothing any more."""
    made = propose_policy(world.gate, world.actor("ada"), TICKETS)
    agree(world.gate, world.actor("alan"), POLICY, made.id)
    world.database.sql("bc_sign_on", "UPDATE bc.vote_key SET revoked_at = bc.now() WHERE subject = 'alan'")
    void(world)


def test_a_row_that_the_runner_cannot_read_holds_nothing_up(world: World) -> None:
    """JSON that PostgreSQL takes and our one form does not: void, and the rest of the upkeep goes on."""
    text = TEXT.replace('{"bc"', '{ "bc"')
    proof = sign(world, "ada", Saying.PROPOSE, text=text)
    world.database.sql("bc_ui", PROPOSE, id=1, document=text, digest=digest(text), who="ada", proof=proof)
    view = show_proposal(world.gate, POLICY, 1)
    assert view.proven
    assert view.lines == ("The rules are not of the known form.",)
    assert refused(agree, world.gate, world.actor("alan"), POLICY, 1) == "PROPOSAL_VOID"
    assert change_upkeep(world.runner) == 1
    assert show_proposal(world.gate, POLICY, 1).state is ProposalState.VOID
