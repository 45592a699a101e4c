"""Starts DAG runs from inside a task, over the task's own channel to Airflow: no credential is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bc_lib.ports.dispatch import DagOrder


class AirflowStarter:
    """Implements bc_lib.ports.dispatch.Starter; works in a running task only."""

    def start(self, order: DagOrder) -> None:
        """An existing DAG run with this id stays as it is."""
        from airflow.sdk.exceptions import ErrorType
        from airflow.sdk.execution_time.comms import TriggerDagRun

        asked = TriggerDagRun(dag_id=order.dag, run_id=order.run_id, conf={"request": order.request})
        kind = getattr(_ask(asked), "error", None)
        if kind is not None and kind is not ErrorType.DAGRUN_ALREADY_EXISTS:
            raise RuntimeError(f"Airflow did not start {order.run_id}: {kind}")

    def state(self, order: DagOrder) -> str | None:
        """running, ended; None where Airflow does not know it."""
        if self._count(order, ["queued", "running"]):
            return "running"
        return "ended" if self._count(order, None) else None

    def _count(self, order: DagOrder, states: list[str] | None) -> int:
        from airflow.sdk.execution_time.comms import GetDRCount

        return int(_ask(GetDRCount(dag_id=order.dag, run_ids=[order.run_id], states=states)).count)


def _ask(message: Any) -> Any:
    from airflow.sdk.execution_time import task_runner

    return task_runner.SUPERVISOR_COMMS.send(message)
