"""What makes a move's meaning takes two administrators: services, SQL, commands, the runner (S5, decisions 8 and 16)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy.exc import DBAPIError

from bc_lib import bootstrap
from bc_lib.domain.actor import Role
from bc_lib.domain.changes.proposal import Proposal, ProposalState, Saying, TopicName, change_statement
from bc_lib.domain.denial import Denial
from bc_lib.domain.inventory import Environment, Execution, Group, Inventory, Member, Resource
from bc_lib.domain.managers import Manager
from bc_lib.domain.requests.policy_rules import digest
from bc_lib.domain.requests.states import State
from bc_lib.integrations.secrets.resolver import Resolver
from bc_lib.services.apply_inventory import apply_inventory
from bc_lib.services.changes.decide import agree, reject
from bc_lib.services.changes.listing import show_proposal
from bc_lib.services.changes.upkeep import change_upkeep
from bc_lib.services.inventory.propose import propose_inventory
from bc_lib.services.inventory.topic import INVENTORY
from bc_lib.services.plan_inventory import InventoryPlan, plan_inventory, plan_lines
from bc_lib.services.requests.upkeep import upkeep
from bc_lib.store.codec import dumps
from bc_lib.store.inventory import InventoryRepository
from bc_lib.testing.builders import resource
from tests.fixtures.inventories import inventories as many_inventories
from tests.fixtures.requests import World, estate, put_inventory, refused

SECRETS = Resolver({})
ACTS = Execution(secret="env:BC_TEST_EXECUTION", client_secret="env:BC_TEST_CLIENT")


def demo_resource(name: str, **more: Any) -> Resource:
    """Loopback is for the demo only."""
    return resource(name, environment=Environment.DEMO, **more)


ORDERS = demo_resource("orders-db", execution=ACTS)
WEB = demo_resource("reports-db", tier=2)
GROUP = Group(
    name="payments",
    tier=1,
    owner="Payments",
    members=(Member(resource="orders-db"), Member(resource="billing-db", after=("orders-db",))),
)
BASE = estate(ORDERS, demo_resource("billing-db"), WEB, groups=(GROUP,))


def with_(made: Resource | None = None, group: Group | None = GROUP) -> Inventory:
    """BASE with another orders-db (None: without it), or another group."""
    rest = (demo_resource("billing-db"), WEB)
    return estate(*((made,) if made else ()), *rest, groups=(group,) if group else ())


def ends(**change: Any) -> Resource:
    """orders-db with every endpoint changed."""
    return replace(ORDERS, endpoints=tuple(replace(each, **change) for each in ORDERS.endpoints))


HEAVY: dict[str, Inventory] = {
    "endpoint": with_(ends(host="127.0.0.2")),
    "secret": with_(ends(secret="env:BC_OTHER")),
    "tier": with_(replace(ORDERS, tier=2)),
    "home": with_(replace(ORDERS, home_site="ams", dr_site="fra")),
    "execution gone": with_(replace(ORDERS, execution=None)),
    "execution changed": with_(replace(ORDERS, execution=replace(ACTS, allow_overrides=("lag",)))),
    "execution added": estate(
        ORDERS, demo_resource("billing-db", execution=replace(ACTS, secret="env:BC_X")), WEB, groups=(GROUP,)
    ),
    "manager named": with_(replace(ORDERS, manager=Manager.PATRONI)),
    "manager's signs overruled": with_(replace(ORDERS, manager_overruled="The role is left from a copy")),
    "resource gone": with_(None, group=replace(GROUP, members=(Member(resource="billing-db"),))),
    "group's tier": with_(ORDERS, group=replace(GROUP, tier=2)),
    "order": with_(ORDERS, group=replace(GROUP, members=(Member(resource="orders-db"), Member(resource="billing-db")))),
    "member gone": with_(ORDERS, group=replace(GROUP, members=(Member(resource="orders-db"),))),
    "group gone": with_(ORDERS, group=None),
}
HARMLESS: dict[str, Inventory] = {
    "owner, RPO, notes": with_(replace(ORDERS, owner="Others", rpo_s=99.0, notes="Two\nlines")),
    "group's owner": with_(ORDERS, group=replace(GROUP, owner="Others", rpo_s=9.0)),
    "what is only watched": estate(
        ORDERS, demo_resource("billing-db"), replace(WEB, tier=1), demo_resource("new-db"), groups=(GROUP,)
    ),
    "order of the file": estate(WEB, demo_resource("billing-db"), ORDERS, groups=(GROUP,)),
}


@pytest.fixture
def moved(world: World) -> World:
    """BASE is the inventory."""
    put_inventory(world.database, BASE)
    return world


def inventory_of(world: World) -> InventoryRepository:
    """As bc_ui."""
    return InventoryRepository(world.database.engine("bc_ui"))


def plan(world: World, wanted: Inventory) -> InventoryPlan:
    """Against what stands."""
    return plan_inventory(inventory_of(world), wanted)


def propose(world: World, wanted: Inventory, who: str = "ada", made: InventoryPlan | None = None) -> Proposal:
    """A proposal; nobody asks hosts or secrets here."""
    return propose_inventory(
        world.gate,
        world.actor(who),
        made or plan(world, wanted),
        SECRETS,
        lambda *_: None,
        allow_unreachable=True,
        allow_unresolved=True,
    )


def alone(world: World, wanted: Inventory) -> int:
    """ada applies by herself."""
    return apply_inventory(
        world.gate,
        plan(world, wanted),
        inventory_of(world),
        SECRETS,
        lambda *_: None,
        actor=world.actor("ada"),
        allow_unreachable=True,
        allow_unresolved=True,
    )


def state(world: World, made: Proposal) -> ProposalState:
    """Where it stands."""
    return show_proposal(world.gate, INVENTORY, made.id).state


def test_one_administrator_alone(moved: World) -> None:
    """Each heavy change: service and database refuse with one code, audited, nothing stored; the plan says it before."""
    store = inventory_of(moved)
    before = store.load()
    for name, wanted in HEAVY.items():
        assert any("needs a second administrator" in line for line in plan_lines(plan(moved, wanted))), name
        assert refused(alone, moved, wanted) == "SECOND_ADMIN", name
        with pytest.raises(Denial) as found:
            store.replace(wanted, expected_revision=before.revision, actor=moved.actor("ada"), summary="alone")
        assert found.value.code == "SECOND_ADMIN", name
    assert store.load() == before
    assert ("denied", "request.change-inventory", "SECOND_ADMIN") in moved.audit.verbs()


def test_what_one_administrator_may(moved: World) -> None:
    """Owner, targets, thresholds, what is only watched; one after the other, as before."""
    for name, wanted in HARMLESS.items():
        assert not plan(moved, wanted).weighty, name
        alone(moved, wanted)
        assert inventory_of(moved).load().inventory == wanted, name


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE bc.endpoint SET host = '127.0.0.9' WHERE resource = 'orders-db'",
        "UPDATE bc.endpoint SET resource = 'reports-db', node = 'x' WHERE resource = 'orders-db' AND node = 'fra'",
        "DELETE FROM bc.endpoint WHERE resource = 'orders-db'",
        "UPDATE bc.resource SET execution = NULL",
        "UPDATE bc.resource SET manager_overruled = 'A reason' WHERE name = 'orders-db'",
        "UPDATE bc.resource SET execution = '{}' WHERE name = 'reports-db'",
        "UPDATE bc.resource SET name = 'other-db' WHERE name = 'orders-db'",
        "DELETE FROM bc.resource WHERE name = 'orders-db'",
        "UPDATE bc.resource_group SET tier = 2",
        "UPDATE bc.resource_group SET if_partial = 'return'",
        "DELETE FROM bc.resource_group",
        "DELETE FROM bc.group_order",
        "INSERT INTO bc.group_member VALUES ('payments', 'reports-db', 9)",
        "UPDATE bc.group_member SET resource = 'reports-db' WHERE resource = 'billing-db'",
    ],
)
def test_by_sql(moved: World, statement: str) -> None:
    """SEC-002: as bc_ui, and as a superuser while the guards stand."""
    for role in ("bc_ui", "postgres"):
        with pytest.raises(DBAPIError) as found:
            moved.database.sql(role, statement)
        assert "One administrator cannot change" in str(found.value.orig) or "foreign key" in str(found.value.orig)
    for role in ("bc_runner", "bc_owner"):
        with pytest.raises(DBAPIError) as found:
            moved.database.sql(role, statement)
        assert "permission denied" in str(found.value.orig)


@pytest.mark.parametrize("name", HEAVY)
def test_from_proposal_to_inventory(moved: World, name: str) -> None:
    """Nothing changes by one, nor by two; the runner applies exactly what was signed, audited with before and after."""
    wanted, store = HEAVY[name], inventory_of(moved)
    made = propose(moved, wanted)
    assert refused(agree, moved.gate, moved.actor("ada"), INVENTORY, made.id) == "PROPOSER_EXCLUDED"
    agree(moved.gate, moved.actor("alan"), INVENTORY, made.id, digest=made.digest)
    assert store.load().inventory == BASE
    assert change_upkeep(moved.runner) == 1
    assert change_upkeep(moved.runner) == 0
    assert store.load().inventory == wanted
    assert store.revision() == made.base_version + 1
    entry = next(each for each in moved.audit.entries if each.verb == "inventory.apply")
    assert [each["name"] for each in entry.payload["words"]] == ["Ada", "Alan"]
    assert entry.payload["before"] != entry.payload["after"]
    row = moved.database.sql(
        "bc_reader", "SELECT actor, summary FROM bc.inventory_change ORDER BY revision DESC LIMIT 1"
    )
    assert row == [("Ada and Alan", f"Proposal {made.id}, made from revision {made.base_version}.")]
    recorded = moved.database.sql(
        "bc_reader",
        "SELECT body::jsonb->>'db_role', body::jsonb->'payload'->'changes' FROM bc_audit.record "
        "WHERE body::jsonb->>'verb' = 'inventory.change' ORDER BY seq DESC LIMIT 1",
    )
    assert recorded[0][0] == "bc_runner"
    assert recorded[0][1]


def test_the_first_set_up_needs_two(world: World) -> None:
    """No exception for an empty inventory, for whoever empties it could fill it again alone; the base may be revision 0."""
    world.database.sql("postgres", "DELETE FROM bc.resource_group")
    world.database.sql("postgres", "DELETE FROM bc.resource")
    assert refused(alone, world, BASE) == "SECOND_ADMIN"
    agree(world.gate, world.actor("alan"), INVENTORY, propose(world, BASE).id)
    change_upkeep(world.runner)
    assert inventory_of(world).load().inventory == BASE


def test_one_person_is_not_two(moved: World) -> None:
    """A linked account of ada is ada, also when linked after she agreed."""
    moved.roles["ada-two"] = (Role.ADMIN,)
    moved.bring()
    made = propose(moved, HEAVY["endpoint"])
    agree(moved.gate, moved.actor("ada-two"), INVENTORY, made.id)
    moved.directory.link("demo", "ada", "demo", "ada-two")
    assert change_upkeep(moved.runner) == 1
    assert state(moved, made) is ProposalState.VOID
    again = propose(moved, HEAVY["endpoint"])
    assert refused(agree, moved.gate, moved.actor("ada-two"), INVENTORY, again.id) == "PROPOSER_EXCLUDED"
    assert inventory_of(moved).load().inventory == BASE


def test_a_stale_revision(moved: World) -> None:
    """A proposal is bound to its revision: before it is stored, when somebody agrees, and when it is applied."""
    old = plan(moved, HEAVY["tier"])
    first, agreed = propose(moved, HEAVY["endpoint"]), propose(moved, HEAVY["secret"])
    agree(moved.gate, moved.actor("alan"), INVENTORY, agreed.id)
    alone(moved, HARMLESS["owner, RPO, notes"])
    assert refused(agree, moved.gate, moved.actor("alan"), INVENTORY, first.id) == "PROPOSAL_STALE"
    assert refused(propose, moved, HEAVY["tier"], "ada", old) == "PROPOSAL_STALE"
    assert change_upkeep(moved.runner) == 2
    for made in (first, agreed):
        ended = show_proposal(moved.gate, INVENTORY, made.id).proposal.ended
        assert ended is not None
        assert ended.because == "the inventory changed meanwhile"
    assert inventory_of(moved).load().inventory == HARMLESS["owner, RPO, notes"]


def test_only_administrators_and_rejecting(moved: World) -> None:
    """SEC-002; the first word counts; a policy command does not reach it."""
    made = propose(moved, HEAVY["tier"])
    for who in ("olga", "ian", "vera"):
        assert refused(propose, moved, HEAVY["tier"], who) == "ROLE_MISSING"
        assert refused(agree, moved.gate, moved.actor(who), INVENTORY, made.id) == "ROLE_MISSING"
    reject(moved.gate, moved.actor("alan"), INVENTORY, made.id, "Not now")
    assert refused(agree, moved.gate, moved.actor("alan"), INVENTORY, made.id) == "PROPOSAL_OVER"
    assert change_upkeep(moved.runner) == 1
    assert refused(propose, moved, BASE) == "PROPOSAL_SAME"


def test_votes_are_void_afterwards(moved: World) -> None:
    """F34 through the new path: an endpoint changed by two administrators voids what was approved."""
    request = moved.approved()
    agree(moved.gate, moved.actor("alan"), INVENTORY, propose(moved, HEAVY["endpoint"]).id)
    assert "1 voided" in upkeep(moved.runner)
    assert moved.state(request) is State.PENDING_APPROVAL


def forge(world: World, text: str, proofs: dict[str, str], base: int) -> None:
    """Both words, by SQL as bc_ui."""
    world.database.sql(
        "bc_ui",
        "INSERT INTO bc.change_proposal (id, topic, base_version, document, digest, issuer, subject, channel, "
        "signed_in_how, signed_in_at, proof) VALUES (1, 'inventory', :base, :document, :digest, 'demo', 'ada', 'ui', "
        "'demo', bc.now(), CAST(:proof AS jsonb))",
        base=base,
        document=text,
        digest=digest(text),
        proof=proofs["ada"],
    )
    world.database.sql(
        "bc_ui",
        "INSERT INTO bc.change_decision (proposal, decision, digest, issuer, subject, channel, signed_in_how, "
        "signed_in_at, proof) VALUES (1, 'agree', :digest, 'demo', 'alan', 'ui', 'demo', bc.now(), "
        "CAST(:proof AS jsonb))",
        digest=digest(text),
        proof=proofs["alan"],
    )


def test_forged_rows(moved: World) -> None:
    """F33: words without a proof change nothing; audited, security told."""
    text = moved.gate.store.read.changes.inventory_document(HEAVY["endpoint"])
    forge(moved, text, {"ada": "{}", "alan": "{}"}, inventory_of(moved).revision())
    assert change_upkeep(moved.runner) == 1
    assert inventory_of(moved).load().inventory == BASE
    assert ("denied", "inventory.apply", "PROPOSAL_FORGED") in moved.audit.verbs()
    told = moved.database.sql("postgres", "SELECT channel, dedup_key FROM bc.outbox ORDER BY channel")
    assert told == [("security-1", "inventory/1/forged"), ("security-2", "inventory/1/forged")]


def test_rows_that_are_not_the_inventory(moved: World) -> None:
    """A document that shows people one thing and would write another is refused, although both signed it."""
    base = inventory_of(moved).revision()
    said = json.loads(moved.gate.store.read.changes.inventory_document(HEAVY["tier"]))
    said["rows"]["endpoint"][0]["host"] = "10.0.0.66"
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    words = {"ada": Saying.PROPOSE, "alan": Saying.AGREE}
    proofs = {
        who: dumps(moved.signed(who, change_statement(TopicName.INVENTORY, 1, base, digest(text), saying, "demo", who)))
        for who, saying in words.items()
    }
    forge(moved, text, proofs, base)
    assert change_upkeep(moved.runner) == 1
    assert inventory_of(moved).load().inventory == BASE


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(many_inventories())
def test_a_document_reads_back_as_its_inventory(world: World, wanted: Inventory) -> None:
    """Property: one text for one inventory, whole seconds given as integers too."""
    changes = world.gate.store.read.changes
    whole = replace(wanted, resources=tuple(replace(each, rto_s=300, interval_s=15) for each in wanted.resources))
    for each in (wanted, whole):
        text = changes.inventory_document(each)
        assert changes.inventory_wanted(text) == each
        assert changes.inventory_document(changes.inventory_wanted(text)) == text


ESTATE = """schema_version: 1
sites: [{name: fra, title: Frankfurt}, {name: ams, title: Amsterdam}]
resources:
  - name: orders-db
    platform: postgresql
    tier: 1
    environment: demo
    owner: Team
    home_site: fra
    dr_site: ams
    execution: {secret: "env:BC_TEST_EXECUTION", client_secret: "env:BC_TEST_CLIENT"}
    endpoints:
      - {site: fra, host: 127.0.0.1, port: 1, database: a, secret: "env:BC_TEST_MONITOR", tls: disable}
      - {site: ams, host: 127.0.0.1, port: 2, database: a, secret: "env:BC_TEST_MONITOR", tls: disable}
"""


def test_commands(commands: Any, tmp_path: Path, world: World) -> None:
    """plan says it, apply refuses with exit 3, propose, agree by another, the job applies."""
    file = tmp_path / "estate.yaml"
    file.write_text(ESTATE, encoding="utf-8")
    loose = ("--allow-unreachable", "--allow-unresolved")
    said = commands("inventory", "plan", str(file))[1]
    assert "execution) needs a second administrator, because it can be moved from here" in said
    code, said, _ = commands("inventory", "apply", str(file), "--yes", *loose, "--as", "ada")
    assert (code, "SECOND_ADMIN" in said) == (3, True)
    assert "No proposals" in commands("inventory", "proposals")[1]
    code, _, made = commands("inventory", "propose", str(file), *loose, "--as", "ada", "--json")
    assert (code, made["state"], made["proven"]) == (0, "open", True)
    assert commands("inventory", "agree", "1", "--as", "ada")[0] == 3
    assert commands("policy", "agree", "1", "--as", "alan")[0] == 3
    assert (
        commands("inventory", "agree", "1", "--digest", made["digest"], "--as", "alan", "--json")[2]["state"]
        == "agreed"
    )
    assert "1 proposals ended" in bootstrap.request_upkeep()
    assert commands("inventory", "proposals", "1", "--json")[2]["state"] == "applied"
    assert commands("inventory", "plan", str(file))[1] == "No change.\n"
    file.write_text(ESTATE.replace("tier: 1", "tier: 9"), encoding="utf-8")
    code, said, _ = commands("inventory", "propose", str(file), *loose, "--as", "ada")
    assert (code, "Nothing was proposed." in said) == (1, True)
