"""Make observation partitions ahead, drop those past retention (FR-013); make the runbooks for paper anew."""

from __future__ import annotations

from datetime import UTC, datetime

from airflow.sdk import dag, task


@dag(
    schedule="17 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["housekeeping"],
)
def housekeeping() -> None:
    @task(retries=2)
    def partitions() -> str:
        from bc_lib import jobs

        return jobs.keep_house()

    @task(retries=2)
    def runbooks() -> str:
        from bc_lib import jobs

        return jobs.print_runbooks()

    partitions()
    runbooks()


housekeeping()
