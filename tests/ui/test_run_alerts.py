"""The trouble that a run brings about itself stands on the run's page, tied to it, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bc_lib.domain.assessment import Status
from bc_lib.domain.execution.outcome import Outcome
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.states import State
from bc_lib.ports.runs import RunChange
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from bc_lib.testing.builders import round_of
from streamlit_app.components.run import ALERTS, NOT_SENT
from tests.fixtures.requests import World, world
from tests.fixtures.runs import Runs, runs
from tests.ui.real_screens import Open, opened, text

__all__ = ["runs", "world"]


@pytest.fixture
def tab(world: World) -> Iterator[Open]:
    with opened(world) as open_:
        yield open_


def became(world: World, status: Status, *codes: str, name: str = "orders-db") -> None:
    store = MonitoringStore(world.database.engine("bc_poller"), lambda _: [])
    lease = Leases(world.database.engine("bc_poller")).acquire("poller/0", "test", 60)
    assert lease is not None
    store.record([round_of(name, store.now(), status, codes=codes)], lease)


def section(page: str) -> str:
    """What stands below the heading, up to the next one."""
    return page.split(ALERTS, 1)[1].split("<h2>", 1)[0]


def test_the_run_s_own_trouble_is_tied_to_it(tab: Open, world: World, runs: Runs) -> None:
    lease = runs.started()
    runs.done(lease, ["orders-db/check"])
    became(world, Status.RED, "DR_DOWN")
    assert ALERTS not in text(tab("vera", "run", id=lease.request)), "nothing was touched: this was not the run's doing"
    became(world, Status.GREEN)
    runs.claim(lease, "orders-db/move")
    became(world, Status.RED, "PRIMARY_DOWN", "LAG_UNKNOWN")
    became(world, Status.RED, "DR_DOWN", name="reports-db")
    became(world, Status.GREEN)
    became(world, Status.RED, "TWO_PRIMARIES", "DR_DOWN")
    with runs.runner.work() as work:
        work.change_run(lease, RunChange(outcome=Outcome.INDETERMINATE, ended=True))
        work.move(work.lock(lease.request), State.FAILED, Event.FAIL, "runner", "why")
    became(world, Status.GREEN)
    became(world, Status.RED, "PRIMARY_DOWN")
    told = section(text(tab("vera", "run", id=lease.request)))
    assert NOT_SENT in told
    assert told.count("<li>") == 1, told
    assert 'href="/resource?name=orders-db"' in told
    assert "PRIMARY_DOWN" in told
