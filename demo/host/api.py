"""The web application over hosted servers: GET /host/NODE, POST /host/NODE/VERB; usable without the estate."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bc_lib.integrations.host_control import wire
from bc_lib.ports.host_control import HostRefused
from demo.host import arriving
from demo.host.hosted import Hosted
from demo.host.journal import Journal
from demo.host.keeper import Keeper

Answer = Callable[[Request], Awaitable[JSONResponse]]
MOST_ORDERS = 32
STATUS = {"unauthorized": 401, "precondition": 422, "stale-epoch": 409, "deadline": 409, "failed": 422}


class HostApi:
    """Keepers by node behind one bearer token. `folder` holds their journals. Raises BrokenJournal, OSError.

    Without hosts it answers that it is still starting, until `serve` names them.
    """

    def __init__(self, hosts: Iterable[Hosted], folder: Path, token: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.keepers: dict[str, Keeper] = {}
        self._folder = folder
        self._token = token
        # Orders may take minutes: threads of their own, so that nobody else in this process waits for one.
        self._threads = ThreadPoolExecutor(MOST_ORDERS, thread_name_prefix="host-order")
        self.serve(hosts)

    def serve(self, hosts: Iterable[Hosted]) -> None:
        """Orders to `hosts` are taken from now on. Raises BrokenJournal, OSError."""
        self.keepers = {host.name: Keeper(host, Journal(self._folder / f"{host.name}.jsonl")) for host in hosts}

    def app(self) -> Starlette:
        """The web application."""
        return Starlette(routes=self.routes())

    def routes(self) -> list[Route]:
        """For an application that serves more than this."""
        return [
            Route("/host/{node}", self._guarded(self._state), methods=["GET"]),
            Route("/host/{node}/{verb}", self._guarded(self._order), methods=["POST"]),
        ]

    async def _state(self, request: Request) -> JSONResponse:
        keeper = self._keeper(request)
        return JSONResponse(wire.state_to(await asyncio.to_thread(keeper.state)))

    async def _order(self, request: Request) -> JSONResponse:
        keeper = self._keeper(request)
        try:
            body = await request.json()
        except ValueError:
            raise HostRefused("precondition", "The order is not JSON.") from None
        order = arriving.order_from(keeper.host.name, request.path_params["verb"], body)
        done = await asyncio.get_running_loop().run_in_executor(self._threads, keeper.carry_out, order)
        return JSONResponse(wire.done_to(done))

    def _keeper(self, request: Request) -> Keeper:
        name = request.path_params["node"]
        if name not in self.keepers:
            raise HostRefused("precondition", f"This host runs no server of the name {name!a}.")
        return self.keepers[name]

    def _guarded(self, answer: Answer) -> Answer:
        async def guarded(request: Request) -> JSONResponse:
            try:
                given = request.headers.get("authorization", "")
                if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
                    raise HostRefused("unauthorized", "The token of the order is wrong.")
                if not self.keepers:
                    return JSONResponse({"code": "failed", "error": "This host is still starting; try again."}, 503)
                return await answer(request)
            except HostRefused as refused:
                status = STATUS.get(refused.code, 422)
                return JSONResponse({"code": refused.code, "error": str(refused)}, status)

        return guarded
