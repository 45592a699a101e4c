"""The DAG folder parses, and its DAGs keep the promises of decision 10."""

from __future__ import annotations

from typing import Any

import pytest

MOVES = {"failover", "switchover", "failback", "drill"}


@pytest.fixture(scope="module")
def bag() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag()


def test_every_dag_parses(bag: Any) -> None:
    assert bag.import_errors == {}
    watching = {"connector_checks", "notices", "housekeeping", "requests", "dispatch", "schedules"}
    assert set(bag.dags) == watching | MOVES


def test_one_poller_waits_while_the_other_polls_so_a_handover_has_no_gap(bag: Any) -> None:
    dag = bag.dags["connector_checks"]
    assert dag.max_active_runs == 2
    assert not dag.catchup, "old windows are never made up for: they could only write old news"


@pytest.mark.parametrize("dag_id", ["connector_checks", "notices", "requests"])
def test_a_window_that_died_is_not_retried_but_replaced_by_the_next_run(bag: Any, dag_id: str) -> None:
    assert all(task.retries == 0 for task in bag.dags[dag_id].tasks)


def test_one_task_a_shard_never_one_a_check(bag: Any) -> None:
    assert [task.task_id for task in bag.dags["connector_checks"].tasks] == ["poll_0"]


@pytest.mark.parametrize("dag_id", sorted(MOVES))
def test_a_move_is_gated_before_it_acts_and_what_acts_is_never_retried(bag: Any, dag_id: str) -> None:
    dag = bag.dags[dag_id]
    order = [task.task_id for task in dag.topological_sort()]
    assert order == ["register", "approval", "confirmation", "prechecks", "execute", "postchecks", "close"]
    assert [dag.get_task(name).retries for name in ("register", "prechecks", "execute")] == [0, 0, 0]
    assert all(dag.get_task(name).retries >= 3 for name in ("approval", "confirmation")), "they fail at random"
    assert dag.schedule is None, "nothing starts by itself"
    assert dag.max_active_runs >= 1000, "the 17th request must not wait for the first"


def test_the_sensors_only_look_and_lead_to_the_request(bag: Any) -> None:
    sensor = bag.dags["switchover"].get_task("approval")
    link = sensor.operator_extra_links[0]
    assert link.get_link(sensor, ti_key=Key("r-12~3")).endswith("/requests?id=r-12")


class Key:
    """As much of a task instance's key as the link reads."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
