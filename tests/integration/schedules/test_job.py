"""The job as the DAG calls it: two workers at once, clock changes, leap days, downtime, and nothing that executes."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bc_lib import jobs_requests, jobs_schedules
from bc_lib.domain.requests.states import State
from bc_lib.domain.schedules.values import Spec
from bc_lib.services.requests.approve import approve
from bc_lib.services.schedules.upcoming import calendar_between
from tests.fixtures.requests import BUSINESS, IT, World
from tests.fixtures.schedules import CALENDAR, NOON, at, look, minutes, scheduled, spec

WAITERS = "SELECT count(*) FROM pg_locks WHERE NOT granted"
ATTEMPTS = ("vote", "confirmation", "run", "run_step", "resource_lease")
local = datetime.fromisoformat


def utc(moment: str) -> datetime:
    return datetime.fromisoformat(f"{moment}+00:00")


def test_tc060_two_workers_turn_one_date_at_once(world: World) -> None:
    """Both have found the date unsettled before either settles it; one request comes of it, told once."""
    at(world, NOON)
    scheduled(world)
    at(world, NOON + minutes(10))
    with ThreadPoolExecutor(2) as pool:
        with world.database.engine("postgres").begin() as holder:
            holder.execute(text("SELECT bc.schedule_turn('s-1')"))
            workers = [pool.submit(look, world) for _ in range(2)]
            until = time.monotonic() + 60
            while world.database.sql("postgres", WAITERS) != [(2,)]:
                assert time.monotonic() < until, "both workers wait to settle the date"
                time.sleep(0.02)
        done = [each.result(60) for each in workers]
    assert sorted(each.requested for each in done) == [0, 1]
    assert [each.troubles for each in done] == [(), ()]
    assert len(world.gate.store.read.list().requests) == 1
    assert sum(key.endswith("/created") for key in world.outbox()) == 1


@pytest.mark.parametrize(
    ("starts", "looks"),
    [
        (  # clocks go forward: 02:30 does not exist on 28 March and is 03:30
            "2027-03-27 02:30",
            "27T01:29=0 27T01:30=1 28T00:30=0 28T01:29=0 28T01:30=1 29T00:29=0 29T00:30=1 29T01:30=0",
        ),
        (  # clocks go back: 02:30 comes twice on 31 October and is asked for once
            "2027-10-30 02:30",
            "30T00:29=0 30T00:30=1 31T00:29=0 31T00:30=1 31T01:30=0 31T23:59=0",
        ),
    ],
)
def test_a_daily_drill_through_a_clock_change(world: World, starts: str, looks: str) -> None:
    """FR-050: one request a day at 02:30 in Amsterdam, before, on and after the day of the change."""
    first = local(starts)
    at(world, utc(f"{first:%Y-%m}-{first.day - 1:02d}T12:00"))
    scheduled(world, rule="FREQ=DAILY", starts=first, zone="Europe/Amsterdam")
    for one in looks.split():
        moment, wanted = one.split("=")
        at(world, utc(f"{first:%Y-%m}-{moment}"), observe=False)
        assert look(world).requested == int(wanted), one
    zone = {each.due_at for each in world.gate.store.read.list().requests}
    assert len(zone) == looks.count("=1")


def test_every_five_hours_is_time_that_passes_through_a_clock_change(world: World) -> None:
    """Hours are counted, not read off the wall: the night of the change is an hour shorter on it, not for the drill."""
    at(world, utc("2027-03-27T12:00"))
    scheduled(world, rule="FREQ=HOURLY;INTERVAL=5", starts=local("2027-03-27 20:00"), zone="Europe/Amsterdam")
    for hours in range(4):
        due = utc("2027-03-27T19:00") + timedelta(hours=5 * hours)
        at(world, due - minutes(1), observe=False)
        assert look(world).requested == 0
        at(world, due, observe=False)
        assert look(world).requested == 1


def test_29_february_comes_in_leap_years_only(world: World) -> None:
    """No stand-in on 28 February or 1 March of the years between."""
    at(world, utc("2027-12-01T12:00"))
    scheduled(world, rule="FREQ=YEARLY", starts=local("2028-02-29 10:00"))
    for moment, wanted in (
        ("2028-02-28T10:30", 0), ("2028-02-29T10:00", 1), ("2028-03-01T10:00", 0),
        ("2029-02-28T10:30", 0), ("2029-03-01T10:00", 0), ("2032-02-29T10:30", 1),
    ):  # fmt: skip
        at(world, utc(moment), observe=False)
        assert look(world).requested == wanted, moment


def test_tc061_the_job_and_the_runner_execute_nothing_without_approval(commands: Any, world: World) -> None:
    """FR-052: the DAG's own task makes the request; what a move's DAG calls to execute it is refused, also with one
    approval of two; no run, no lease, no step."""
    at(world, NOON)
    scheduled(world)
    at(world, NOON + minutes(10))
    assert jobs_schedules.look().startswith("1 request made")
    assert "pre-notices sent" in jobs_schedules.look()

    def run() -> str:
        visit = jobs_requests.execute("r-1", "airflow r-1~1")
        assert visit.became == "waits"
        return visit.code

    assert run() in {"WRONG_STATE", "NO_SUCH_EDGE"}
    approve(world.gate, world.actor("ian"), "r-1", IT)
    assert run() in {"WRONG_STATE", "NO_SUCH_EDGE"}
    for table in ATTEMPTS[1:]:
        assert world.database.sql("bc_reader", f"SELECT count(*) FROM bc.{table}") == [(0,)], table
    assert approve(world.gate, world.actor("bea"), "r-1", BUSINESS).state is State.APPROVED
    assert run() in {"WRONG_STATE", "NO_SUCH_EDGE"}, "approved is not confirmed"
    assert world.database.sql("bc_reader", "SELECT count(*) FROM bc.run") == [(0,)]


def test_tc060_airflow_away_during_two_dates(world: World) -> None:
    """After downtime each date within its catch-up is asked for once, with its own date; the next look adds nothing."""
    at(world, NOON)
    scheduled(world)
    at(world, NOON + minutes(25))
    assert look(world).requested == 2
    assert look(world).requested == 0
    due = sorted(each.due_at for each in world.gate.store.read.list().requests if each.due_at)
    assert due == [NOON + minutes(10), NOON + minutes(20)]


def test_a_stretch_with_too_many_dates_says_where_it_was_cut(world: World) -> None:
    """Every two minutes for a month is more than a page reads; it is told which dates are left out."""
    at(world, NOON)
    made = scheduled(world, rule="FREQ=MINUTELY;INTERVAL=2", starts=local("2027-03-01 12:02"))
    found = calendar_between(world.gate, CALENDAR, NOON, NOON + timedelta(days=30))
    assert [(each.id, last) for each, last in found.cut] == [(made.id, NOON + minutes(2 * 5000))]
    assert calendar_between(world.gate, CALENDAR, NOON, NOON + timedelta(days=6)).cut == ()


def test_a_rule_means_the_same_every_time(world: World) -> None:
    """The dates of a spec do not depend on where one begins to look (the job, the page and the feed each do so)."""
    specs: list[Spec] = [
        spec(rule="FREQ=MONTHLY;BYDAY=-1FR", starts=local("2027-03-01 02:30"), zone="Europe/Amsterdam"),
        spec(rule="FREQ=HOURLY;INTERVAL=7", zone="America/New_York"),
    ]
    for each in specs:
        whole = CALENDAR.between(each, NOON, NOON + timedelta(days=300), 5000)
        for cut in (NOON + timedelta(days=13), NOON + timedelta(days=27, hours=14), NOON + timedelta(days=244)):
            parts = (
                *CALENDAR.between(each, NOON, cut, 5000),
                *CALENDAR.between(each, cut, NOON + timedelta(days=300), 5000),
            )
            assert parts == tuple(whole)
