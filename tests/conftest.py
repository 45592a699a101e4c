"""What a machine may lack is named, never skipped in silence.

`needs("browser")` in a test, or the marker `@pytest.mark.needs("browser")`: where it is absent the
test does not run and is listed at the end with how to run it; with BC_REQUIRE_ALL=1 it fails.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import spreading
from tests.absences import ABSENCES, lacking, require

# Named here only: a fixture that a folder names again is another fixture to pytest, with a server of its own.
from tests.fixtures.database import database, database_server, database_template
from tests.fixtures.live import live
from tests.fixtures.moving import kept_pairs

__all__ = ["database", "database_server", "database_template", "kept_pairs", "live", "require"]


# Where nothing may be absent the same examples are tried each time, so that green means the same twice; elsewhere others
# are tried at each run, and what they find becomes an example of its own.
# How long an example takes on a busy machine says nothing about the code, so no test fails for that.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("patient", **PATIENT)
settings.register_profile("repeatable", derandomize=True, **PATIENT)
settings.register_profile("quick", max_examples=15, **PATIENT)  # --hypothesis-profile=quick, while working
settings.load_profile("repeatable" if os.environ.get("BC_REQUIRE_ALL") == "1" else "patient")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(name, ...): runs only where the machine has these; see tests/absences.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: spreading.order(item.nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> spreading.Spreading:
    return spreading.Spreading(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)  # in a test process of several
    if output is not None:
        output["absences"] = ABSENCES


def pytest_testnodedown(node: Any) -> None:
    ABSENCES.extend((test, name) for test, name in getattr(node, "workeroutput", {}).get("absences", ()))


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for name in mark.args:
            require(name, item.nodeid)


@pytest.fixture
def needs(request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
    """Call `needs("browser")` in a test to say what it cannot do without."""
    return lambda name: require(name, request.node.nodeid)


def pytest_terminal_summary(terminalreporter) -> None:  # type: ignore[no-untyped-def]
    if not ABSENCES:
        return
    terminalreporter.section("did not run on this machine")
    for name in sorted({name for _, name in ABSENCES}):
        terminalreporter.write_line(f"{name}: {lacking(name)}")
        for test in sorted(test for test, absent in ABSENCES if absent == name):
            terminalreporter.write_line(f"  {test}")
