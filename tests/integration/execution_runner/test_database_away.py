"""The shared database is away while a step acts: the act is finished, entries wait until the lease ends (F21)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from bc_lib.domain.execution.run import RunLease
from bc_lib.domain.requests.states import State
from bc_lib.ports.runs import RunReader, RunWork
from bc_lib.services.execution.runner import run
from tests.fixtures.running import Running


class Flaky:
    """Runs over a store that answers nothing between `away` and `back` (monotonic), or loses the answer of a commit."""

    def __init__(self, runs: object) -> None:
        self._runs = runs
        self.away, self.back = 0.0, 0.0
        self.lose_commits = 0

    def _check(self) -> None:
        if self.away <= time.monotonic() < self.back:
            raise OperationalError("SELECT", {}, Exception("the connection is gone"))

    @contextmanager
    def work(self) -> Iterator[RunWork]:
        self._check()
        with self._runs.work() as work:  # type: ignore[attr-defined]
            yield work
            self._check()
        if self.lose_commits > 0:
            self.lose_commits -= 1
            raise OperationalError("COMMIT", {}, Exception("the answer is lost"))

    @property
    def read(self) -> RunReader:
        found: RunReader = self._runs.read  # type: ignore[attr-defined]
        return found

    def renew(self, lease: RunLease) -> RunLease:
        self._check()
        found: RunLease = self._runs.renew(lease)  # type: ignore[attr-defined]
        return found


def test_away_for_a_moment(running: Running) -> None:
    """Shorter than the lease: the run goes on as if nothing had been."""
    request = running.ready()
    flaky = Flaky(running.world.runner.store)

    def leave() -> None:
        flaky.away, flaky.back = time.monotonic(), time.monotonic() + 1.0

    running.disturb("stop", leave)
    assert run(running.execution(flaky, ttl_s=10.0), request.id, "test").state == "Succeeded"
    assert running.target.doubles() == []


def test_away_longer_than_the_lease(running: Running) -> None:
    """The act in hand was finished; nothing more is begun, and a successor sees what was done."""
    request = running.ready()
    flaky = Flaky(running.world.runner.store)

    def leave() -> None:
        flaky.away, flaky.back = time.monotonic(), time.monotonic() + 60.0

    running.disturb("promote", leave)
    report = run(running.execution(flaky), request.id, "test")
    assert "another runner" in report.text
    assert running.states(request)["orders-db/move"] == "claimed"
    assert running.target.pairs["orders-db"].primary == {"ams"}
    running.target.at = lambda *_: None
    running.later()
    assert running.go(request).state == "Succeeded"
    assert running.target.doubles() == []


def test_every_answer_of_a_commit_is_lost_once(running: Running) -> None:
    """An entry that arrived although its answer was lost is not written twice, and is no refusal."""
    for number in range(1, 12):
        running.target.pairs.clear()
        request = running.ready()
        flaky = Flaky(running.world.runner.store)
        left = [number]

        def lose(left: list[int] = left, flaky: Flaky = flaky) -> None:
            flaky.lose_commits = 1

        points = ["act", "stop", "promote", "promoted", "acted", "verify", "reprotect", "reprotect-done"]
        running.disturb(points[number % len(points)], lose, times=3)
        report = run(running.execution(flaky, ttl_s=10.0), request.id, "test")
        assert report.state == "Succeeded", report
        assert running.state(request) is State.SUCCEEDED
        assert running.target.doubles() == []
