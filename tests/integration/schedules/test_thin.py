"""A date falls due: one request, one mail, nothing else (TC-060, TC-061)."""

from __future__ import annotations

from typing import Any

from bc_lib.domain.requests.states import RequestType, State
from tests.fixtures.requests import World
from tests.fixtures.schedules import NOON, at, look, minutes, scheduled


def test_a_date_becomes_one_request_and_a_mail(world: World) -> None:
    """TC-060, FR-050, US-008: at its time, once, told; asked by the schedule's editor."""
    at(world, NOON)
    schedule = scheduled(world)
    assert str(look(world)).startswith("0 requests")
    at(world, NOON + minutes(10))
    assert look(world).requested == 1
    assert look(world).requested == 0
    (request,) = world.gate.store.read.list().requests
    assert (request.type, request.drill, request.state) == (RequestType.DRILL, "rehearsal", State.PENDING_APPROVAL)
    assert (request.schedule, request.due_at) == (schedule.id, NOON + minutes(10))
    assert request.requester_name == "Olga"
    assert "request/r-1/1/created" in world.outbox()
    record = world.audit.entries[-1]
    assert (record.verb, record.actor.name, record.payload["schedule"]) == ("request.create", "schedules", schedule.id)


def test_nobody_approves_so_nothing_executes(world: World) -> None:
    """TC-061, FR-052: an hour of dates; every request waits, none was approved, confirmed or run."""
    at(world, NOON)
    scheduled(world)
    for number in range(1, 7):
        at(world, NOON + minutes(10 * number))
        assert look(world).requested == 1
    states = {each.state for each in world.gate.store.read.list().requests}
    assert states == {State.PENDING_APPROVAL}
    for table in ("vote", "confirmation", "run", "run_step", "resource_lease"):
        assert world.database.sql("bc_reader", f"SELECT count(*) FROM bc.{table}") == [(0,)]


def test_from_the_command_line(commands: Any, world: World) -> None:
    """FR-050: add, list, show, next, run-due."""
    at(world, NOON)
    words = ("--type", "drill", "--group", "payments", "--title", "Monthly", "--reason", "Practice")
    when = ("--start", "2027-03-01 13:10", "--zone", "Europe/Amsterdam", "--every", "10m")
    code, said, made = commands("schedule", "add", *words, *when, "--notice", "ops-mail:5m", "--as", "olga", "--json")
    assert code == 0, said
    assert (made["id"], made["state"], made["lasts_s"]) == ("s-1", "active", 600.0)
    assert made["next"][0]["at"] == "2027-03-01T12:10:00+00:00"
    assert "next Mon 2027-03-01 13:10 CET (12:10 UTC)" in commands("schedule", "list")[1]
    assert len(commands("schedule", "next", "s-1", "-n", "4", "--json")[2]["dates"]) == 4
    at(world, NOON + minutes(10))
    assert commands("schedule", "run-due")[1].startswith("1 request made")
    assert "requested r-1" in commands("schedule", "show", "s-1")[1]
