"""Runs of a store whose process dies in front of, or right after, the commit of its n-th transaction (F11)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bc_lib.domain.execution.run import RunLease
from bc_lib.ports.runs import RunReader, Runs, RunWork
from bc_lib.testing.fake_mechanism import Killed


class KillingRuns:
    """Implements ports.runs.Runs. Only transactions of the thread that made it count; `at` 0: nobody dies."""

    def __init__(self, runs: Runs, at: int = 0, *, after: bool = False) -> None:
        self._runs, self._at, self._after = runs, at, after
        self._thread = threading.get_ident()
        self.count = 0

    @contextmanager
    def work(self) -> Iterator[RunWork]:
        """One transaction; dies as told."""
        mine = threading.get_ident() == self._thread
        self.count += mine
        dies = mine and self.count == self._at
        with self._runs.work() as work:
            yield work
            if dies and not self._after:
                raise Killed
        if dies:
            raise Killed

    @property
    def read(self) -> RunReader:
        """The reader."""
        return self._runs.read

    def renew(self, lease: RunLease) -> RunLease:
        """As the store does."""
        return self._runs.renew(lease)
