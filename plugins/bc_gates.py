"""Sensors on our own rows. They only show where a request stands: the runner's claim reads everything again."""

from __future__ import annotations

from typing import Any

from airflow.exceptions import AirflowSkipException
from airflow.sdk.bases.operator import BaseOperator
from bc_triggers import RequestTrigger

OVER = ("Succeeded", "Failed", "Rejected", "Expired", "Cancelled")


class RequestSensor(BaseOperator):
    """Waits, deferred, while the request is in one of the states `before`. Skips where it ended without a run."""

    template_fields = ("request",)

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
