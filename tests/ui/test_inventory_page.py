"""Changes of the inventory that wait on its page, with real services over a real database (S5, ux: before and after)."""

from __future__ import annotations

from bc_lib.services.changes.upkeep import change_upkeep
from tests.fixtures.requests import World, put_inventory, world
from tests.integration.inventory.test_two_administrators import BASE, HEAVY, inventory_of, propose
from tests.ui.real_screens import opened, text
from tests.ui.test_policy_page import labels, press

__all__ = ["world"]


def test_the_second_administrator_agrees(world: World) -> None:
    """Everybody sees before and after; the proposer no button to agree; another administrator agrees, the job applies."""
    put_inventory(world.database, BASE)
    propose(world, HEAVY["endpoint"])
    with opened(world) as tab:
        body = text(tab("vera", "inventory"))
        assert "Proposal 1, made from revision" in body
        assert "endpoints.fra.host: 127.0.0.1 -&gt; 127.0.0.2" in body
        assert "needs a second administrator, because it can be moved from here" in body
        assert labels(tab("vera", "inventory")) == []
        mine = tab("ada", "inventory")
        assert labels(mine) == ["Reject"]
        assert "another administrator must agree" in text(mine)
        theirs = tab("alan", "inventory")
        assert labels(theirs) == ["Agree", "Reject"]
        assert "it becomes the inventory within seconds" in press(theirs, "Agree")
        change_upkeep(world.runner)
        assert "Proposal 1" not in text(tab("alan", "inventory"))
    assert inventory_of(world).load().inventory == HEAVY["endpoint"]
