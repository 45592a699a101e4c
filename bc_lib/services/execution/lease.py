"""Keeps a run's lease alive while steps act, and knows when the right to act ends (decision 5)."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime, timedelta

from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.run import RunLease
from bc_lib.ports.runs import Runs

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """The right to act has ended: nothing more may have an effect, a successor probes."""


class LeaseKeeper:
    """Renews every third of the lease. `taken_at`: this process's monotonic clock before the lease was asked for,
    so that our idea of its end is never later than the database's."""

    def __init__(self, runs: Runs, lease: RunLease, taken_at: float, margin_s: float) -> None:
        self._runs, self.lease, self._margin_s = runs, lease, margin_s
        self._until = taken_at + lease.ttl_s
        self._taken_away = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="bc-lease", daemon=True)

    def start(self) -> None:
        """Begin to renew."""
        self._thread.start()

    def stop(self) -> None:
        """Renew no more; the lease ends by itself."""
        self._stop.set()

    def left_s(self) -> float:
        """Seconds in which an effect may still be begun; 0 and less: none."""
        return 0.0 if self._taken_away else self._until - self._margin_s - time.monotonic()

    def ends(self) -> datetime:
        """The same as a moment of this machine's clock, aware UTC; asked anew before every effect."""
        return datetime.now(UTC) + timedelta(seconds=self.left_s())

    def check(self) -> None:
        """Raises LeaseLost."""
        if self.left_s() <= 0:
            raise LeaseLost(self.lease.request)

    def _renew(self) -> None:
        every = self.lease.ttl_s / 3
        while not self._stop.wait(every):
            began = time.monotonic()
            try:
                self._runs.renew(self.lease)
            except Denial:
                self._taken_away = True
                return
            except Exception as trouble:
                log.warning("The lease of %s was not renewed: %s", self.lease.request, type(trouble).__name__)
                every = min(1.0, self.lease.ttl_s / 10)
                if self.left_s() <= 0:
                    return
                continue
            self._until = began + self.lease.ttl_s
            every = self.lease.ttl_s / 3
