"""F03: two runners race for one step, 1,000 times: exactly one claim each."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.run import RunLease
from bc_lib.domain.requests.plan import Plan, Step
from tests.fixtures.requests import together
from tests.fixtures.runs import Runs, plan_of

ROUNDS = 1000
RUNNERS = 4


def long_plan(count: int) -> Plan:
    """A plan of so many steps."""
    steps = tuple(
        Step(resource="orders-db", action="check", summary="look", key=f"orders-db/check-{number}")
        for number in range(count)
    )
    return replace(plan_of("orders-db"), steps=steps)


def test_one_claim_each(runs: Runs) -> None:
    """Four connections with the same right to act, as after a task that was started twice (decision 2)."""
    lease = runs.start(runs.ready(long_plan(ROUNDS)), ttl_s=300)
    keys = [step.key for step in long_plan(ROUNDS).steps]
    barrier = threading.Barrier(RUNNERS)

    def race(_: int) -> Counter[str]:
        found: Counter[str] = Counter()
        for key in keys:
            barrier.wait(60)
            try:
                runs.claim(lease, key)
            except Denial as denial:
                found[denial.code] += 1
            else:
                found["claimed"] += 1
                found[key] += 1
            if barrier.wait(60) == 0:
                runs.to(lease, key, StepState.SEEN, StepState.VERIFIED)
        return found

    with ThreadPoolExecutor(RUNNERS) as pool:
        total = sum(pool.map(race, range(RUNNERS)), Counter[str]())
    assert (total["claimed"], total["STEP_TAKEN"]) == (ROUNDS, ROUNDS * (RUNNERS - 1))
    assert {key: total[key] for key in keys} == dict.fromkeys(keys, 1)
    stored = runs.runner.read.run(lease.request)
    assert stored is not None
    assert {(step.attempts, step.state) for step in stored.steps} == {(1, StepState.VERIFIED)}


def test_one_successor_each_time(runs: Runs) -> None:
    """Several runners see the same expired lease: one takes over, the rest are told; the old one's claim is refused."""
    lease = runs.start(runs.ready(long_plan(1)))
    key, epochs = "orders-db/check-0", [lease.epoch]
    runs.claim(lease, key)
    for number in range(1, 16):
        runs.expire(number * 25.0)
        old = lease

        def act(place: int, old: RunLease = old, number: int = number) -> object:
            if place == 0:
                return runs.claim(old, key, probed=True)
            return runs.take_over(old.request, f"runner-{number}-{place}")

        found = together(RUNNERS, act)
        won = [each for each in found[1:] if isinstance(each, RunLease)]
        assert found[0] in {"STALE_EPOCH", "STEP_TAKEN"}
        assert (len(won), found[1:].count("RUN_ALIVE")) == (1, RUNNERS - 2)
        lease = won[0]
        epochs.append(lease.epoch)
        assert runs.claim(lease, key, probed=True).epoch == lease.epoch
    assert epochs == sorted(set(epochs))
