"""The tasks of a request's DAG run. They show where it stands: the runner's claim reads everything again."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

import structlog
from airflow.sdk import BaseOperatorLink
from airflow.sdk.bases.operator import BaseOperator
from airflow.sdk.exceptions import AirflowSkipException
from airflow.triggers.base import StartTriggerArgs
from bc_triggers import OVER, RequestTrigger, RunTrigger

log = structlog.get_logger("bc.run")
UI = os.environ.get("BC_UI_URL", "http://127.0.0.1:8501")
RED = 3  # exit code of a task that shows a refusal or a failed run: no error of ours, so no traceback, and no retry


class RequestLink(BaseOperatorLink):
    """From the grid to the request's page."""

    name = "Request"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """The DAG run is named after its request."""
        return f"{UI}/requests?id={quote(ti_key.run_id.partition('~')[0])}"


class RequestTask(BaseOperator):
    """Base: a request, and the link to it."""

    template_fields = ("request",)
    operator_extra_links = (RequestLink(),)

    def __init__(self, *, request: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.request = request


class RequestSensor(RequestTask):
    """Waits, deferred, while the request is in one of the states `before`; skips where it ended without a run.

    It begins and ends in the triggerer; a worker sees it only where a trigger died.
    """

    def __init__(self, *, before: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.before = before
        self.start_trigger_args = StartTriggerArgs(
            trigger_cls="bc_triggers.RequestTrigger",
            trigger_kwargs={"request": self.request, "before": list(before)},
            next_method="execute",
        )
        self.start_from_trigger = True

    def execute(self, context: Any, event: Any = None) -> str:
        """Look; defer where it must still wait."""
        from bc_lib import jobs_requests as jobs

        state = jobs.request_state(self.request)
        if state in self.before:
            self.defer(trigger=RequestTrigger(self.request, list(self.before)), method_name="execute")
        if state in OVER:
            raise AirflowSkipException(jobs.ended(self.request))
        return state


class RequestWork(RequestTask):
    """A `verb` of jobs_requests (`prechecks`, `execute`, `postchecks`): goes as far as it can, and waits, deferred.

    It may be tried again whenever Airflow lost it: what has an effect is claimed in the journal, once.
    """

    def __init__(self, *, verb: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.verb = verb

    def execute(self, context: Any) -> str:
        """Go as far as it goes."""
        return self._go(context)

    def resume(self, context: Any, event: Any = None, quiet: str = "") -> str:
        """Go on."""
        return self._go(context, quiet)

    def _go(self, context: Any, quiet: str = "") -> str:
        from bc_lib import jobs_requests as jobs

        visit = getattr(jobs, self.verb)(self.request, f"airflow {context['run_id']}", quiet)
        show(visit.lines)
        if visit.became == "waits":
            trigger = RunTrigger(self.request, visit.left_at.isoformat(), visit.barred)
            self.defer(trigger=trigger, method_name="resume", kwargs={"quiet": visit.code})
        if visit.became == "skipped":
            raise AirflowSkipException(visit.lines[-1])
        if visit.became == "red":
            red()
        return str(visit.lines[-1])


def show(lines: Any) -> None:
    """Lines of the task's log, in order with what Airflow itself says there."""
    for line in lines:
        log.info(line)


def red() -> None:
    """End the task as failed. Raises SystemExit, which its retry policy answers with: not again."""
    raise SystemExit(RED)
