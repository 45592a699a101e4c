"""failover, switchover, failback, drill: one factory, one arrow. Each DAG run is of one request (decisions 2 to 4).

The grid shows what happened; nothing is decided here. A run cleared, marked or started by hand changes nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import DAG, ExceptionRetryPolicy, Param, RetryAction, RetryRule, dag, get_current_context, task
from bc_callbacks import task_died
from bc_dags import UI, shared
from bc_gates import RequestLink, RequestSensor, RequestWork, red, show

KINDS = {
    "failover": ("Failover", "urgent move to the other site"),
    "switchover": ("Switchover", "planned move to the other site"),
    "failback": ("Failback", "return to the home site"),
    "drill": ("Drill", "rehearsal or live drill"),
}
REQUEST = "{{ params.request }}"
MANY = 1000
# What acts may be begun again: everything with an effect is claimed once in the journal, and looked at first. So a
# runner that was killed goes on in the same DAG run.
TRIES, PAUSE = 20, timedelta(seconds=2)
# A task that ends itself shows a refusal or a failed run; to try that again would change nothing.
REFUSALS_STAY = ExceptionRetryPolicy(
    rules=[RetryRule(exception=SystemExit, action=RetryAction.FAIL, reason="The log above says why.")]
)
DOC = """Runs approved requests of this type, one DAG run each; its note says which, from where to where, and for whom.
Ask, approve and follow them on [the Requests page]({ui}/requests). A run started here by hand is refused and told to
security; marking or clearing a task changes nothing about the request, and is told too.

| task | while it waits (deferred) | red | skipped |
|---|---|---|---|
| register | | nobody ordered this run | |
| approval, confirmation | for the persons its log names | | withdrawn, denied or expired |
| prechecks | for a consent, a waiver, an acknowledgement | a check forbids the start | withdrawn or expired |
| execute | for an allowance, an attestation, a decision, the end of a hold | the run failed | withdrawn or expired |
| postchecks, close | | something is not well | |
"""
DOCS = {
    "register": "Is this run one of ours, for this request?",
    "approval": "Waits until everybody whom the policy asks has approved. Its log says for whom, and until when.",
    "confirmation": "Waits until an operator has typed the phrase.",
    "prechecks": "Looks at both sites. A check that says no ends the request here, untouched. Where somebody must "
    "decide first it waits.",
    "execute": "Carries out the plan step by step. What waits for a person waits here; its log says for whom.",
    "postchecks": "Every check made after the move, with its figure.",
    "close": "How it ended, what was done, what is left to do.",
}


def wait(name: str, *before: str) -> RequestSensor:
    """A waiting task only looks, and is tried again: Airflow fails deferred tasks at random."""
    return RequestSensor(
        task_id=name, request=REQUEST, before=before, retries=5, retry_delay=timedelta(seconds=1), doc_md=DOCS[name]
    )


def work(name: str) -> RequestWork:
    """Goes as far as it can, waits, goes on."""
    return RequestWork(
        task_id=name,
        verb=name,
        request=REQUEST,
        retries=TRIES,
        retry_delay=PAUSE,
        retry_policy=REFUSALS_STAY,
        on_retry_callback=task_died,
        doc_md=DOCS[name],
    )


def make(kind: str, title: str, what: str) -> DAG:
    """The DAG of one type of request."""

    @dag(
        dag_id=kind,
        description=f"{what}, by an approved request",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        max_active_runs=MANY,
        params={
            "request": Param(
                "",
                type="string",
                title="Request",
                description="Id of an approved request, such as r-12. Runs started by hand are refused.",
                description_md=f"Id on [the Requests page]({UI}/requests). Runs started by hand are refused.",
            )
        },
        **shared(title, DOC.format(ui=UI), "requests", kind, scheduled=False),
    )
    def move() -> None:
        def ours(name: str, retries: int = 2) -> dict[str, object]:
            return {
                "retries": retries,
                "retry_delay": timedelta(seconds=1),
                "retry_policy": REFUSALS_STAY,
                "doc_md": DOCS[name],
            }

        @task(**ours("register", retries=5))
        def register(request: str) -> None:
            from bc_lib import jobs_requests

            ordered, said = jobs_requests.register(kind, get_current_context()["run_id"], request)
            show([said])
            if not ordered:
                red()

        @task(**ours("close"))
        def close(request: str) -> None:
            from bc_lib import jobs_requests

            well, lines = jobs_requests.close(request)
            show(lines)
            if not well:
                red()

        first, last = register(REQUEST), close(REQUEST)
        for shown in (first, last):
            shown.operator.operator_extra_links = (RequestLink(),)
        (
            first
            >> wait("approval", "PendingApproval")
            >> wait("confirmation", "PendingApproval", "Approved")
            >> work("prechecks")
            >> work("execute")
            >> work("postchecks")
            >> last
        )

    return move()


for _kind, (_title, _what) in KINDS.items():
    globals()[_kind] = make(_kind, _title, _what)
