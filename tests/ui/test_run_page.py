"""The run page over a real database (FR-033, SEC-002): what it says in each state, and who is offered what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import Owed
from bc_lib.domain.execution.run import RunLease
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.states import State
from bc_lib.ports.runs import RunChange
from bc_lib.testing.fake_runs import finding
from tests.fixtures.requests import World, world
from tests.fixtures.runs import Runs, plan_of, runs
from tests.ui.real_screens import Open, opened, text

__all__ = ["runs", "world"]


@pytest.fixture
def tab(world: World) -> Iterator[Open]:
    with opened(world) as open_:
        yield open_


def change(runs: Runs, lease: RunLease, to: State | None = None, event: Event | None = None, **more: object) -> None:
    with runs.runner.work() as work:
        locked = work.lock(lease.request)
        work.change_run(lease, RunChange(**more))  # type: ignore[arg-type]
        if to and event:
            work.move(locked, to, event, "runner")


def test_us3_a_run_under_way_says_where_it_stands(tab: Open, runs: Runs) -> None:
    lease = runs.started()
    runs.done(lease, ["orders-db/check"])
    runs.claim(lease, "orders-db/move")
    at = runs.ui.read.now()
    with runs.runner.work() as work:
        work.mark(lease, "orders-db/move", MarkName.FENCED, at, {})
        work.mark(lease, "orders-db/move", MarkName.PROMOTED, at + timedelta(milliseconds=48), {})
        work.say(lease.request, "warning", "The standby was slow.", "orders-db/move")
    change(runs, lease, outage_began_at=at)
    body = text(tab("vera", "run", id=lease.request))
    for wanted in (
        "It runs step 2 of 5: move orders-db.",
        "Clients cannot write since",
        "no RTO target is set",
        "old primary proven stopped",
        "promoted +48 ms",
        "no earlier run",
        "If it stops here",
        "The standby was slow.",
        "Driven by runner-1",
        f'href="/requests?id={lease.request}"',
    ):
        assert wanted in body, wanted
    assert f"{lease.request} runs: step 2 of 5" in text(tab("vera"))


def test_a_held_run_says_why_and_that_its_resources_stay(tab: Open, runs: Runs) -> None:
    lease = runs.started()
    runs.done(lease, ["orders-db/check"])
    runs.claim(lease, "orders-db/move")
    runs.to(lease, "orders-db/move", StepState.UNKNOWN)
    change(runs, lease, State.HELD, Event.HOLD, held_because="the answer of the promotion was lost")
    body = text(tab("vera", "run", id=lease.request))
    assert "It is held: the answer of the promotion was lost." in body
    assert "It counts as moved until the target is proven not promoted" in body
    first = f"Run {lease.request} (Switchover of orders-db to Amsterdam) waits for an operator or an Approver-IT to say what"
    for page, name in (("resource", "orders-db"), ("group", "payments")):
        there = text(tab("vera", page, name=name))
        assert first in there
        assert f'href="/run?id={lease.request}&amp;act=resolve&amp;step=orders-db%2Fmove"' in there
        assert there.index(first) < there.index("<h1>"), "it is the first line"


def test_service_restored_shows_what_is_owed_and_since_when_nothing_protects(tab: Open, runs: Runs) -> None:
    lease = runs.started()
    runs.done(lease, ["orders-db/check", "orders-db/move", "orders-db/verify"])
    now = runs.ui.read.now()
    began = now - timedelta(seconds=30)
    change(
        runs,
        lease,
        State.SERVICE_RESTORED,
        Event.RESTORE,
        outage_began_at=began,
        restored_at=began + timedelta(milliseconds=92),
        unprotected_since=began,
        owed=(Owed.REPROTECT,),
    )
    body = text(tab("vera", "run", id=lease.request))
    assert "Clients write again." in body
    assert "92 ms" in body
    assert "There is no working standby yet" in body
    assert "Unprotected" in body


def test_f08_a_run_without_a_runner_says_how_it_goes_on(tab: Open, runs: Runs) -> None:
    lease = runs.started(ttl_s=5.0)
    runs.expire(60)
    body = text(tab("vera", "run", id=lease.request))
    assert "No runner is at work now." in body
    assert f"bcctl run {lease.request}" in body


def test_before_the_start_the_checks_stand_there_with_their_age(tab: Open, runs: Runs) -> None:
    request = runs.ready(plan_of("orders-db"))
    with runs.runner.work() as work:
        work.store_prechecks(request.id, [finding()])
    for page in ("run", "requests"):
        body = text(tab("vera", page, id=request.id))
        assert "Checked before the start" in body
        assert "The standby is 0.2 s behind." in body
    assert "It has not begun" in text(tab("vera", "run", id=request.id))


def test_a_freeze_stands_on_every_page_that_could_start_something(tab: Open, world: World, runs: Runs) -> None:
    with runs.ui.work() as work:
        work.freeze(world.actor("olga"), "Network change")
    lease = runs.pending(plan_of("orders-db"))
    wanted = "Starts are frozen since"
    for page, query in (
        ("", {}),
        ("requests", {}),
        ("requests", {"id": lease.id}),
        ("run", {"id": lease.id}),
        ("health", {}),
    ):
        assert wanted in text(tab("vera", page, **query)), page


@pytest.mark.parametrize("wrong", ["r-999", "", "'; drop table bc.run", '"><script>alert(1)</script>', "\u202e"])
def test_an_id_that_does_not_exist_is_said(tab: Open, wrong: str) -> None:
    body = text(tab("vera", "run", id=wrong))
    assert "There is no such run" in body
    assert "<script>" not in body
