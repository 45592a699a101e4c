"""Orders a DAG run for each live request, about once a second in a window a minute (decision 3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import dag, task
from bc_dags import shared


@dag(
    schedule="* * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    **shared(
        "Start requests' runs",
        "Orders one DAG run for each request, about once a second, and tells what people changed in Airflow.",
        "requests",
        scheduled=True,
    ),
)
def dispatch() -> None:
    @task(retries=0, doc_md="Starts runs over Airflow's public API, as our service account.")
    def order_runs() -> str:
        from bc_lib import jobs_requests

        return jobs_requests.dispatch_window()

    order_runs()


dispatch()
