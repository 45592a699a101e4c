"""Words that every part of bc-host uses."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

UTC = timezone.utc  # noqa: UP017 - hosts may have Python 3.9
STOP, START, START_AS_STANDBY, PRESERVE, REWIND = "stop", "start", "start-as-standby", "preserve", "rewind"
STARTS = (START, START_AS_STANDBY)
DONE, FAILED, NOT_DONE = "done", "failed", "not-done"
STANDBY_SIGNAL = "standby.signal"
# Epochs of one incarnation of the shared database; after a restore of it the next million million begins.
INCARNATION = 10**12
RESTORED = "{verb} of {run} was done at {} before the shared database was restored; a person must look, and ask anew."
# A standby must not have less of these than its primary; in pg_controldata's words.
LIMITS = {
    "max_connections": "max_connections setting",
    "max_worker_processes": "max_worker_processes setting",
    "max_wal_senders": "max_wal_senders setting",
    "max_prepared_transactions": "max_prepared_xacts setting",
    "max_locks_per_transaction": "max_locks_per_xact setting",
}
Order = dict[str, Any]


class Refused(Exception):
    """Nothing was done. `code` as in the port: stale-epoch, deadline, precondition, failed."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Failed(Exception):
    """It was tried. `torn`: the data folder is half one thing and half another."""

    def __init__(self, sentence: str, torn: bool = False) -> None:
        super().__init__(sentence)
        self.torn = torn


class Unsettled(Exception):
    """It is under way and nobody can say yet: no answer is better than a wrong one."""


def now() -> datetime:
    """Aware UTC by this host's clock."""
    return datetime.now(UTC)


def left_s(order: Order) -> float:
    """Seconds until the order's deadline."""
    seconds: float = (order["deadline"] - now()).total_seconds()
    return max(0.0, seconds)
