"""The time-out of a whole run: it stops where the plan lets it, by the database's clock, and people's time is free."""

from __future__ import annotations

from bc_lib.domain.execution.outcome import MemberOutcome, Outcome
from bc_lib.domain.requests.states import State
from bc_lib.services.requests.plan_text import plan_lines
from tests.fixtures.running import Running


def test_a_run_that_crawls_stops_between_two_members(running: Running) -> None:
    """The first member took all the time: the second is not begun, and the end says why."""
    request = running.ready(scope="payments")
    plan = running.world.gate.store.read.plan(request.id).plan
    assert plan.timeout_s == 60 + 2 * (30 + 60 + 60)
    assert any("In all at most 6 min" in line for line in plan_lines(plan)), plan_lines(plan)
    running.disturb("promoted", lambda: running.later(plan.timeout_s + 1), step="orders-db/move")
    running.more["ttl_s"] = 300.0  # its own lease outlives the jump of the clock
    running.go(request)
    while not running.state(request).over:
        running.later(301)
        running.go(request)
    found = running.run(request)
    assert running.state(request) is State.FAILED
    assert (found.outcome, found.members["billing-db"]) == (Outcome.PARTIALLY_MOVED, MemberOutcome.UNTOUCHED)
    assert "without waiting for people; its plan allows 6 min" in found.held_because
    assert running.target.pairs["orders-db"].primary == {"ams"}
    assert running.target.pairs["billing-db"].primary == {"fra"} if "billing-db" in running.target.pairs else True


def test_never_between_fence_and_promotion(running: Running) -> None:
    """F31: the only member's move is finished, however late it is, and what is owed after it too."""
    request = running.ready()
    plan = running.world.gate.store.read.plan(request.id).plan
    running.disturb("stopped", lambda: running.later(plan.timeout_s + 1), step="orders-db/move")
    running.more["ttl_s"] = 300.0
    running.go(request)
    for _ in range(3):
        if not running.state(request).over:
            running.later(301)
            running.go(request)
    assert running.state(request) is State.SUCCEEDED
    assert running.target.doubles() == []
