"""A run whose last runner was killed: its right to act ends by itself, and until then is waited for."""

from __future__ import annotations

import time

from bc_lib.domain.denial import Denial
from bc_lib.services.execution.parts import Execution, Report
from bc_lib.services.execution.runner import run

RUN_ALIVE = "RUN_ALIVE"
PAUSE_S = 1.0


def run_patiently(
    ex: Execution, request_id: str, executor: str, window_s: float, quiet: frozenset[str] = frozenset()
) -> Report:
    """Like run. While another runner may still act it is tried again for `window_s`. Raises Denial."""
    until = time.monotonic() + window_s
    while True:
        try:
            return run(ex, request_id, executor, quiet=quiet)
        except Denial as denial:
            if denial.code != RUN_ALIVE or time.monotonic() + PAUSE_S >= until or ex.stop.wait(PAUSE_S):
                raise
            quiet |= {denial.code}
