"""The DAG folder parses, and its DAGs keep the promises of decision 10."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="module")
def bag() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag()


def test_every_dag_parses(bag: Any) -> None:
    assert bag.import_errors == {}
    assert set(bag.dags) == {"connector_checks", "notices", "housekeeping", "requests"}


def test_one_poller_waits_while_the_other_polls_so_a_handover_has_no_gap(bag: Any) -> None:
    dag = bag.dags["connector_checks"]
    assert dag.max_active_runs == 2
    assert not dag.catchup, "old windows are never made up for: they could only write old news"


@pytest.mark.parametrize("dag_id", ["connector_checks", "notices", "requests"])
def test_a_window_that_died_is_not_retried_but_replaced_by_the_next_run(bag: Any, dag_id: str) -> None:
    assert all(task.retries == 0 for task in bag.dags[dag_id].tasks)


def test_one_task_a_shard_never_one_a_check(bag: Any) -> None:
    assert [task.task_id for task in bag.dags["connector_checks"].tasks] == ["poll_0"]
