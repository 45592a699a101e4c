"""F08: a task cleared, marked or re-run: finished -> refused, audited; running -> refused; afterwards resumed."""

from __future__ import annotations

import pytest

from bc_lib.domain.execution.outcome import Outcome
from bc_lib.domain.requests.states import State
from bc_lib.services.execution.runner import run
from bc_lib.testing.fake_mechanism import Killed
from tests.fixtures.running import Running, failing, refused


def test_marked_success_half_way_changes_nothing(running: Running) -> None:
    """Airflow's word is not asked: while the lease lives nobody else acts, then the next one probes and goes on."""
    request = running.ready()
    running.disturb("promoted", failing(Killed()))
    with pytest.raises(Killed):
        run(running.execution(), request.id, "airflow r-1~1")
    assert refused(run, running.execution(), request.id, "airflow r-1~1") == "RUN_ALIVE"
    assert running.state(request) is State.RUNNING
    running.later()
    assert running.go(request).state == "Succeeded"
    assert running.target.doubles() == []
    assert running.target.wrong == []


def test_a_finished_run_cleared_is_refused_and_audited(running: Running) -> None:
    """Also one that has failed: a retry is a new request (S5)."""
    request = running.ready()
    running.disturb("stop", failing(RuntimeError("the mechanism broke")), times=9)
    assert running.go(request).state == "Failed"
    assert running.run(request).outcome is Outcome.UNTOUCHED
    running.target.at = lambda *_: None
    again = running.go(request)
    assert not running.target.effects
    assert (again.acted, running.kinds()[-1]) == (False, "request.start denied denied")
