"""W: with bc_ui's password and every row that it may read, say once more what somebody said before, or in their name."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.breakglass import Grant
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.requests.votes import grant_statement, use_statement
from bc_lib.integrations.vote_proof.demo import FILE
from bc_lib.services.breakglass.grant import grant
from bc_lib.services.breakglass.use import use
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.verify import verify_ready
from bc_lib.store.codec import dumps
from tests.fixtures.requests import World, refused

SCOPE = Scope(kind="resource", name="orders-db")
GRANT = """
INSERT INTO bc.breakglass_grant (incident, reason, scope_kind, scope_name, issuer, subject, granted_at, expires_at,
    review_due, proof)
SELECT incident, 'forged by bc_ui', scope_kind, scope_name, issuer, subject, bc.now(), bc.now() + (expires_at - granted_at),
    bc.now(), CAST(coalesce(:proof, proof::text) AS jsonb)
FROM bc.breakglass_grant WHERE id = 1 RETURNING id
"""
USE = """
INSERT INTO bc.breakglass_use (grant_id, request, plan_revision, plan_digest, issuer, subject, proof)
SELECT CAST(:given AS bigint), request, revision, digest, 'demo', :who, CAST(:proof AS jsonb)
FROM bc.request_plan WHERE request = :id ORDER BY revision DESC LIMIT 1
"""
SPEND = """
UPDATE bc.request SET state = 'Approved', last_event = 'break-glass', version = version + 1, breakglass = :given
WHERE id = :id
"""


def spent(world: World) -> Request:
    """Olga's grant 1, used on her first request; her second one waits."""
    world.let_rivals()
    first = world.ask()
    made = grant(world.gate, world.actor("olga"), SCOPE, "INC-1", "Site dark", 60)
    use(world.gate, world.actor("olga"), made.id, first.id)
    return world.ask()


def rewritten(world: World, how: str) -> str | None:
    """The stored proof of grant 1, as somebody who cannot sign may write it; None: as it is."""
    ((stored,),) = world.database.sql("bc_ui", "SELECT proof FROM bc.breakglass_grant WHERE id = 1")
    proof = json.loads(json.dumps(stored))
    if how == "upper case":
        proof["signature"] = proof["signature"].upper()
    elif how == "in the form of before":
        del proof["once"]
    elif how == "of now":
        proof["once"]["at"] = str(world.gate.store.read.now().isoformat())
    else:
        return None
    return json.dumps(proof)


@pytest.mark.parametrize("how", ["as it is", "upper case", "in the form of before", "of now"])
def test_a_spent_grant_is_no_grant_again(world: World, how: str) -> None:
    """Its proof is readable and was good; a second row with it is refused, whatever stands around the signature."""
    spent(world)
    with pytest.raises(DBAPIError, match="stands under another word already"):
        world.database.sql("bc_ui", GRANT, proof=rewritten(world, how))
    assert world.database.sql("bc_reader", "SELECT count(*) FROM bc.breakglass_grant") == [(1,)]


def test_blanks_in_a_signature_make_no_new_one(world: World) -> None:
    """The database takes it as another signature; whoever verifies does not take it as one."""
    second = spent(world)
    proof = json.loads(rewritten(world, "of now") or "")
    signature = proof["signature"]
    proof["signature"] = f"{signature[:2]} {signature[2:]}"
    ((given,),) = world.database.sql("bc_ui", GRANT, proof=json.dumps(proof))
    signed = world.signed("olga", _use(world, int(str(given)), second))
    world.database.sql("bc_ui", USE, given=given, id=second.id, who="olga", proof=dumps(signed))
    world.database.sql("bc_ui", SPEND, given=given, id=second.id)
    assert refused(confirm, world.gate, world.actor("olga"), second.id, second.phrase) == "PROOF_INVALID"


def _use(world: World, given: int, request: Request):  # type: ignore[no-untyped-def]
    plan = world.gate.store.read.plan(request.id)
    return use_statement(given, request.id, plan.revision, plan.digest, "demo", "olga")


def unused(world: World) -> tuple[Grant, Request]:
    """A good grant of Olga and a request of hers."""
    request = world.ask()
    return grant(world.gate, world.actor("olga"), SCOPE, "INC-1", "Site dark", 60), request


def test_a_grant_is_not_spent_without_its_holders_word(world: World) -> None:
    """The use is signed over request, revision and digest; no row, another person's row or an empty proof will not do."""
    made, request = unused(world)
    with pytest.raises(DBAPIError, match="cannot be used"):
        world.database.sql("bc_ui", SPEND, given=made.id, id=request.id)
    with pytest.raises(DBAPIError, match="cannot be used"):
        world.database.sql("bc_ui", USE, given=made.id, id=request.id, who="oscar", proof="{}")
    world.database.sql("bc_ui", USE, given=made.id, id=request.id, who="olga", proof="{}")
    world.database.sql("bc_ui", SPEND, given=made.id, id=request.id)
    assert refused(confirm, world.gate, world.actor("olga"), request.id, request.phrase) == "PROOF_INVALID"
    assert world.state(request) is State.PENDING_APPROVAL


def test_an_old_form_admits_nothing(world: World) -> None:
    """A real signature of the person, in the form of before, which says neither when nor where: history only."""
    statement = grant_statement(SCOPE, "INC-1", 60, "demo", "olga")
    keys = world.gate.store.read.words.keys_of("demo", "olga")
    new = world.signed("olga", statement)
    private = json.loads((world.data / FILE).read_text(encoding="ascii"))["olga"]
    signature = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private)).sign(statement.canonical()).hex()
    old = replace(new, signature=signature, once=None)
    assert (world.gate.verifier.held(statement, old, keys), world.gate.verifier.verify(statement, old, keys)) == (
        True,
        False,
    )
    assert (world.gate.verifier.held(statement, new, keys), world.gate.verifier.verify(statement, new, keys)) == (
        True,
        True,
    )


@pytest.mark.parametrize("how", ["another incarnation", "made an hour ago", "of tomorrow"])
def test_a_proof_is_of_now_and_of_here(world: World, how: str) -> None:
    """A signature that somebody kept, or that comes from before a restore, is not stored as new."""
    world.ask()
    spent_at = world.gate.store.read.now()
    statement = grant_statement(SCOPE, "INC-2", 60, "demo", "olga")
    hours = {"made an hour ago": -3600, "of tomorrow": 86400}.get(how, 0)
    here = world.gate.store.read.incarnation()
    proof = world.gate.signer.sign(
        world.actor("olga"),
        statement,
        "00000000-0000-0000-0000-000000000000" if how == "another incarnation" else here,
        spent_at.fromtimestamp(spent_at.timestamp() + hours, tz=spent_at.tzinfo),
    )
    insert = """
        INSERT INTO bc.breakglass_grant (incident, reason, scope_kind, scope_name, issuer, subject, granted_at, expires_at,
            review_due, proof) VALUES ('INC-2', 'x', 'resource', 'orders-db', 'demo', 'olga', bc.now(),
            bc.now() + interval '1 hour', bc.now(), CAST(:proof AS jsonb))"""
    with pytest.raises(DBAPIError, match="too long ago, or for the shared database before"):
        world.database.sql("bc_ui", insert, proof=dumps(proof))


def test_who_broke_the_glass_confirms(world: World) -> None:
    """The word of the holder is about the whole act: another operator's confirmation does not go with it."""
    made, request = unused(world)
    use(world.gate, world.actor("olga"), made.id, request.id)
    assert refused(confirm, world.gate, world.actor("oscar"), request.id, request.phrase) == "GRANT_NOT_VALID"
    assert confirm(world.gate, world.actor("olga"), request.id, request.phrase).state is State.READY_TO_START
    assert verify_ready(world.runner, request.id).state is State.READY_TO_START
