"""F08 on a real DAG run: marked, cleared, started again and back-filled in Airflow, under way and afterwards."""

from __future__ import annotations

import pytest

from bc_lib.domain.requests.states import State
from benchmarks.campaign.judge import effects_of
from benchmarks.campaign.stack_rounds import Watch
from tests.fixtures.live import Live

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(900)]


def test_f08_airflows_word_about_a_run_changes_nothing(live: Live) -> None:
    """The hosts' journals judge. Under way: the run goes on from its journal; afterwards: refused, audited."""
    watch = live.watch()
    request = live.agree(live.ask(watch))
    live.until("it acts", lambda: live.state(request) is State.RUNNING)
    run, task = live.dag_run(request), "taskInstances/execute"
    dag = run.partition("/dagRuns")[0]
    status, said = live.airflow("PATCH", f"{run}/{task}", {"new_state": "success"})
    assert status == 200, said
    clear = {"dry_run": False, "only_failed": False, "task_ids": ["execute"], "dag_run_id": f"{request.id}~1"}
    assert live.airflow("POST", f"{dag}/clearTaskInstances", clear)[0] == 200
    assert live.over(request) is State.SUCCEEDED
    assert watch.judge(request.id, live.record) == []

    state, tasks = live.colours(request)
    assert (state, set(tasks.values())) == ("success", {"success"}), "its run went on, and shows how it ended"
    assert live.others(request) == []
    before, effects = live.audited(), _effects(watch, request.id)
    live.until("its DAG run is over", lambda: _over(live, run))
    assert live.airflow("POST", f"{run}/clear", {"dry_run": False, "only_failed": False})[0] == 200
    live.until("the cleared run is refused", lambda: "WRONG_STATE" in live.denied("dag.register", before))
    live.until("the cleared run has failed", lambda: _over(live, run))
    assert live.airflow("PATCH", f"{run}/{task}", {"new_state": "success"})[0] == 200
    by_hand = {"dag_run_id": "by-hand", "logical_date": None, "conf": {"request": request.id}}
    assert live.airflow("POST", f"{dag}/dagRuns", by_hand)[0] == 200
    live.until("the forged run is refused", lambda: "FORGED_DAG_RUN" in live.denied("dag.register", before))
    fill = {"dag_id": "switchover", "from_date": "2026-01-01T00:00:00Z", "to_date": "2026-01-02T00:00:00Z"}
    assert live.airflow("POST", "/api/v2/backfills", fill)[0] >= 400, "a DAG without a schedule has nothing to fill"
    assert live.state(request) is State.SUCCEEDED
    assert _effects(watch, request.id) == effects
    assert watch.judge(request.id, live.record) == []


def _over(live: Live, run: str) -> bool:
    return live.airflow("GET", run)[1].get("state") in {"success", "failed"}


def _effects(watch: Watch, request: str) -> object:
    return effects_of(request, watch.journals.lines())
