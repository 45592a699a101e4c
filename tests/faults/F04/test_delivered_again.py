"""F04: a step delivered again by the queue returns the recorded outcome and has no effect."""

from __future__ import annotations

from collections import Counter

from bc_lib.domain.requests.states import State
from bc_lib.services.execution.runner import run
from tests.fixtures.requests import refused, together
from tests.fixtures.running import Running


def test_a_finished_run_again(running: Running) -> None:
    """The outcome as recorded; nothing changes but the audit, which tells of the attempt (F08)."""
    request = running.ready()
    running.go(request)
    before = (Counter(running.target.effects), running.run(request), len(running.kinds()))
    again = running.go(request)
    assert (again.acted, again.state) == (False, "Succeeded")
    assert again.text == f"{request.id} is succeeded already: orders-db is done."
    assert (Counter(running.target.effects), running.run(request)) == before[:2]
    assert running.kinds()[before[2] :] == ["request.start denied denied"]


def test_a_running_one_again(running: Running) -> None:
    """F08: refused while the lease lives, with whom it belongs to."""
    request = running.ready()
    seen: list[str] = []
    running.disturb("promote", lambda: seen.append(refused(run, running.execution(), request.id, "second")))
    running.go(request)
    assert seen == ["RUN_ALIVE"]
    assert running.target.doubles() == []


def test_many_runners_at_once(running: Running) -> None:
    """One starts it; nobody acts twice."""
    for _ in range(3):
        running.target.pairs.clear()
        request = running.ready()
        found = together(4, lambda number, request=request: running.go(request).state)  # type: ignore[misc]
        assert "Succeeded" in found
        assert set(found) <= {"Succeeded", "RUN_ALIVE", "RUN_EXISTS", "WRONG_STATE"}, found
        assert running.target.doubles() == []
        assert running.state(request) is State.SUCCEEDED
