"""F01, frozen instead of killed: the scheduler lives and does nothing -> `bcctl up` ends it, and the request goes on."""

from __future__ import annotations

import contextlib
import signal
import time

import psutil
import pytest

from bc_lib.domain.requests.states import State
from benchmarks.campaign.judge import STOP
from benchmarks.campaign.stack import Part
from tests.fixtures.live import Live

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(1500)]
# Airflow's own 30 s, three minutes of silence, the supervisor's looks between; twice that on a busy machine.
CURED_S = 480.0


def test_f01_a_scheduler_that_hangs_is_ended_and_the_same_dag_run_goes_on(live: Live) -> None:
    """Nobody else notices: its process is alive, so what waits would wait for ever."""
    watch = live.watch()
    request = live.ask(watch)
    live.until("the approval is waited for", lambda: live.task(request, "approval") == "deferred")
    hung = live.stack.unit(Part.SCHEDULER)
    assert hung is not None
    hung.send_signal(signal.SIGSTOP)
    frozen = time.monotonic()
    try:
        live.agree(request)
        live.until("the wait's end", lambda: live.task(request, "approval") == "success")
        live.until("bcctl up ends it", lambda: not _lives(hung), CURED_S)
        print(f"F01: ended {time.monotonic() - frozen:.0f} s after it froze")
        assert live.state(request) is State.READY_TO_START, "nothing moved without a scheduler"
    finally:
        with contextlib.suppress(psutil.NoSuchProcess):
            hung.send_signal(signal.SIGCONT)
    live.until("the next scheduler", lambda: live.stack.unit(Part.SCHEDULER) not in {None, hung})
    print(f"F01: the next one was started {time.monotonic() - frozen:.0f} s after the freeze")
    assert live.over(request) is State.SUCCEEDED
    print(f"F01: the request's end came {time.monotonic() - frozen:.0f} s after the freeze")
    assert watch.judge(request.id, live.record) == []
    assert live.record.effects[STOP] >= 1, "the judge has seen the move"
    state, tasks = live.colours(request)
    assert (state, set(tasks.values())) == ("success", {"success"})
    assert live.others(request) == [], "no second DAG run was needed"


def _lives(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
