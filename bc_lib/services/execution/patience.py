"""What others must make possible first is tried again, for as long as its task lasts: a start, or taking a run over."""

from __future__ import annotations

import time

from bc_lib.domain.denial import Denial
from bc_lib.services.execution import conditions
from bc_lib.services.execution.parts import Execution, Report
from bc_lib.services.execution.runner import run

# Also until the lease of a runner that is gone expires.
MAY_PASS = conditions.MAY_PASS | {"RUN_ALIVE"}
PAUSE_S = 2.0


def run_patiently(ex: Execution, request_id: str, executor: str, window_s: float) -> Report:
    """Like run. A refusal that may pass is audited once, and tried again until `window_s` is over. Raises Denial."""
    until, told = time.monotonic() + window_s, set[str]()
    while True:
        try:
            return run(ex, request_id, executor, quiet=frozenset(told))
        except Denial as denial:
            if denial.code not in MAY_PASS or time.monotonic() + PAUSE_S >= until or ex.stop.wait(PAUSE_S):
                raise
            told.add(denial.code)
