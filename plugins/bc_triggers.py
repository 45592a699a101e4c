"""Waits in the triggerer. They only look; being wrong or dead decides nothing.

All waits of a triggerer share one look at the shared database: what a hundred of them cost is what one costs.
"""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from airflow.triggers.base import BaseTrigger, TaskSkippedEvent, TaskSuccessEvent, TriggerEvent

log = logging.getLogger("bc.waits")
POLL_S = 0.4
AWAY_S = 2.0  # after a look that failed
BEAT_S = 10.0
# Airflow 3.3.2 may fail a task that goes on before it has understood that the task waits.
SETTLE_S = 2.0
OVER = ("Succeeded", "Failed", "Rejected", "Expired", "Cancelled")


class Watch:
    """One look for everybody who waits now, again and again while somebody does."""

    def __init__(self) -> None:
        self._asked: list[tuple[str, asyncio.Future[Any]]] = []
        self._looking: asyncio.Task[None] | None = None
        self._beaten_at = float("-inf")

    async def look(self, request: str) -> tuple[datetime, Any]:
        """The database's clock and where the request is, by the next common look. Raises LookupError."""
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        self._asked.append((request, answer))
        if self._looking is None or self._looking.done():
            self._looking = loop.create_task(self._look())
        now, live = await answer
        if live is None:
            raise LookupError(f"There is no request {request[:20]!a}.")
        return now, live

    async def _look(self) -> None:
        from bc_lib import jobs_requests as jobs

        reader: Any = None
        look: asyncio.Future[Any] | None = None
        try:
            while self._asked:
                asked, self._asked = self._asked, []
                try:
                    reader = reader or jobs.waits()
                    ids = {request for request, _ in asked}
                    look = asyncio.get_running_loop().run_in_executor(None, reader.look, ids)
                    now, live = await asyncio.shield(look)
                    await self._beat(jobs)
                except Exception as trouble:
                    # The database may be away for a moment; who waits goes on waiting, and Health sees no sign of life.
                    log.warning("Waiting requests cannot be looked at: %s", type(trouble).__name__)
                    self._asked += asked
                    await asyncio.sleep(AWAY_S)
                    continue
                for request, answer in asked:
                    if not answer.done():
                        answer.set_result((now, live.get(request)))
                await asyncio.sleep(POLL_S)
        finally:  # the triggerer ends too, in the midst of a look: its thread has the connection until then
            if look is not None:
                await asyncio.wait({look})
            if reader is not None:
                reader.close()

    async def _beat(self, jobs: Any) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._beaten_at >= BEAT_S:
            await asyncio.to_thread(jobs.beat_waits)
            self._beaten_at = now


_watches: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Watch] = weakref.WeakKeyDictionary()


def watch() -> Watch:
    """The triggerer's."""
    return _watches.setdefault(asyncio.get_running_loop(), Watch())


class RequestTrigger(BaseTrigger):
    """Ends its task once the request is in none of the states `before` any more.

    It ends here: a process that is started only to look once more would cost a second, and a task that resumes fails
    at random.
    """

    def __init__(self, request: str, before: list[str]) -> None:
        super().__init__()
        self.request = request
        self.before = before

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """How the triggerer makes it again."""
        return ("bc_triggers.RequestTrigger", {"request": self.request, "before": self.before})

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Say whom it waits for, wait, say what came."""
        from bc_lib import jobs_requests as jobs

        said: list[str] = []
        while True:
            _, live = await watch().look(self.request)
            if live.state.value not in self.before:
                break
            if live.state.value not in said:
                said.append(live.state.value)
                for line in await asyncio.to_thread(jobs.waits_for, self.request):
                    self.log.info(line)
        self.log.info(await asyncio.to_thread(jobs.ended, self.request))
        yield TaskSkippedEvent() if live.state.value in OVER else TaskSuccessEvent()


class RunTrigger(BaseTrigger):
    """Wakes the acting task once there is something to do: somebody has decided, a time has come, nobody acts any more.

    `left_at`: when the task looked last, by the database's clock; `barred`: by a freeze or another run, whose end is
    waited for.
    """

    def __init__(self, request: str, left_at: str, barred: bool = False) -> None:
        super().__init__()
        self.request = request
        self.left_at = left_at
        self.barred = barred

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """How the triggerer makes it again."""
        given = {"request": self.request, "left_at": self.left_at, "barred": self.barred}
        return ("bc_triggers.RunTrigger", given)

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait."""
        from bc_lib.domain.execution.dispatching import to_do_since

        left_at = datetime.fromisoformat(self.left_at)
        while True:
            now, live = await watch().look(self.request)
            free = self.barred and not live.barred
            over = live.state.value in OVER
            if (over or free or to_do_since(live, left_at, now)) and now - left_at >= timedelta(seconds=SETTLE_S):
                break
        yield TriggerEvent(live.state.value)
