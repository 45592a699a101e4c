"""Blocking calls beside the loop, in daemon threads: one that hangs for ever keeps no process from ending."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Background:
    """At most `threads` calls at once, for one event loop. A caller must wait for its call (see SingleFlight)."""

    def __init__(self, threads: int, name: str) -> None:
        self._slots = asyncio.Semaphore(threads)
        self._name = name

    async def run(self, work: Callable[[], T]) -> T:
        """The result of `work()`; raises what it raises."""
        async with self._slots:
            loop = asyncio.get_running_loop()
            future: asyncio.Future[T] = loop.create_future()

            def finish(result: T | None, error: Exception | None) -> None:
                if future.done():
                    return
                if error is not None:
                    future.set_exception(error)
                else:
                    future.set_result(result)  # type: ignore[arg-type]

            def body() -> None:
                result, trouble = None, None
                try:
                    result = work()
                except Exception as error:
                    trouble = error
                with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                    loop.call_soon_threadsafe(finish, result, trouble)

            threading.Thread(target=body, name=self._name, daemon=True).start()
            return await future
