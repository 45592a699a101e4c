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


def test_the_poller_is_apart_and_no_task_of_ours_is_on_the_default_queue(bag: Any) -> None:
    queues = {(dag.dag_id, task.queue) for dag in bag.dags.values() for task in dag.tasks}
    assert queues == {(name, "bc-poller" if name == "connector_checks" else "bc") for name in bag.dags}


@pytest.mark.parametrize("dag_id", sorted(MOVES))
def test_a_move_is_gated_before_it_acts_and_shows_a_refusal_once(bag: Any, dag_id: str) -> None:
    dag = bag.dags[dag_id]
    order = [task.task_id for task in dag.topological_sort()]
    assert order == ["register", "approval", "confirmation", "prechecks", "execute", "postchecks", "close"]
    assert all(dag.get_task(name).retries >= 3 for name in order[:5]), "Airflow fails waiting tasks at random"
    for name in ("register", "prechecks", "execute", "postchecks", "close"):
        decision = dag.get_task(name).retry_policy.evaluate(SystemExit(3), 1, 20)
        assert decision.action.value == "fail", "what was refused stays refused"
        assert dag.get_task(name).retry_policy.evaluate(RuntimeError("killed"), 1, 20).action.value == "default"
    assert dag.schedule is None, "nothing starts by itself"
    assert dag.max_active_runs >= 1000, "the 17th request must not wait for the first"


@pytest.mark.parametrize("dag_id", sorted(MOVES))
def test_no_worker_is_needed_for_what_waits_for_people(bag: Any, dag_id: str) -> None:
    for name in ("approval", "confirmation"):
        sensor = bag.dags[dag_id].get_task(name)
        assert sensor.start_from_trigger
        assert sensor.start_trigger_args.trigger_cls == "bc_triggers.RequestTrigger"


def test_every_dag_says_what_it_is_whose_it_is_and_tells_when_a_task_dies(bag: Any) -> None:
    for name, dag in bag.dags.items():
        assert dag.dag_display_name != name
        assert dag.doc_md
        assert "business-continuity" in dag.tags
        assert dag.owner == "business-continuity"
        for task in dag.tasks:
            assert task.doc_md, (name, task.task_id)
            assert task.has_on_failure_callback, (name, task.task_id)
    assert len(bag.dags) == 10


@pytest.mark.parametrize("dag_id", sorted(MOVES))
def test_a_move_has_its_types_tag_a_described_parameter_and_no_run_type_but_its_own(bag: Any, dag_id: str) -> None:
    dag = bag.dags[dag_id]
    assert dag_id in dag.tags
    assert dag.params.get_param("request").description
    assert {kind.value for kind in dag.allowed_run_types} == {"manual"}
    links = {task.task_id: [link.name for link in task.operator_extra_links] for task in dag.tasks}
    assert links == {task.task_id: ["Request"] for task in dag.tasks}


def test_what_is_scheduled_is_never_filled_back(bag: Any) -> None:
    scheduled = [dag for name, dag in bag.dags.items() if name not in MOVES]
    assert len(scheduled) == 6
    for dag in scheduled:
        assert {kind.value for kind in dag.allowed_run_types} == {"scheduled", "manual"}


def test_the_listener_and_the_link_know_our_dags(bag: Any) -> None:
    from bc_dags import OURS

    assert set(bag.dags) == OURS


def test_the_tasks_lead_to_the_request(bag: Any) -> None:
    sensor = bag.dags["switchover"].get_task("approval")
    link = sensor.operator_extra_links[0]
    assert link.get_link(sensor, ti_key=Key("r-12~3")).endswith("/requests?id=r-12")


class Key:
    """As much of a task instance's key as the link reads."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
