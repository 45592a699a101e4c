"""Marks from stored requests, read as bc_reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bc_lib.domain.execution.findings import Finding, Severity
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.verified.judge import PERIODS_S
from bc_lib.domain.verified.values import Mark, Verified
from bc_lib.services.estate import read_estate
from bc_lib.services.verified.marks import marks
from bc_lib.services.verified.watched import WatchedMarks
from bc_lib.store.inventory import InventoryRepository
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from bc_lib.store.reading import StatusReader
from bc_lib.store.requests_reading import RequestReader
from bc_lib.testing.builders import round_of
from tests.fixtures.running import Running, drilled

ORDERS, PAYMENTS = Scope(kind="resource", name="orders-db"), Scope(kind="group", name="payments")


def read(running: Running) -> dict[Scope, Mark]:
    """All marks now."""
    return dict(marks(RequestReader(running.world.database.engine("bc_reader"))))


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


def test_the_newest_drill_and_the_newest_success_are_one_statement(running: Running) -> None:
    """NFR-001, US-008: a later failure decides the state, the older success still counts for the period."""
    began = running.world.gate.store.read.now()
    first = drilled(running, "payments")
    running.target.findings["precheck"] = [
        Finding(check="lag", severity=Severity.BLOCK, resource="orders-db", sentence="It is 412 s behind.")
    ]
    failed = running.ready(RequestType.DRILL, drill="live")
    running.go(failed)
    rehearsed = running.world.ask(kind=RequestType.DRILL, scope="reports-db")
    reader = RequestReader(running.world.database.engine("bc_reader"))
    drills = reader.drills
    assert {each.request: each.succeeded for each in drills.newest()} == {failed.id: False, first.id: True}
    found = read(running)
    assert (found[ORDERS].state, found[ORDERS].overdue, found[ORDERS].drill) == (Verified.FAILED, False, failed.id)
    assert found[PAYMENTS].holds
    assert found[Scope(kind="resource", name="billing-db")].drill == first.id
    late = marks(reader, {1: 0.0, 2: 0.0})
    assert late[PAYMENTS].overdue
    assert not late[PAYMENTS].holds
    asked = {each.request: each for each in drills.during(began, reader.now() + timedelta(hours=1))}
    assert list(asked) == [rehearsed.id, failed.id, first.id]
    took_part = asked[first.id]
    assert (took_part.asked_by, took_part.agreed, took_part.confirmed) == ("Olga", ("Bea", "Ian"), ("Oscar",))
    assert (took_part.decided, took_part.live) == (("Oscar",), True)
    assert set(took_part.members) == {"orders-db", "billing-db"}
    assert {each.request for each in drills.tried()} == {first.id, failed.id}
    assert drills.during(began - timedelta(days=2), began) == []
    before = drills.before(ORDERS, failed.created_at)
    assert before is not None
    assert before.request == first.id
    assert drills.before(PAYMENTS, began) is None
    assert drills.before(Scope(kind="resource", name="reports-db"), reader.now()) is None


def seen_as(running: Running, identifier: str) -> None:
    """A poller's round of orders-db, now of this cluster."""
    engine = running.world.database.engine("bc_poller")
    leases, store = Leases(engine), MonitoringStore(engine, lambda _: [])
    lease = leases.acquire("poller/0", "test", 60)
    assert lease is not None
    found = round_of("orders-db", store.now(), lag_s=0.2)
    nodes = tuple(
        replace(node, facts=node.facts and replace(node.facts, system_identifier=identifier))
        for node in found.observation.nodes
    )
    store.record([replace(found, observation=replace(found.observation, nodes=nodes))], lease)


def test_marks_of_a_page_are_those_of_the_moment(running: Running) -> None:
    """What is kept between two readings never decides: another cluster seen, a failed drill, all as if read afresh."""
    world = running.world
    statuses = StatusReader(world.database.engine("bc_reader"), minute_days=2)
    inventory = InventoryRepository(world.database.engine("bc_reader"))
    kept = WatchedMarks(RequestReader(world.database.engine("bc_reader")), PERIODS_S)

    def now() -> dict[Scope, Mark]:
        """As a page gets them; the same but for the age as those of a command."""
        shown = dict(kept.now(read_estate(inventory, statuses)))
        assert {scope: mark.state for scope, mark in shown.items()} == {
            scope: mark.state for scope, mark in read(running).items()
        }
        return shown

    assert now()[ORDERS].state is Verified.NEVER
    drilled(running, "payments")
    assert now()[ORDERS].holds
    assert now()[PAYMENTS].holds
    seen_as(running, "7999999999999999999")
    assert now()[ORDERS].state is now()[PAYMENTS].state is Verified.CHANGED
    assert now()[Scope(kind="resource", name="billing-db")].holds
    world.observe("orders-db")
    assert now()[ORDERS].holds
    running.target.findings["precheck"] = [
        Finding(check="lag", severity=Severity.BLOCK, resource="orders-db", sentence="It is 412 s behind.")
    ]
    running.go(running.ready(RequestType.DRILL, drill="live"))
    assert now()[ORDERS].state is Verified.FAILED
