"""Deliver notices from the outbox: one task a minute works through a window."""

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
        "Deliver notices",
        "Works through the outbox: each message at least once, with its key.",
        "notices",
        scheduled=True,
    ),
)
def notices() -> None:
    @task(retries=0, doc_md="Delivers waiting messages for a minute, about once a second.")
    def deliver() -> str:
        from bc_lib import jobs

        return jobs.deliver_window()

    deliver()


notices()
