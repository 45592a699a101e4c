"""Writes to the journal. While the database is away an entry is tried again until the lease ends, and not longer."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.actions import MarkName
from bc_lib.domain.execution.run import Facts, Mark, Run
from bc_lib.domain.requests.values import Request
from bc_lib.ports.runs import RunChange, Runs, RunWork
from bc_lib.services.execution.lease import LeaseKeeper, LeaseLost

log = logging.getLogger(__name__)
T = TypeVar("T")
BUGS = (LookupError, TypeError, ValueError, AttributeError, AssertionError)  # waiting does not mend these
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 1.0


class Journal:
    """One run's journal under one lease."""

    def __init__(self, runs: Runs, keeper: LeaseKeeper) -> None:
        self._runs, self._keeper = runs, keeper

    def read(self) -> tuple[Request, Run]:
        """The request and its run now. Raises LeaseLost."""

        def look(work: RunWork) -> tuple[Request, Run]:
            found = work.run(self._keeper.lease.request)
            if found is None:
                raise LookupError(self._keeper.lease.request)
            return work.get(self._keeper.lease.request), found

        return self.write(look)

    def write(self, act: Callable[[RunWork], T], done: Callable[[RunWork], T | None] | None = None) -> T:
        """`act` in one transaction; its result. Raises Denial, LeaseLost.

        `done` says whether an earlier try arrived although its answer was lost, and with which result.
        """
        pause, tried = FIRST_PAUSE_S, False
        while True:
            try:
                with self._runs.work() as work:
                    earlier = done(work) if tried and done is not None else None
                    return act(work) if earlier is None else earlier
            except Denial as denial:
                if denial.code == "STALE_EPOCH":
                    raise LeaseLost(self._keeper.lease.request) from denial
                raise
            except BUGS:
                raise
            except Exception as trouble:
                log.warning("The journal did not answer, trying again: %s", type(trouble).__name__)
                tried = True
                if self._keeper.left_s() <= pause:
                    raise LeaseLost(self._keeper.lease.request) from trouble
                time.sleep(pause)
                pause = min(LONGEST_PAUSE_S, pause * 2)


class MarkWriter:
    """Remembers moments without letting anybody wait: the clients' writes stand still meanwhile."""

    def __init__(self, runs: Runs, keeper: LeaseKeeper) -> None:
        self._runs, self._keeper = runs, keeper
        self._queue: queue.Queue[Mark | None] = queue.Queue()
        self._marks: dict[str, dict[MarkName, Mark]] = {}
        self._thread = threading.Thread(target=self._work, name="bc-marks", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """What is not written yet is in the journal's own entry of its step."""
        self._queue.put(None)

    def note(self, step: str, name: MarkName, facts: Facts) -> None:
        """A moment, now."""
        found = Mark(step=step, name=name, at=datetime.now(UTC), facts=dict(facts))
        self._marks.setdefault(step, {})[name] = found
        self._queue.put(found)

    def of(self, step: str) -> list[Mark]:
        """Every mark of a step that this process made."""
        return list(self._marks.get(step, {}).values())

    def _work(self) -> None:
        while (found := self._queue.get()) is not None:
            try:
                with self._runs.work() as work:
                    write_mark(work, self._keeper, found)
            except Exception as trouble:
                # Written again with the step's own entry, which does wait.
                log.warning("A mark of %s could not be written now: %s", found.step, type(trouble).__name__)


def write_mark(work: RunWork, keeper: LeaseKeeper, mark: Mark) -> None:
    """The mark, and with the first fence the beginning of the outage, so that its clock runs on the page."""
    work.mark(keeper.lease, mark.step, mark.name, mark.at, mark.facts)
    if mark.name in {MarkName.FENCED, MarkName.FENCE_OWED}:
        run = work.run(keeper.lease.request)
        if run is not None and run.outage_began_at is None:
            work.change_run(keeper.lease, RunChange(outage_began_at=mark.at))
