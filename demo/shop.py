"""shop-web: a small web application, one server a site, that lives on the orders database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import psycopg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

VERSION = "2.3.1"
QUERY_S = 1.5
RECENT = "SELECT count(*) FROM public.orders WHERE placed_at > clock_timestamp() - interval '1 minute'"


class Shop:
    """The application at one site. `active` says whether this site serves customers now."""

    def __init__(self, site: str, conninfo: Callable[[bool], str], is_active: Callable[[], bool]) -> None:
        self.site = site
        self._conninfo = conninfo
        self._is_active = is_active
        self._connected_active = False
        self._connection: psycopg.AsyncConnection[tuple[Any, ...]] | None = None
        self._turn = asyncio.Lock()

    @property
    def active(self) -> bool:
        """Whether this site serves customers: it does where its database is written."""
        return self._is_active()

    @property
    def role(self) -> str:
        return "active" if self.active else "standby"

    def app(self) -> Starlette:
        """The web application."""
        return Starlette(routes=[Route("/", self.front), Route("/health", self.health)])

    async def health(self, _: Request) -> JSONResponse:
        """200 while this site could do its work; at the active site that takes a database."""
        usable = await self.orders_of_last_minute() is not None
        ok = usable or not self.active
        body = {
            "status": "ok" if ok else "unavailable",
            "version": VERSION,
            "role": self.role,
            "site": self.site,
            "database": "ok" if usable else "unavailable",
        }
        return JSONResponse(body, 200 if ok else 503)

    async def front(self, _: Request) -> JSONResponse:
        """The shop's figure of the day: orders of the last minute."""
        orders = await self.orders_of_last_minute()
        return JSONResponse({"site": self.site, "orders_last_minute": orders}, 200 if orders is not None else 503)

    async def orders_of_last_minute(self) -> int | None:
        """The figure, or None where the database does not answer in time."""
        try:
            async with asyncio.timeout(QUERY_S), self._turn:
                return await self._ask()
        except (psycopg.Error, OSError, TimeoutError):
            await self.close()
            return None

    async def close(self) -> None:
        """Give up the connection to the database."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _ask(self) -> int:
        active = self.active
        if active is not self._connected_active:
            await self.close()
        connection = self._connection
        if connection is None or connection.closed:
            connection = await psycopg.AsyncConnection.connect(self._conninfo(active), autocommit=True)
            self._connection, self._connected_active = connection, active
        found = await (await connection.execute(RECENT)).fetchone()
        return int(found[0]) if found else 0
