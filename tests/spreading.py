"""How tests are spread over processes: a file stays whole, what shares one costly start stays together, slow first.

One process for each core would let a core wait for servers that start; so there is one more.
"""

from __future__ import annotations

import os

from xdist.scheduler.loadscope import LoadScopeScheduling

# Folders whose tests share one running thing in their session: they go to one process.
TOGETHER: dict[str, tuple[str, ...]] = {
    "moving pairs": (
        "tests/integration/execution/",
        "tests/faults/F13/",
        "tests/faults/F14/",
        "tests/faults/F15/",
        "tests/faults/F24/",
        "tests/faults/copy_older_than_destroyed/",
        "tests/faults/waiting_counted_as_loss/",
        "tests/faults/standby_of_another_primary/test_by_request",
        "tests/faults/synchronous_lost_in_a_move/test_owed",
    ),
    "running Airflow": (
        "tests/faults/F01/",
        "tests/faults/F05/",
        "tests/faults/F06/",
        "tests/faults/F08/test_on_airflow",
    ),
}
# Begun first, in this order, so that no process is alone with a slow folder at the end.
FIRST = (
    "tests/faults/",
    "tests/integration/execution",
    "tests/integration/demo/",
    "tests/integration/runtime/",
    "tests/integration/host",
    "tests/e2e/",
    "tests/dags/",
    "tests/integration/",
    "tests/ui/",
)


def processes() -> int:
    """How many test processes: BC_TEST_PROCESSES, else one more than there are cores, four at most."""
    return int(os.environ.get("BC_TEST_PROCESSES") or min(4, len(os.sched_getaffinity(0)) + 1))


def group_of(nodeid: str) -> str:
    """What is sent to a process as one piece: a file, or all files of a group of TOGETHER."""
    file = nodeid.split("::", 1)[0]
    return next((name for name, folders in TOGETHER.items() if file.startswith(folders)), file)


def order(nodeid: str) -> int:
    """Place of a test in FIRST; what is not there comes last."""
    return next((place for place, folder in enumerate(FIRST) if nodeid.startswith(folder)), len(FIRST))


class Spreading(LoadScopeScheduling):
    """pytest-xdist's scheduler by scope, with our groups for scopes."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
