"""Watch the estate: one task a shard holds the shard's lease for a window (decision 10).

Two runs may live at once: one polls, the next waits for its lease. So the hand-over at the end of a
window leaves no gap, and a killed poller is replaced as soon as its lease expires (F27).
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from airflow.sdk import dag, task
from bc_dags import POLLER_QUEUE, shared

SHARDS = int(os.environ.get("BC_POLLER_SHARDS", "1"))


@dag(
    schedule="* * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=2,
    dagrun_timeout=timedelta(hours=1),
    **shared(
        "Watch the estate",
        "One task a shard holds the shard's lease and watches its resources for an hour's window.",
        "monitoring",
        scheduled=True,
    ),
)
def connector_checks() -> None:
    @task(
        retries=0,
        queue=POLLER_QUEUE,
        doc_md="Looks at every resource of a shard, again and again, until its window ends.",
    )
    def poll(shard: int) -> str:
        from bc_lib import jobs

        return jobs.poll_window(shard, SHARDS)

    for shard in range(SHARDS):
        poll.override(task_id=f"poll_{shard}")(shard)


connector_checks()
