"""Waits in the triggerer until a request has got somewhere. It only looks; being wrong or dead decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseTrigger, TaskSkippedEvent, TaskSuccessEvent, TriggerEvent

POLL_S = 0.25
BEAT_EVERY = 40  # polls
OVER = ("Succeeded", "Failed", "Rejected", "Expired", "Cancelled")


class RequestTrigger(BaseTrigger):
    """Fires once the request is in none of the states `before` any more."""

    def __init__(self, request: str, before: list[str]) -> None:
        super().__init__()
        self.request = request
        self.before = before

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """How the triggerer makes it again."""
        return ("bc_triggers.RequestTrigger", {"request": self.request, "before": self.before})

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look four times a second, in a thread: the triggerer's loop belongs to every waiting task."""
        from bc_lib import jobs_requests as jobs

        polls = 0
        while True:
            state = await asyncio.to_thread(jobs.request_state, self.request)
            if state not in self.before:
                break
            if polls % BEAT_EVERY == 0:
                await asyncio.to_thread(jobs.beat_waits)
            polls += 1
            await asyncio.sleep(POLL_S)
        # The task ends here: a process that is started only to look once more would cost a second, and a task that
        # resumes fails at random.
        yield TaskSkippedEvent() if state in OVER else TaskSuccessEvent()
