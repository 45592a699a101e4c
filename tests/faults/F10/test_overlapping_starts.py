"""F10: two actions on one resource or overlapping groups at once: one is admitted, the other told who holds it."""

from __future__ import annotations

from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.outcome import Outcome
from bc_lib.domain.execution.run import RunLease
from bc_lib.domain.requests.machine import Event
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.runs import RunChange
from tests.fixtures.requests import together
from tests.fixtures.runs import Runs, plan_of

ROUNDS = 10
SETS = (("orders-db", "billing-db"), ("billing-db", "reports-db"), ("orders-db", "reports-db"), ("orders-db",))


def give_up(runs: Runs, lease: RunLease) -> None:
    """End a run."""
    with runs.runner.work() as work:
        work.change_run(lease, RunChange(outcome=Outcome.UNTOUCHED, ended=True))
        work.move(work.lock(lease.request), State.FAILED, Event.FAIL, "runner")


def test_overlapping_groups(runs: Runs) -> None:
    """Whoever comes first has all of its resources; nobody holds a part, nobody waits for ever."""
    runs.world.let_rivals()
    for _ in range(ROUNDS):
        requests = [runs.ready(plan_of(*names, scope=names[0])) for names in SETS]

        def begin(number: int, requests: list[Request] = requests) -> RunLease | str:
            try:
                return runs.start(requests[number])
            except Denial as denial:
                return denial.sentence

        found = together(len(SETS), begin)
        won = [number for number, each in enumerate(found) if isinstance(each, RunLease)]
        taken = [name for number in won for name in SETS[number]]
        assert won
        assert len(taken) == len(set(taken))
        assert runs.runner.read.busy(list({*sum(SETS, ())})) == {
            name: requests[number].id for number in won for name in SETS[number]
        }
        for number, each in enumerate(found):
            if number not in won:
                assert any(f"belongs to the run of {requests[winner].id}," in str(each) for winner in won), each
                assert runs.runner.read.run(requests[number].id) is None
                assert runs.world.state(requests[number]) is State.READY_TO_START
            else:
                give_up(runs, each)  # type: ignore[arg-type]


def test_one_request_started_by_two_runners(runs: Runs) -> None:
    """Exactly one run; the others are told that there is one."""
    for _ in range(ROUNDS):
        request = runs.ready()
        found = together(4, lambda number, request=request: runs.start(request, f"runner-{number}"))  # type: ignore[misc]
        leases = [each for each in found if isinstance(each, RunLease)]
        assert len(leases) == 1
        assert found.count("RUN_EXISTS") == 3
        give_up(runs, leases[0])
