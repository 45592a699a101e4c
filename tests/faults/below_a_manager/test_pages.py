"""A pair with signs of a manager, as people meet it: one sentence on page and command, and how it is overruled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bc_lib.domain.managers import Manager, ManagerSign
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.changes.decide import agree
from bc_lib.services.changes.upkeep import change_upkeep
from bc_lib.services.inventory.topic import INVENTORY
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from bc_lib.testing.builders import round_of
from tests.fixtures.commands import commands
from tests.fixtures.requests import World, refused, world
from tests.integration.inventory.test_two_administrators import ORDERS, moved, propose, with_
from tests.ui.real_screens import Open, opened, text

__all__ = ["commands", "moved", "world"]
SIGN = ManagerSign(Manager.PATRONI, "five settings on the command line")
SAID = "orders-db is declared unmanaged and looks managed by Patroni (five settings on the command line)"


@pytest.fixture
def tab(moved: World) -> Iterator[Open]:
    with opened(moved) as open_:
        yield open_


def shows_signs(world: World) -> None:
    """A round in which the primary shows what Patroni leaves."""
    store = MonitoringStore(world.database.engine("bc_poller"), lambda _: [])
    lease = Leases(world.database.engine("bc_poller")).acquire("poller/0", "test", 60)
    assert lease is not None
    made = round_of("orders-db", store.now(), lag_s=0.2)
    nodes = tuple(
        replace(node, facts=replace(node.facts, manager_signs=(SIGN,))) if node.node == "fra" and node.facts else node
        for node in made.observation.nodes
    )
    store.record([replace(made, observation=replace(made.observation, nodes=nodes))], lease)


@pytest.mark.parametrize("kind", ["switchover", "failover"])
def test_page_and_command_refuse_in_one_sentence(moved: World, tab: Open, commands: Any, kind: str) -> None:
    shows_signs(moved)
    words = ("request", "create", "--type", kind, "--resource", "orders-db", "--reason", "x", "--as", "olga", "--json")
    code, _, said = commands(*words)
    assert code != 0
    sentence = said["denied"]["sentence"]
    assert sentence.startswith(SAID)
    at = tab("olga", "ask", resource="orders-db", type=kind)
    assert sentence in text(at)
    assert "Raise the request" not in [each.label for each in at.button]


def test_two_administrators_overrule_it_and_a_move_may_be_asked_for(moved: World, tab: Open, commands: Any) -> None:
    """One administrator alone changes nothing; the reason stays beside the resource."""
    shows_signs(moved)
    assert refused(moved.ask, "olga", RequestType.SWITCHOVER) == "MANAGED"
    made = propose(moved, with_(replace(ORDERS, manager_overruled="The settings are left from a copy")))
    assert refused(moved.ask, "olga", RequestType.SWITCHOVER) == "MANAGED", "proposed is not agreed"
    assert refused(agree, moved.gate, moved.actor("ada"), INVENTORY, made.id) == "PROPOSER_EXCLUDED"
    agree(moved.gate, moved.actor("alan"), INVENTORY, made.id, digest=made.digest)
    assert change_upkeep(moved.runner) == 1
    shows_signs(moved)
    at = tab("olga", "ask", resource="orders-db", type="switchover")
    assert SAID not in text(at)
    at.text_input[0].set_value("Planned work in Frankfurt")
    next(each for each in at.button if each.label == "Raise the request").click()
    at.run()
    assert not at.exception
    (listed,) = commands("request", "list", "--json")[2]["requests"]
    assert listed["type"] == RequestType.SWITCHOVER
    assert moved.gate.store.read.get(listed["id"]).state is State.PENDING_APPROVAL
