"""F11: the process is killed at every journal transition and around every effect: probe first, never blind redo."""

from __future__ import annotations

import pytest

from bc_lib.domain.requests.states import RequestType, State
from bc_lib.services.execution.runner import run
from bc_lib.testing.fake_mechanism import Killed, Pair
from tests.fixtures.running import Running, failing

POINTS = ("probe", "act", "stop", "stopped", "promote", "promoted", "reprotect", "reprotect-done", "acted", "verify")
STEPS = ("check", "move", "verify", "reprotect", "postcheck")
MOST_VISITS = 4


def finish(running: Running, request: object) -> None:
    """New runners, each after the lease of the one before, until it is over."""
    for _ in range(MOST_VISITS):
        if running.state(request).over:  # type: ignore[arg-type]
            return
        running.later()
        running.go(request)  # type: ignore[arg-type]


def judge(running: Running, request: object) -> None:
    """Succeeded, each effect once, nothing begun blindly, the chain of epochs kept."""
    assert running.state(request) is State.SUCCEEDED  # type: ignore[arg-type]
    assert running.target.doubles() == []
    assert running.target.wrong == []
    assert set(running.states(request).values()) == {"verified"}  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
def test_killed_at_every_transaction(running: Running, after: bool) -> None:
    """The first runner dies in its n-th transaction, for every n of a whole run."""
    whole = running.count(running.ready())
    assert whole > 20
    for number in range(1, whole + 1):
        running.target.pairs.clear()
        request = running.ready()
        assert running.killed(request, number, after=after), number
        if running.state(request) is State.READY_TO_START:
            running.go(request)
        finish(running, request)
        judge(running, request)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_around_every_effect(running: Running) -> None:
    """At every point of every step, and again at the successor's first probe."""
    for step in STEPS:
        for point in POINTS:
            running.target.pairs.clear()
            request = running.ready()
            running.disturb(point, failing(Killed()), step=f"orders-db/{step}", times=2)
            for _ in range(MOST_VISITS):
                try:
                    run(running.execution(), request.id, "test")
                except Killed:
                    running.later()
                    continue
                break
            finish(running, request)
            judge(running, request)


def test_killed_between_fence_and_promotion_of_a_group(running: Running) -> None:
    """The second member is finished by the successor; the first is not touched again."""
    request = running.ready(scope="payments")
    running.disturb("promote", failing(Killed()), step="billing-db/move")
    with pytest.raises(Killed):
        run(running.execution(), request.id, "test")
    assert running.target.pairs["billing-db"] == Pair(primary=set(), stopped={"fra"}, standby={"ams"})
    running.target.at = lambda *_: None
    running.later()
    running.go(request)
    judge(running, request)


def test_a_frozen_runner_that_wakes_up_is_refused(running: Running) -> None:
    """F02: its lease is over and another acts; the target refuses its order, the journal its entry."""
    request = running.ready()
    woken: list[object] = []

    def sleep() -> None:
        # While this runner sleeps inside its effect, its successor does the whole run.
        running.target.at = lambda *_: None
        running.later()
        woken.append(running.go(request).state)

    running.disturb("promote", sleep, step="orders-db/move")
    report = running.go(request)
    assert woken == ["Succeeded"]
    assert "another runner" in report.text
    assert running.target.refused
    assert running.target.doubles() == []
    assert running.state(request) is State.SUCCEEDED


def test_a_live_drill_killed_on_its_way_back(running: Running) -> None:
    """The way back is part of the plan, and goes on as any other step."""
    request = running.ready(kind=RequestType.DRILL, drill="live")
    running.go(request)
    assert running.states(request)["orders-db/hold"] == "waiting"
    assert running.state(request) is State.RUNNING
    running.later(5 * 3600.0)
    running.disturb("promote", failing(Killed()), step="orders-db/move-back")
    with pytest.raises(Killed):
        run(running.execution(), request.id, "test")
    running.later()
    running.go(request)
    judge(running, request)
    assert running.target.pairs["orders-db"].primary == {"fra"}
