"""Look after requests: expire them, void approvals that no longer fit. A window a minute, about every 10 s."""

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
        "Look after requests",
        "Expires requests, voids approvals that no longer fit, makes prechecks and evidence packs anew.",
        "upkeep",
        scheduled=True,
    ),
)
def requests() -> None:
    @task(retries=0, doc_md="A look about every 10 s for a minute. Decides nothing that a person decides.")
    def look_after() -> str:
        from bc_lib import jobs

        return jobs.requests_window()

    look_after()


requests()
