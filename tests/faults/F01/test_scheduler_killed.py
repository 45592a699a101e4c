"""F01: the scheduler is killed (-9) in mid-step -> one effect; what it had begun is resumed by probing, or held."""

from __future__ import annotations

import time

import pytest

from bc_lib.domain.requests.states import State
from benchmarks.campaign.judge import STOP
from benchmarks.campaign.stack import Part
from tests.fixtures.live import Live

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(900)]


def test_f01_one_effect_however_often_its_task_is_started(live: Live) -> None:
    """Airflow starts the acting task again, in spite of retries=0; the first one may live on as an orphan."""
    watch = live.watch()
    request = live.agree(live.ask(watch))
    live.until("the order to stop", lambda: watch.journals.reached(request.id) != "before the stop")
    assert live.stack.kill(Part.SCHEDULER, request.id)
    killed = time.monotonic()
    assert live.over(request) is State.SUCCEEDED
    print(f"F01: {time.monotonic() - killed:.0f} s from the kill to the end")
    assert watch.judge(request.id, live.record) == []
    assert live.record.effects[STOP] >= 1, "the judge has seen the move"
    live.until("the scheduler is back", lambda: live.stack.unit(Part.SCHEDULER) is not None)
    state, tasks = live.colours(request)
    assert (state, set(tasks.values())) == ("success", {"success"}), "one DAG run, green, whatever was killed"
    assert live.others(request) == []
