"""Plan and apply against a real database: all or nothing, and nothing twice (FR-001, FR-003, TC-010, TC-012)."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from bc_lib.domain.inventory import Endpoint, Environment, Inventory, Resource
from bc_lib.integrations.secrets.resolver import Resolver
from bc_lib.ports.inventory import InvalidInventory, StaleRevision
from bc_lib.ports.inventory import InventoryRepository as Port
from bc_lib.ports.secrets import SecretResolver
from bc_lib.services.apply_inventory import apply_inventory
from bc_lib.services.gate import Gate
from bc_lib.services.plan_inventory import NO_CHANGE, plan_inventory, plan_lines
from bc_lib.store.inventory import InventoryRepository
from bc_lib.testing.builders import administrator, inventory, resource
from tests.fixtures.database import Database
from tests.fixtures.inventories import inventories as many_inventories

SECRETS: SecretResolver = Resolver({"BC_TEST_MONITOR": "monitor:word", "BC_TEST_MAIL": "mailto://localhost"})
DEMO = inventory(resource(environment=Environment.DEMO), resource("billing-db", environment=Environment.DEMO))

OTHER = inventory(resource("other-db", environment=Environment.DEMO))


def everybody_answers(_resource: Resource, _endpoint: Endpoint) -> str | None:
    return None


def nobody_answers(_resource: Resource, endpoint: Endpoint) -> str | None:
    return f"nobody listens at {endpoint.host}:{endpoint.port}"


def _apply(gate: Gate, repository: Port, wanted: Inventory, **more: object) -> int:
    return apply_inventory(
        gate,
        plan_inventory(repository, wanted),
        repository,
        more.pop("secrets", SECRETS),
        more.pop("probe", everybody_answers),  # type: ignore[arg-type]
        actor=administrator("tester"),
        **more,
    )  # type: ignore[arg-type]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(many_inventories(), min_size=1, max_size=3))
def test_the_plan_of_what_was_applied_is_empty(inventories: InventoryRepository, steps: list[Inventory]) -> None:
    """Idempotent: from any state to any other, what is stored is what was given."""
    assert steps
    for wanted in steps:
        stored = inventories.load()
        inventories.replace(wanted, expected_revision=stored.revision, actor=administrator("tester"), summary="")
        assert inventories.load().inventory == wanted
        assert plan_lines(plan_inventory(inventories, wanted)) == [NO_CHANGE]


def test_applying_twice_changes_nothing(gate: Gate, inventories: InventoryRepository, database: Database) -> None:
    assert (_apply(gate, inventories, DEMO), _apply(gate, inventories, DEMO), inventories.revision()) == (1, 1, 1)
    assert database.sql("bc_reader", "SELECT count(*) FROM bc.inventory_change") == [(1,)]


def test_who_changed_what_is_kept(gate: Gate, inventories: InventoryRepository, database: Database) -> None:
    """The state before and after, with actor and time (FR-003, TC-012)."""
    _apply(gate, inventories, DEMO)
    changed = dataclasses.replace(
        DEMO, resources=(dataclasses.replace(DEMO.resources[0], rpo_s=60.0, tier=2), DEMO.resources[1])
    )
    lines = plan_lines(plan_inventory(inventories, changed))
    assert lines == [
        "~ resource orders-db changed",
        "    tier: 1 -> 2",
        "    rpo: 30s -> 1min",
        "0 added, 1 changed, 0 removed.",
    ]
    _apply(gate, inventories, changed)
    rows = database.sql(
        "bc_reader",
        "SELECT actor, summary, before #>> '{resources,0,rpo_s}', after #>> '{resources,0,rpo_s}', at <= bc.now() "
        "FROM bc.inventory_change ORDER BY revision DESC LIMIT 1",
    )
    assert rows == [("tester", "0 added, 1 changed, 0 removed.", "30.0", "60.0", True)]


def test_two_people_at_once(gate: Gate, inventories: InventoryRepository) -> None:
    """Both planned on the same revision: the second is told to look again."""
    plan = plan_inventory(inventories, DEMO)
    _apply(gate, inventories, OTHER)
    with pytest.raises(StaleRevision, match="revision 1"):
        apply_inventory(gate, plan, inventories, SECRETS, everybody_answers, actor=administrator("tester"))
    assert inventories.load().inventory == OTHER


def test_a_race_has_one_winner(inventories: InventoryRepository) -> None:
    wanted = [inventory(resource(f"db-{n}")) for n in range(4)]

    def run(one: Inventory) -> bool:
        try:
            inventories.replace(one, expected_revision=0, actor=administrator("racer"), summary="")
        except StaleRevision:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(run, wanted)) == [False, False, False, True]
    assert inventories.load().inventory in wanted


def test_unreachable_host(gate: Gate, inventories: InventoryRepository) -> None:
    """One clear error and nothing applied; hosts that did not move are not asked again."""
    with pytest.raises(InvalidInventory) as caught:
        _apply(gate, inventories, inventory(DEMO.resources[0]), probe=nobody_answers)
    assert (
        caught.value.errors[0]
        == "resource orders-db, node fra: nobody listens at 127.0.0.1:55431; start it, or give --allow-unreachable."
    )
    assert inventories.revision() == 0
    assert _apply(gate, inventories, DEMO, probe=nobody_answers, allow_unreachable=True) == 1
    owner = dataclasses.replace(
        DEMO, resources=tuple(dataclasses.replace(one, owner="Other team") for one in DEMO.resources)
    )
    assert _apply(gate, inventories, owner, probe=nobody_answers) == 2


def test_missing_secret(gate: Gate, inventories: InventoryRepository) -> None:
    """One clear error for a reference, however many use it; a reference of the wrong form is never let through."""
    with pytest.raises(InvalidInventory) as caught:
        _apply(gate, inventories, DEMO, secrets=Resolver({"BC_TEST_MAIL": "mailto://localhost"}))
    assert len(caught.value.errors) == 1
    assert "BC_TEST_MONITOR" in caught.value.errors[0]
    assert inventories.revision() == 0
    assert _apply(gate, inventories, DEMO, secrets=Resolver({}), allow_unresolved=True) == 1
    password = dataclasses.replace(DEMO.resources[0].endpoints[0], secret="hunter2")
    wrong = inventory(dataclasses.replace(DEMO.resources[0], endpoints=(password, DEMO.resources[0].endpoints[1])))
    with pytest.raises(InvalidInventory) as caught:
        _apply(gate, inventories, wrong, allow_unresolved=True)
    assert "hunter2" not in str(caught.value)


def test_the_database_refuses_what_the_rules_should_have(inventories: InventoryRepository, database: Database) -> None:
    """All or nothing also then: a bug in the rules leaves the old inventory whole."""
    inventories.replace(inventory(), expected_revision=0, actor=administrator("tester"), summary="")
    endpoint = dataclasses.replace(resource().endpoints[0], secret="hunter2")
    bad = [
        resource(dr_site="fra"),
        resource(tier=3),
        resource("Bad'Name"),
        resource(dr_site="nowhere"),
        resource(interval_s=-1.0),
        resource(endpoints=(endpoint,)),
        resource(depends_on=("nobody",)),
    ]
    for one in bad:
        with pytest.raises(IntegrityError):
            inventories.replace(inventory(one), expected_revision=1, actor=administrator("tester"), summary="")
    assert inventories.load().inventory == inventory()
    assert database.sql("bc_reader", "SELECT count(*) FROM bc.inventory_change") == [(1,)]


def test_sites_and_names_move_freely(gate: Gate, inventories: InventoryRepository) -> None:
    """A site that leaves while its resources stay at others; a group that takes a resource's former name."""
    _apply(gate, inventories, DEMO)
    sites = (*DEMO.sites[:1], dataclasses.replace(DEMO.sites[1], name="par"))
    moved = tuple(
        dataclasses.replace(
            one, dr_site="par", endpoints=(one.endpoints[0], dataclasses.replace(one.endpoints[1], site="par"))
        )
        for one in DEMO.resources
    )
    wanted = dataclasses.replace(DEMO, sites=sites, resources=moved)
    _apply(gate, inventories, wanted)
    assert inventories.load().inventory == wanted
