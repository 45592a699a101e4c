"""F02: the process that acts is frozen past its lease, another one finishes, then it wakes up: it does nothing more."""

from __future__ import annotations

import json
import os
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest

from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.ports.host_control import HostRefused, HostVerb, Order
from tests.fixtures.moving import Moving
from tests.fixtures.pgcluster import wait_for

LEASE_S = 3.0


@pytest.mark.parametrize("step", ["check", "move"])
def test_stale_process_wakes_up(moving: Moving, step: str) -> None:
    """One stop, one start, one promotion, counted at the target, wherever it was frozen."""
    request, effects, timeline, site = moving.ready(), moving.effects(), moving.timeline(), moving.site
    stale = moving.process(request, LEASE_S)
    try:
        wait_for(lambda: _begun(moving, request, f"orders-db/{step}"), 60)
        os.killpg(stale.pid, signal.SIGSTOP)
        lease = moving.read.lease(request.id)
        assert lease is not None
        time.sleep(LEASE_S)
        report = moving.again(request, holder="successor")
        assert report.state == State.SUCCEEDED, report.text
        os.killpg(stale.pid, signal.SIGCONT)
        said, trouble = stale.communicate(timeout=60)
    finally:
        if stale.poll() is None:
            os.killpg(stale.pid, signal.SIGKILL)
            stale.wait()
    assert "has ended; another runner looks first" in json.loads(said)["text"], trouble
    run = moving.read.run(request.id)
    assert run is not None
    assert {each.state for each in run.steps} == {StepState.VERIFIED}
    moving.settled()
    assert moving.timeline() == timeline + 1
    other = {verb: count for done in moving.effects_since(effects).values() for verb, count in done.items()}
    assert other == {"stop": 1, "start-as-standby": 1}
    with pytest.raises(HostRefused) as found:
        moving.pair.agent().carry_out(_order(request, moving.other, lease.epoch))
    assert found.value.code == "stale-epoch"
    assert moving.pair.roles()[site] == "standby"


def _begun(moving: Moving, request: Request, key: str) -> bool:
    run = moving.read.run(request.id)
    return run is not None and run.step(key).state is not StepState.PLANNED


def _order(request: Request, node: str, epoch: int) -> Order:
    """What the stale process would still want done."""
    return Order(
        node=node,
        verb=HostVerb.STOP,
        resource="orders-db",
        run=request.id,
        step="orders-db/move-again",
        epoch=epoch,
        deadline=datetime.now(UTC) + timedelta(seconds=30),
    )
