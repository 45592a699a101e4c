"""Dates of schedules become requests, once a minute (FR-050). Nothing is approved or started by it (FR-052)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import dag, task
from bc_dags import shared


@dag(
    schedule="* * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=15),
    **shared(
        "Ask by schedule",
        "Dates of schedules become requests; nothing is approved or started by it.",
        "upkeep",
        scheduled=True,
    ),
)
def schedules() -> None:
    @task(
        retries=2,
        retry_delay=timedelta(seconds=5),
        doc_md="One look: dates that have come become requests, people are told ahead.",
    )
    def look() -> str:
        from bc_lib import jobs_schedules

        return jobs_schedules.look()

    look()


schedules()
