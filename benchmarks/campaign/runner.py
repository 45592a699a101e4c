"""The real runner in a process of its own, warmed up, so that a kill hits its work and not its imports.

`python -m benchmarks.campaign.runner REQUEST`: says "ready", waits until the request may be driven (nobody else holds
its lease), says "go", then does what `bcctl run REQUEST` does. The last line is JSON: state, text, refusal's code.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time

from bc_lib.bootstrap_execution import execution
from bc_lib.domain.denial import Denial
from bc_lib.ports.runs import RunReader
from bc_lib.services.execution.runner import run

EXECUTOR = "bcctl run"
LOOK_S, PATIENCE_S = 0.05, 60.0


def main(request: str) -> int:
    """0 where the run could be driven, 3 where it was refused."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    import bc_lib.connectors.postgresql.execution.mechanism  # before the clock runs
    import bc_lib.integrations.host_control.choosing  # noqa: F401

    ex = execution(f"campaign {os.getpid()}")
    print("ready", flush=True)
    _wait(ex.gate.store.read, request)
    print("go", flush=True)
    began, found = time.monotonic(), dict[str, object]()
    try:
        report = run(ex, request, EXECUTOR)
        found = {"state": report.state, "text": report.text, "code": ""}
    except Denial as denial:
        found = {"state": "", "text": denial.sentence, "code": denial.code}
    finally:
        ex.mechanisms.close()
    print(json.dumps(found | {"seconds": round(time.monotonic() - began, 3)}), flush=True)
    return 3 if found["code"] else 0


def _wait(read: RunReader, request: str) -> None:
    """Until a dispatcher would start it; a database that is away is asked again."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            if request in read.waiting_runs() or read.get(request).state.over:
                return
        except Denial:
            raise
        except Exception as trouble:
            logging.warning("The shared database does not answer: %s", type(trouble).__name__)
        time.sleep(LOOK_S)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
