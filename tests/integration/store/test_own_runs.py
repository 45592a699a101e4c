"""Which runs move a resource now, as the poller reads it: for alerts that a run explains."""

from __future__ import annotations

from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import Outcome
from bc_lib.domain.own_runs import OwnRun
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.states import State
from bc_lib.ports.runs import RunChange
from bc_lib.store.monitoring import MonitoringStore
from tests.fixtures.requests import World, world
from tests.fixtures.runs import Runs, runs

__all__ = ["runs", "world"]
NAMES = ("orders-db", "billing-db")


def test_a_run_explains_from_its_first_effect_to_its_end(world: World, runs: Runs) -> None:
    store = MonitoringStore(world.database.engine("bc_poller"), lambda _: [])
    lease = runs.started()
    runs.done(lease, ["orders-db/check"])
    assert store.own_runs(NAMES) == {}, "nothing was touched yet"
    runs.claim(lease, "orders-db/move")
    assert store.own_runs(NAMES) == {"orders-db": OwnRun(request=lease.request, restored=False)}
    runs.to(lease, "orders-db/move", StepState.SEEN, StepState.VERIFIED)
    runs.done(lease, ["orders-db/verify"])
    with runs.runner.work() as work:
        work.change_run(lease, RunChange(restored_at=work.now()))
    assert store.own_runs(NAMES) == {"orders-db": OwnRun(request=lease.request, restored=True)}
    with runs.runner.work() as work:
        work.change_run(lease, RunChange(outcome=Outcome.PARTIALLY_MOVED, ended=True))
        work.move(work.lock(lease.request), State.FAILED, Event.FAIL, "runner", "why")
    assert store.own_runs(NAMES) == {}, "what remains is news"
