"""Make observation partitions ahead, drop those past retention (FR-013); make the runbooks for paper anew."""

from __future__ import annotations

from datetime import UTC, datetime

from airflow.sdk import dag, task
from bc_dags import shared


@dag(
    schedule="17 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    **shared(
        "Housekeeping",
        "Partitions ahead, old ones dropped, runbooks for paper made anew.",
        "housekeeping",
        scheduled=True,
    ),
)
def housekeeping() -> None:
    @task(retries=2, doc_md="Partitions of observations for the next days; those past retention are dropped.")
    def partitions() -> str:
        from bc_lib import jobs

        return jobs.keep_house()

    @task(retries=2, doc_md="Current plans of every resource as PDF, kept outside the database.")
    def runbooks() -> str:
        from bc_lib import jobs

        return jobs.print_runbooks()

    partitions()
    runbooks()


housekeeping()
