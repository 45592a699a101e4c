"""Marks from stored requests, read as bc_reader."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.verified.values import Mark, Verified
from bc_lib.services.execution.end_hold import end_hold
from bc_lib.services.verified.marks import marks
from bc_lib.store.inventory import InventoryRepository
from bc_lib.store.requests_reading import RequestReader
from tests.fixtures.running import Running

ORDERS, PAYMENTS = Scope(kind="resource", name="orders-db"), Scope(kind="group", name="payments")


def read(running: Running) -> dict[Scope, Mark]:
    """All marks now."""
    return dict(marks(RequestReader(running.world.database.engine("bc_reader"))))


def drilled(running: Running, scope: str) -> Request:
    """A live drill there and back."""
    request = running.ready(RequestType.DRILL, scope=scope, drill="live")
    running.go(request)
    hold = next(key for key, state in running.states(request).items() if state == "waiting")
    end_hold(running.world.gate, running.world.actor("oscar"), request.id, hold, note="seen")
    running.later(1.0)
    running.go(request)
    assert running.state(request) is State.SUCCEEDED
    return request


def test_only_a_live_drill_verifies_and_a_group_only_by_its_own(running: Running) -> None:
    """US-008: a rehearsal counts for nothing, a resource's drill not for its group; a changed endpoint is named."""
    running.go(running.ready(RequestType.DRILL))
    assert read(running)[ORDERS].state is Verified.NEVER
    request = drilled(running, "orders-db")
    found = read(running)
    assert (found[ORDERS].state, found[ORDERS].drill, found[ORDERS].holds) == (Verified.VERIFIED, request.id, True)
    assert found[PAYMENTS].state is Verified.NEVER
    world = running.world
    inventory = InventoryRepository(world.database.engine("bc_ui")).load().inventory
    moved = [
        replace(each, endpoints=tuple(replace(end, port=(end.port or 0) + 100) for end in each.endpoints))
        for each in inventory.resources
    ]
    world.apply(*moved, groups=inventory.groups)
    changed = read(running)[ORDERS]
    assert changed.state is Verified.CHANGED
    assert any("endpoints" in each for each in changed.changes)


def test_a_groups_drill_verifies_its_members(running: Running, commands: Any) -> None:
    """They really moved there and back; `bcctl status` says so apart from the health."""
    request = drilled(running, "payments")
    found = read(running)
    for scope in (PAYMENTS, ORDERS, Scope(kind="resource", name="billing-db")):
        assert (found[scope].state, found[scope].drill) == (Verified.VERIFIED, request.id), found[scope]
    assert found[Scope(kind="resource", name="reports-db")].state is Verified.NEVER
    told = commands("status", "payments", "--json")[2]
    assert told["groups"][0]["verified"]["holds"] is True
    assert {each["name"]: each["verified"]["state"] for each in told["resources"]} == {
        "orders-db": "verified",
        "billing-db": "verified",
    }
    text = commands("status")[1]
    assert "  group payments: verified. Live drill" in text
    assert "  resource reports-db: never drilled; overdue, period 365 d. No live drill has ended." in text
