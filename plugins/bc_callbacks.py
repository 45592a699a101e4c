"""Tells us when a task of ours dies: a row that the dispatcher passes on, and that Health counts (decision 2).

Airflow calls it in the task's own process, or, where that was killed, in the DAG processor.
"""

from __future__ import annotations

from typing import Any


def task_died(context: Any) -> None:
    """A task that ended itself with an exit code showed a refusal, and has not died."""
    trouble = context.get("exception")
    if isinstance(trouble, SystemExit):
        return
    from bc_lib import jobs_requests as jobs

    instance = context["ti"]
    said = f"{type(trouble).__name__}: {trouble}" if isinstance(trouble, BaseException) else str(trouble or "killed")
    jobs.say("died", instance.dag_id, instance.run_id, instance.task_id, said)
