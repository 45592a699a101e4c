"""The web application as the demo breaks and heals it."""

from __future__ import annotations

import asyncio
from typing import Any

from bc_lib.cli.demo_modes import Mode
from demo.broken import Broken
from demo.flow import Wire
from demo.gate import Gate
from demo.layout import Place, WebApp
from demo.refusal import Refused
from demo.shop import Shop
from demo.webserver import WebServer


class WebResource:
    """One application with a web server a site, and its gates."""

    def __init__(
        self,
        app: WebApp,
        shops: dict[str, Shop],
        gates: dict[str, Gate],
        servers: dict[str, WebServer],
        broken: Broken,
    ) -> None:
        self.name = app.name
        self._app = app
        self._shops = shops
        self.gates = gates
        self._servers = servers
        self.broken = broken
        self._acts = {
            Mode.PRIMARY_DOWN: self._stop,
            Mode.DR_DOWN: self._stop,
            Mode.PRIMARY_UNREACHABLE: self._blind,
            Mode.SLOW: self._slow,
        }

    async def start(self) -> None:
        """Serve, then do every fault in force again."""
        for server in self._servers.values():
            await server.start()
        for gate in self.gates.values():
            gate.open()
        for mode in self.broken.modes():
            node = self.broken.node_of(Mode(mode))
            await self._acts[Mode(mode)](next(place.site for place in self._app.places if place.node == node))

    async def stop(self) -> None:
        """End everything."""
        await asyncio.gather(*(gate.close() for gate in self.gates.values()))
        await asyncio.gather(*(server.stop() for server in self._servers.values()))
        await asyncio.gather(*(shop.close() for shop in self._shops.values()))

    async def do_break(self, mode: Mode) -> None:
        """Do `mode`. Raises Refused where a web application has nothing like it."""
        if mode not in self._acts:
            known = ", ".join(self._acts)
            raise Refused(
                f"{self.name} is a web application without a replica or a heartbeat, so {mode} does not apply; "
                f"it knows {known}."
            )
        site = self._dr_site() if mode is Mode.DR_DOWN else self._active_site()
        self.broken.note(mode, f"{self.name}-{site}")
        await self._acts[mode](site)

    async def heal(self) -> None:
        """Bring everything back. Raises OSError."""
        for server in self._servers.values():
            await server.start()
        for gate in self.gates.values():
            await gate.switch(Wire.PASS)
        self.broken.clear()

    def report(self) -> dict[str, Any]:
        """What runs, in plain figures."""
        return {
            "name": self.name,
            "platform": "http",
            "broken": self.broken.modes(),
            "nodes": [self._node_report(place) for place in self._app.places],
            "active_site": self._active_site(),
        }

    def _node_report(self, place: Place) -> dict[str, Any]:
        gate, port = self.gates[place.site], self._servers[place.site].port
        return {
            "name": place.node,
            "site": place.site,
            "role": self._shops[place.site].role,
            "running": port is not None,
            "port": gate.port,
            "server_port": port,
            "wire": gate.wire.value,
        }

    def _active_site(self) -> str:
        return next(site for site, shop in self._shops.items() if shop.active)

    def _dr_site(self) -> str:
        return next(site for site, shop in self._shops.items() if not shop.active)

    async def _stop(self, site: str) -> None:
        await self._servers[site].stop()
        await self.gates[site].look()

    async def _blind(self, site: str) -> None:
        await self.gates[site].switch(Wire.BLACKHOLE)

    async def _slow(self, _: str) -> None:
        for gate in self.gates.values():
            if gate.wire is Wire.PASS:
                await gate.switch(Wire.SLOW)
