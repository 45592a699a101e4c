"""Sees what people do to our tasks in Airflow: marked as succeeded, failed or skipped, in the API server (decision 2).

Tasks that end by themselves are seen in their own process and by the scheduler; those are not meant here.
"""

from __future__ import annotations

from typing import Any, ClassVar

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin
from bc_dags import OURS


class Marks:
    """The hooks. One without a state before it was set by a person."""

    @hookimpl
    def on_task_instance_success(self, previous_state: Any, task_instance: Any) -> None:
        """Marked as succeeded."""
        _marked(previous_state, task_instance, "success")

    @hookimpl
    def on_task_instance_failed(self, previous_state: Any, task_instance: Any, error: Any) -> None:
        """Marked as failed."""
        if "manually set" in str(error):
            _marked(previous_state, task_instance, "failed")

    @hookimpl
    def on_task_instance_skipped(self, previous_state: Any, task_instance: Any) -> None:
        """Marked as skipped."""
        _marked(previous_state, task_instance, "skipped")


def _marked(previous_state: Any, instance: Any, state: str) -> None:
    if previous_state is not None or instance.dag_id not in OURS:
        return
    from bc_lib import jobs_requests as jobs

    jobs.say("marked", instance.dag_id, instance.run_id, instance.task_id, f"marked as {state}")


class BusinessContinuityListener(AirflowPlugin):
    """Loaded by every process of Airflow."""

    name = "bc_listener"
    listeners: ClassVar[list[Any]] = [Marks()]
