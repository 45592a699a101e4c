"""Sensors on our own rows. They only show where a request stands: the runner's claim reads everything again."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

from airflow.sdk import BaseOperatorLink
from airflow.sdk.bases.operator import BaseOperator
from airflow.sdk.exceptions import AirflowSkipException
from bc_triggers import OVER, RequestTrigger

UI = os.environ.get("BC_UI_URL", "http://127.0.0.1:8501")


class RequestLink(BaseOperatorLink):
    """From the grid to the request's page."""

    name = "Request"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """The DAG run is named after its request."""
        return f"{UI}/requests?id={quote(ti_key.run_id.partition('~')[0])}"


class RequestSensor(BaseOperator):
    """Waits, deferred, while the request is in one of the states `before`; skips where it ended without a run.

    Its trigger ends it.
    """

    template_fields = ("request",)
    operator_extra_links = (RequestLink(),)

    def __init__(self, *, request: str, before: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.request = request
        self.before = before

    def execute(self, context: Any) -> str:
        """Look; defer where it must still wait."""
        from bc_lib import jobs_requests as jobs

        state = jobs.request_state(self.request)
        if state in self.before:
            self.defer(trigger=RequestTrigger(self.request, list(self.before)), method_name="execute")
        if state in OVER:
            raise AirflowSkipException(f"{self.request} is {state}.")
        return state
