"""One HTTP server on loopback inside the agent's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator

import uvicorn
from starlette.applications import Starlette

from bc_lib.runtime.portpick import HOST


class _Embedded(uvicorn.Server):
    """uvicorn without its signal handling: the agent's own decides when everything ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class WebServer:
    """Starts and stops; `port` is None while it stands still. `wanted` 0 takes any free port."""

    def __init__(self, app: Starlette, wanted: int = 0) -> None:
        self._app = app
        self._wanted = wanted
        self._server: _Embedded | None = None
        self._task: asyncio.Task[None] | None = None
        self.port: int | None = None

    async def start(self) -> None:
        """Listen; nothing happens where it runs. Raises OSError where the port is taken."""
        if self.port is not None:
            return
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((HOST, self._wanted))
        config = uvicorn.Config(
            self._app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = _Embedded(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[sock]))
        while not self._server.started:
            if self._task.done():
                raise OSError(f"the web server on port {sock.getsockname()[1]} ended at once")
            await asyncio.sleep(0.01)
        self.port = sock.getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and cut what is open."""
        self.port = None
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await asyncio.gather(self._task, return_exceptions=True)
            self._server = self._task = None
