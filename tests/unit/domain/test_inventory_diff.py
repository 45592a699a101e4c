"""What differs between two inventories, field by field (FR-001)."""

from __future__ import annotations

import dataclasses

from hypothesis import given

from bc_lib.domain.inventory import Inventory
from bc_lib.domain.inventory_diff import ChangeKind, difference, touched_endpoints
from bc_lib.domain.inventory_rules import problems
from bc_lib.testing.builders import inventory, resource
from tests.fixtures.inventories import inventories


@given(inventories())
def test_equal_inventories_do_not_differ_and_are_allowed(one: Inventory) -> None:
    assert difference(one, one) == ()
    assert problems(one) == ()


@given(inventories(), inventories())
def test_whatever_is_not_equal_differs(one: Inventory, other: Inventory) -> None:
    """Nothing may change without the plan saying so."""
    assert (difference(one, other) == ()) == (one == other)


def test_before_and_after_of_a_field() -> None:
    changed = inventory(resource(rpo_s=60.0, owner="Shop team"), resource("new-db"))
    change, added = difference(inventory(), changed)[0:2]
    assert (added.kind, added.name) == (ChangeKind.ADDED, "new-db") or (change.kind, change.name) == (
        ChangeKind.ADDED,
        "new-db",
    )
    fields = {
        field.name: (field.before, field.after)
        for one in (change, added)
        if one.kind is ChangeKind.CHANGED
        for field in one.fields
    }
    assert fields == {"rpo_s": (30.0, 60.0), "owner": ("Payments team", "Shop team")}


def test_an_order_that_changes_is_said() -> None:
    one, two = resource("a-db"), resource("b-db")
    assert [change.what for change in difference(inventory(one, two), inventory(two, one))] == ["resources"]


def test_only_hosts_that_are_new_or_moved_are_touched() -> None:
    """These are asked whether they answer, before an inventory is applied."""
    before = inventory()
    endpoints = before.resources[0].endpoints
    moved = dataclasses.replace(
        before.resources[0], endpoints=(endpoints[0], dataclasses.replace(endpoints[1], port=5999))
    )
    assert touched_endpoints(before, inventory(moved, resource("new-db"))) == (
        ("orders-db", "ams"),
        ("new-db", "fra"),
        ("new-db", "ams"),
    )
    assert touched_endpoints(before, inventory(resource(owner="Other"))) == ()
