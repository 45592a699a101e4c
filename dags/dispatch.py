"""Orders a DAG run for each live request, about once a second in a window a minute (decision 3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import dag, task


@dag(
    schedule="* * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    tags=["requests"],
)
def dispatch() -> None:
    @task(retries=0)
    def order_runs() -> str:
        from bc_dispatch import AirflowStarter

        from bc_lib import jobs_requests

        return jobs_requests.dispatch_window(AirflowStarter())

    order_runs()


dispatch()
