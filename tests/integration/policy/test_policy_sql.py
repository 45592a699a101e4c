"""The same refusals when rows are written with SQL, as bc_ui and as bc_runner (decisions 8 and 16, S2, SEC-002)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.actor import Role
from bc_lib.domain.requests.policy import Rule
from bc_lib.domain.requests.policy_rules import digest, document, problems
from bc_lib.services.changes.decide import agree
from bc_lib.services.changes.upkeep import change_upkeep
from bc_lib.services.policy.propose import propose_policy
from bc_lib.services.policy.topic import POLICY
from tests.fixtures.policies import TICKETS, any_rules, rule, rules
from tests.fixtures.requests import World

PROPOSE = """
INSERT INTO bc.change_proposal (id, topic, base_version, document, digest, issuer, subject, channel, signed_in_how, signed_in_at, proof)
VALUES (:id, 'policy', :base, :document, :digest, 'demo', :who, 'ui', 'demo', bc.now(), '{}')
"""
DECIDE = """
INSERT INTO bc.change_decision (proposal, decision, digest, issuer, subject, channel, signed_in_how, signed_in_at, proof)
SELECT id, :decision, digest, 'demo', :who, 'ui', 'demo', bc.now(), '{}' FROM bc.change_proposal WHERE id = :id
"""
APPLY = "SELECT bc.apply_policy_change(:id)"
END = "SELECT bc.end_change(:id, :how, NULL, NULL)"
TEXT = document(TICKETS)


def refused(world: World, role: str, statement: str, **values: object) -> str:
    """What the database says."""
    with pytest.raises(DBAPIError) as found:
        world.database.sql(role, statement, **values)
    return str(found.value.orig)


def proposing(**more: object) -> dict[str, object]:
    """Values of a proposal."""
    text = str(more.get("document", TEXT))
    return {"id": 1, "base": 1, "document": text, "digest": digest(text), "who": "ada", **more}


def test_a_proposal_is_an_administrators(world: World) -> None:
    """By bc_ui, for somebody who is Admin now, from the newest version, with the next number and the right digest."""
    for who in ("vera", "olga", "ian", "bea", "nobody", "ADA"):
        assert "This needs the role admin" in refused(world, "bc_ui", PROPOSE, **proposing(who=who))
    for more in ({"base": 2}, {"id": 2}, {"id": 2**62}):
        assert "changed meanwhile" in refused(world, "bc_ui", PROPOSE, **proposing(**more))
    assert "not the one that was looked at" in refused(world, "bc_ui", PROPOSE, **proposing(digest="0" * 64))
    for role in ("bc_runner", "bc_poller", "bc_keeper", "bc_owner"):
        assert "permission denied" in refused(world, role, PROPOSE, **proposing())
    assert "This needs the role admin" in refused(world, "postgres", PROPOSE, **proposing())
    world.database.sql("bc_ui", PROPOSE, **proposing())
    said = refused(
        world, "bc_ui", PROPOSE.replace("(id,", "(at, id,").replace("(:id,", "(bc.now(), :id,"), **proposing(id=2)
    )
    assert "permission denied" in said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        "[]",
        "null",
        '"x"',
        '{"bc":"policy-1","rules":[]}',
        '{"bc":"policy-1","rules":{}}',
        '{"bc":"policy-1","rules":[1]}',
        '{"bc":"policy-1","rules":[{}]}',
        TEXT.replace("policy-1", "policy-2"),
        TEXT.replace('"count":1', '"count":0'),
        TEXT.replace('"count":1', '"count":1.5'),
        TEXT.replace('"count":1', '"count":"1"'),
        TEXT.replace('"count":1', '"count":null'),
        TEXT.replace('"count":1', '"count":99999999999999999999'),
        TEXT.replace("approver-business", "admin"),
        TEXT.replace("approver-business", "approver-it"),
        TEXT.replace('"tiers":[1]', '"tiers":[1.0]'),
        TEXT.replace('"tiers":[1]', '"tiers":["1"]'),
        TEXT.replace('"tiers":[1]', '"tiers":[3]'),
        TEXT.replace('"tiers":[1]', '"tiers":1'),
        TEXT.replace('"types":[]', '"types":["x"]'),
        TEXT.replace('"environments":[]', '"environments":[null]'),
        TEXT.replace("86400.0", "1e300"),
        TEXT.replace("86400.0", "-1"),
        TEXT.replace("86400.0", '"86400"'),
        TEXT.replace('"Tier 1"', '"Tier\\n1"'),
        TEXT.replace('"Tier 1"', '"\\u0000"'),
        TEXT.replace('"Tier 1"', '""'),
        TEXT.replace("Everything else", "Tier 1"),
        TEXT.replace("CHG[0-9]+", "x" * 201),
        TEXT.replace('"tiers":[1]', '"tiers":[]', 1).replace('"tiers":[]', '"tiers":[1]'),
    ],
)
def test_rules_that_cannot_stand_are_no_proposal(world: World, text: str) -> None:
    """S2 in the database: no form but ours, no gap, nobody left out, two persons on tier 1."""
    assert text != TEXT
    said = refused(world, "bc_ui", PROPOSE, **proposing(document=text))
    assert "These rules cannot stand because" in said or "change_proposal_document_check" in said, said


def test_domain_and_database_judge_alike(world: World) -> None:
    """Property: what one lets stand, the other does; so no proposal waits for ever between them."""

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(any_rules())
    def alike(given_rules: tuple[Rule, ...]) -> None:
        text = document(given_rules)
        said = world.database.sql("postgres", "SELECT bc.policy_trouble(:text)", text=text)[0][0]
        assert (said == "") == (problems(given_rules) == ()), (said, problems(given_rules))

    alike()
    gap = rules(rule(tiers=(1,)))
    said = world.database.sql("postgres", "SELECT bc.policy_trouble(:text)", text=document(gap))[0][0]
    assert said == problems(gap)[0].text == "no rule covers a failover of tier 2 in prod"


def test_a_decision_is_another_administrators(world: World) -> None:
    """Distinct persons, Admin now, not over, the digest of the proposal; the first word counts."""
    world.database.sql("bc_ui", PROPOSE, **proposing())
    for who in ("vera", "ian", "nobody"):
        assert "This needs the role admin" in refused(world, "bc_ui", DECIDE, id=1, decision="agree", who=who)
    assert "another administrator must agree" in refused(world, "bc_ui", DECIDE, id=1, decision="agree", who="ada")
    world.roles["ada-two"] = (Role.ADMIN,)
    world.bring()
    world.directory.link("demo", "ada", "demo", "ada-two")
    assert "another administrator must agree" in refused(world, "bc_ui", DECIDE, id=1, decision="agree", who="ada-two")
    wrong = DECIDE.replace(":decision, digest", ":decision, repeat('0', 64)")
    assert "not the one that was looked at" in refused(world, "bc_ui", wrong, id=1, decision="agree", who="alan")
    for role in ("bc_runner", "bc_poller", "bc_keeper", "bc_owner"):
        assert "permission denied" in refused(world, role, DECIDE, id=1, decision="agree", who="alan")
    world.database.sql("bc_ui", DECIDE, id=1, decision="agree", who="alan")
    assert "is decided or over" in refused(world, "bc_ui", DECIDE, id=1, decision="reject", who="alan")


def test_only_the_runner_applies_and_only_what_was_agreed(world: World) -> None:
    """bc_ui cannot call it, bc_runner cannot without two administrators, nobody can insert a rule."""
    world.database.sql("bc_ui", PROPOSE, **proposing())
    for role in ("bc_ui", "bc_poller", "bc_keeper", "bc_owner"):
        assert "permission denied" in refused(world, role, APPLY, id=1)
        assert "permission denied" in refused(world, role, END, id=1, how="void")
    assert "permission denied" in refused(world, "bc_reader", APPLY, id=1)
    assert "No second administrator has agreed" in refused(world, "bc_runner", APPLY, id=1)
    assert "There is no such proposal 9" in refused(world, "bc_runner", APPLY, id=9)
    assert "is not over yet" in refused(world, "bc_runner", END, id=1, how="expired")
    assert "is not over yet" in refused(world, "bc_runner", END, id=1, how="rejected")
    assert "bc_runner" in refused(world, "bc_runner", END, id=1, how="applied")
    world.database.sql("bc_ui", DECIDE, id=1, decision="agree", who="alan")
    assert "bc_runner" in refused(world, "postgres", APPLY, id=1)
    world.set_roles("alan", Role.VIEWER)
    assert "This needs the role admin" in refused(world, "bc_runner", APPLY, id=1)
    world.set_roles("alan", Role.ADMIN)
    world.directory.link("demo", "ada", "demo", "alan")
    assert "another administrator must agree" in refused(world, "bc_runner", APPLY, id=1)
    assert world.gate.store.read.policy().version == 1


def test_sql_apply_is_once_and_whole(world: World) -> None:
    """All rules and needs of the document, once."""
    made = propose_policy(world.gate, world.actor("ada"), TICKETS)
    agree(world.gate, world.actor("alan"), POLICY, made.id)
    assert world.database.sql("bc_runner", APPLY, id=1) == [(2,)]
    assert "is decided or over" in refused(world, "bc_runner", APPLY, id=1)
    assert "is decided or over" in refused(world, "bc_runner", END, id=1, how="void")
    stored = world.gate.store.read.policy()
    assert document(stored.rules) == TEXT
    assert change_upkeep(world.runner) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE bc.change_proposal SET expires_at = bc.now() + interval '1 year'",
        "UPDATE bc.change_proposal SET document = '{}'",
        "DELETE FROM bc.change_proposal",
        "UPDATE bc.change_decision SET decision = 'agree'",
        "DELETE FROM bc.change_decision",
        "DELETE FROM bc.change_outcome",
        "UPDATE bc.change_outcome SET outcome = 'void'",
        "TRUNCATE bc.change_outcome",
        "TRUNCATE bc.change_decision",
        "TRUNCATE bc.change_proposal CASCADE",
        "UPDATE bc.policy_rule SET name = 'x'",
    ],
)
def test_what_was_said_stays(world: World, statement: str) -> None:
    """Neither the application nor the owner nor a superuser changes it while the guards stand."""
    made = propose_policy(world.gate, world.actor("ada"), TICKETS)
    agree(world.gate, world.actor("alan"), POLICY, made.id)
    change_upkeep(world.runner)
    for role in ("bc_ui", "bc_runner", "bc_keeper", "bc_owner", "postgres"):
        said = refused(world, role, statement)
        assert "permission denied" in said or "never changed" in said, (role, said)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO bc.policy_rule (version, position, name) VALUES (2, 1, 'Mine')",
        "INSERT INTO bc.change_outcome (proposal, outcome, version) VALUES (1, 'applied', 2)",
        "SELECT bc.change_alone('policy')",
        "SELECT bc.change_open(1)",
        "SELECT FROM bc.policy_rule FOR UPDATE",
        "SELECT bc.policy_trouble('{}')",
        "ALTER TABLE bc.change_proposal DISABLE TRIGGER ALL",
        "DROP TRIGGER change_decided ON bc.change_decision",
    ],
)
def test_the_application_cannot_make_its_own_rules(world: World, statement: str) -> None:
    """Neither rules nor endings, nor the lock, are in reach of bc_ui, bc_runner and bc_owner."""
    for role in ("bc_ui", "bc_runner", "bc_owner"):
        said = refused(world, role, statement)
        assert "permission denied" in said or "must be owner" in said, (role, said)
