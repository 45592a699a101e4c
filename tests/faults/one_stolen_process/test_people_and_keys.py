"""K, W and the sign-on itself: people, roles and a second vote key, by the password of one login role (SEC-002, SEC-007)."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.denial import Denial
from bc_lib.domain.requests.states import State
from bc_lib.integrations.vote_proof.demo import FILE
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.store.admin import LOGIN_ROLES
from tests.fixtures.requests import BUSINESS, IT, World

NEW = "f" * 64
WRITES = {
    "a person": "INSERT INTO bc.person (name) VALUES ('Ghost')",
    "an account": "INSERT INTO bc.identity (issuer, subject, person) SELECT 'demo', 'ghost', max(id) FROM bc.person",
    "an account taken over": "UPDATE bc.identity SET person = (SELECT max(person) FROM bc.identity)",
    "a person switched on": "UPDATE bc.person SET disabled = false",
    "a role": "INSERT INTO bc.role_assignment (person, role) SELECT min(id), 'admin' FROM bc.person",
    "a role seen in 30 years": "UPDATE bc.role_assignment SET last_seen_at = bc.now() + interval '30 years'",
    "a role taken": "DELETE FROM bc.role_assignment",
    "a key": f"INSERT INTO bc.vote_key (key_id, issuer, subject, public_key) VALUES ('x', 'demo', 'ian', '{NEW}')",
    "a key good again": "UPDATE bc.vote_key SET revoked_at = NULL",
    "a key revoked": "UPDATE bc.vote_key SET revoked_at = bc.now()",
}
OTHERS = [role for role in LOGIN_ROLES if role != "bc_sign_on"]


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_but_the_sign_on_writes_people(world: World, role: str) -> None:
    for statement in WRITES.values():
        with pytest.raises(DBAPIError, match="permission denied|read-only transaction"):
            world.database.sql(role, statement)


def test_the_sign_on_holds_nothing_else(world: World) -> None:
    """Its password reads no request, writes no request, vote, inventory, outbox or audit record."""
    for statement in (
        "SELECT FROM bc.request",
        "SELECT FROM bc.outbox",
        "SELECT FROM bc_audit.record",
        "SELECT bc_audit.append('{}')",
        "SELECT bc.tell_security('a', 'b', 'c', 'd')",
        "UPDATE bc.resource SET owner = 'x'",
        "INSERT INTO bc.freeze (issuer, subject, reason) VALUES ('demo', 'ada', 'x')",
    ):
        with pytest.raises(DBAPIError, match="permission denied"):
            world.database.sql("bc_sign_on", statement)


def told(world: World) -> list[tuple[str, str]]:
    """(channel, subject) of what security was told about people."""
    rows = world.database.sql(
        "bc_reader",
        "SELECT channel, notification->>'subject' FROM bc.outbox WHERE dedup_key LIKE 'people/%' ORDER BY id",
    )
    return [(str(channel), str(subject)) for channel, subject in rows]


def audited(world: World) -> list[str]:
    """What the audit log says about people since the last look; with the login role that wrote."""
    rows = world.database.sql(
        "bc_reader",
        "SELECT body::jsonb->>'db_role', body::jsonb->'payload'->>'what' FROM bc_audit.record "
        "WHERE body::jsonb->>'verb' = 'people.change' ORDER BY seq",
    )
    return [f"{role}: {what}" for role, what in rows]


CHANGES = {
    "INSERT INTO bc.role_assignment (person, role) SELECT person, 'admin' FROM bc.identity WHERE subject = 'vera'": (
        "Vera holds the role admin from now on"
    ),
    "DELETE FROM bc.role_assignment USING bc.identity i WHERE i.person = role_assignment.person AND subject = 'bea'": (
        "Bea holds the role approver-business no longer"
    ),
    "UPDATE bc.person SET disabled = true WHERE name = 'Ada'": "Ada is switched off",
    "INSERT INTO bc.identity (issuer, subject, person) SELECT 'demo', 'ghost', person FROM bc.identity "
    "WHERE subject = 'ian'": "the account ghost of demo is Ian from now on",
    "UPDATE bc.vote_key SET revoked_at = bc.now() WHERE subject = 'ivy'": "of Ivy counts no longer (ivy of demo)",
}


@pytest.mark.parametrize("statement", CHANGES)
def test_each_change_is_audited_and_told(world: World, statement: str) -> None:
    before, mails = audited(world), told(world)
    world.database.sql("bc_sign_on", statement)
    (record,) = audited(world)[len(before) :]
    assert record.startswith("bc_sign_on: ")
    assert CHANGES[statement] in record
    new = told(world)[len(mails) :]
    assert [channel for channel, _ in new] == ["security-1", "security-2"]
    assert all(CHANGES[statement] in subject for _, subject in new)


def test_seen_again_is_no_change(world: World) -> None:
    """Every five minutes the sign-on says the same: nothing in the log, nothing to security."""
    before = (audited(world), told(world))
    world.bring()
    assert (audited(world), told(world)) == before


def test_a_role_was_seen_now(world: World) -> None:
    """The 24 h rule holds also against the sign-on's own password."""
    world.database.sql(
        "bc_sign_on", "UPDATE bc.role_assignment SET last_seen_at = bc.now() + interval '30 years' WHERE role = 'admin'"
    )
    ((newest, now),) = world.database.sql(
        "bc_reader", "SELECT (SELECT max(last_seen_at) FROM bc.role_assignment), bc.now()"
    )
    assert isinstance(newest, datetime)
    assert isinstance(now, datetime)
    assert newest <= now


def test_one_live_key_and_revoked_stays_revoked(world: World) -> None:
    key = f"INSERT INTO bc.vote_key (key_id, issuer, subject, public_key) VALUES ('x', 'demo', 'ian', '{NEW}')"
    with pytest.raises(DBAPIError, match="one_live_key"):
        world.database.sql("bc_sign_on", key)
    world.database.sql("bc_sign_on", "UPDATE bc.vote_key SET revoked_at = '2001-01-01' WHERE subject = 'ian'")
    for statement in (
        "UPDATE bc.vote_key SET revoked_at = NULL WHERE subject = 'ian'",
        "UPDATE bc.vote_key SET revoked_at = bc.now() WHERE subject = 'ian'",
    ):
        with pytest.raises(DBAPIError, match="revoked once"):
            world.database.sql("bc_sign_on", statement)
    ((ended,),) = world.database.sql(
        "bc_reader", "SELECT bc.now() - revoked_at < interval '1 minute' FROM bc.vote_key WHERE subject = 'ian'"
    )
    assert ended is True


def replace_keys(world: World, *names: str) -> None:
    """The sign-on's password used to give people keys of somebody else's making, which revokes their own."""
    file = world.data / FILE
    keys = json.loads(file.read_text(encoding="ascii"))
    keys.update({name: Ed25519PrivateKey.generate().private_bytes_raw().hex() for name in names})
    file.write_text(json.dumps(keys), encoding="ascii")
    world.bring()


def test_a_key_younger_than_the_request_decides_nothing_about_it(world: World) -> None:
    """Votes and the confirmation: refused by the guard; what waits already is safe from a key made now."""
    request = world.ask()
    replace_keys(world, "ian", "bea")
    for name, role in (("ian", IT), ("bea", BUSINESS)):
        with pytest.raises(Denial) as refused:
            approve(world.gate, world.actor(name), request.id, role)
        assert refused.value.code == "KEY_TOO_NEW"
    assert world.state(request) is State.PENDING_APPROVAL
    later = world.approved(who="oscar", scope="billing-db")
    replace_keys(world, "olga")
    with pytest.raises(Denial) as refused:
        confirm(world.gate, world.actor("olga"), later.id, later.phrase)
    assert refused.value.code in {"KEY_TOO_NEW", "PROOF_UNAVAILABLE"}
    assert world.state(later) is State.APPROVED


BLIND = """
CREATE OR REPLACE FUNCTION bc.key_too_new(proof jsonb, asked_at timestamptz) RETURNS boolean
LANGUAGE sql AS 'SELECT false'
"""


def test_the_services_do_not_count_it_either(world: World) -> None:
    """Should the guard be away: a signature by that key is none, so nothing is recorded."""
    request = world.ask()
    replace_keys(world, "ian", "bea")
    world.database.sql("postgres", BLIND)
    for name, role in (("ian", IT), ("bea", BUSINESS)):
        with pytest.raises(Denial) as refused:
            approve(world.gate, world.actor(name), request.id, role)
        assert refused.value.code == "PROOF_UNAVAILABLE"
    assert world.database.sql("bc_reader", "SELECT FROM bc.vote") == []
