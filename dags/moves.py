"""failover, switchover, failback, drill: one factory, one arrow. Each DAG run is of one request (decisions 2 to 4).

The grid shows what happened; nothing is decided here. A run cleared, marked or started by hand changes nothing.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from airflow.sdk import DAG, Param, dag, get_current_context, task
from bc_gates import RequestSensor

KINDS = {
    "failover": "urgent move to the other site",
    "switchover": "planned move to the other site",
    "failback": "return to the home site",
    "drill": "rehearsal or live drill",
}
UI = os.environ.get("BC_UI_URL", "http://127.0.0.1:8501")
REQUEST = "{{ params.request }}"
MANY = 1000


def wait(name: str, *before: str) -> RequestSensor:
    """A waiting task only looks, and is tried again: Airflow fails deferred tasks at random."""
    return RequestSensor(task_id=name, request=REQUEST, before=before, retries=5, retry_delay=timedelta(seconds=1))


def make(kind: str, what: str) -> DAG:
    """The DAG of one type of request."""

    @dag(
        dag_id=kind,
        description=f"{what}, by an approved request",
        doc_md=f"Runs approved requests. Ask, approve and follow them on [the Requests page]({UI}/requests).",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        max_active_runs=MANY,
        params={"request": Param("", type="string", description="the request's id; runs started by hand are refused")},
        tags=["requests"],
    )
    def move() -> None:
        @task(retries=0)
        def register(request: str) -> str:
            from bc_lib import jobs_requests

            return jobs_requests.register(kind, get_current_context()["run_id"], request)

        @task(retries=0)
        def prechecks(request: str) -> str:
            from bc_lib import jobs

            return jobs.precheck_request(request)

        @task(retries=0)
        def execute(request: str) -> str:
            from bc_lib import jobs

            return jobs.run_request(request, executor=f"airflow {get_current_context()['run_id']}")

        @task(retries=2, retry_delay=timedelta(seconds=1))
        def postchecks(request: str) -> str:
            from bc_lib import jobs_requests

            return jobs_requests.show_postchecks(request)

        @task(retries=2, retry_delay=timedelta(seconds=1))
        def close(request: str) -> str:
            from bc_lib import jobs_requests

            return jobs_requests.close_request(request)

        (
            register(REQUEST)
            >> wait("approval", "PendingApproval")
            >> wait("confirmation", "PendingApproval", "Approved")
            >> prechecks(REQUEST)
            >> execute(REQUEST)
            >> postchecks(REQUEST)
            >> close(REQUEST)
        )

    return move()


for _kind, _what in KINDS.items():
    globals()[_kind] = make(_kind, _what)
