"""The estate: composes the servers, gates, writers and the web application, and starts and stops them together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial
from typing import Any

import psycopg

from bc_lib.cli.demo_modes import Mode
from demo import credentials
from demo.broken import Broken
from demo.gate import Gate
from demo.ground import Ground
from demo.host.api import HostApi
from demo.host.hosted import Hosted
from demo.hostnode import HostNode
from demo.layout import Pair, Place, WebApp
from demo.pair import PairServers, slot_name
from demo.pair_resource import PairResource
from demo.refusal import Refused
from demo.shop import Shop
from demo.web_resource import WebResource
from demo.webserver import WebServer
from demo.writers import Writer, beat, conninfo, load

log = logging.getLogger(__name__)
BEAT_EVERY_S = 1.0
STOP_S = 3.0
LOOK_S = 5.0
Resource = PairResource | WebResource


class Estate:
    """Everything that can be broken, by name."""

    def __init__(self, ground: Ground, slow_s: float) -> None:
        self._ground = ground
        self._slow_s = slow_s
        self._servers = {pair.name: ground.pair_servers(pair) for pair in ground.layout.pairs}
        self.resources: dict[str, Resource] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turns: dict[str, asyncio.Lock] = {}
        self.hosts = HostApi((), ground.home / "host", ground.passwords.host)

    async def start(self) -> None:
        """Everything up, built where it was not yet, broken where it was broken. Raises ServerFailed, OSError."""
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as all_at_once:
            for servers in self._servers.values():
                all_at_once.create_task(asyncio.to_thread(self._bring_up, servers))
        for pair in self._ground.layout.pairs:
            self.resources[pair.name] = self._pair_resource(pair)
        for app in self._ground.layout.apps:
            self.resources[app.name] = self._web_resource(app)
        self._turns = {name: asyncio.Lock() for name in self.resources}
        servers_and_places = [(servers, place) for servers in self._servers.values() for place in servers.pair.places]
        self.hosts.serve(self._hosted(servers, place) for servers, place in servers_and_places)
        for resource in self.resources.values():
            await resource.start()

    async def stop(self) -> None:
        """Everything down: writers, gates, then the databases at once. What they are stays on disk."""
        nodes = [node for servers in self._servers.values() for node in servers.nodes.values()]
        for node in nodes:
            node.retired = True
        await asyncio.gather(*(resource.stop() for resource in self.resources.values()), return_exceptions=True)
        await asyncio.gather(*(asyncio.to_thread(node.stop, "fast", STOP_S) for node in nodes), return_exceptions=True)

    async def do_break(self, name: str, mode: str) -> str:
        """Do `mode` to `name`; one sentence about it. Raises Refused."""
        resource = self._resource(name)
        if mode not in set(Mode):
            raise Refused(f"There is no mode {mode!a}; the modes are {', '.join(Mode)}.")
        async with self._turns[name]:
            if mode in resource.broken.modes():
                return f"{name} is already broken: {mode}. Nothing was done."
            await resource.do_break(Mode(mode))
        log.info("%s is broken: %s", name, mode)
        return f"{name} is broken: {mode}. Heal it with: bcctl demo heal {name}"

    async def heal(self, name: str) -> str:
        """Bring `name` back and wait until it is; one sentence about it. Raises Refused, NotBack, ServerFailed."""
        resource = self._resource(name)
        async with self._turns[name]:
            was = ", ".join(resource.broken.modes()) or "nothing was broken"
            await resource.heal()
        log.info("%s is healed (%s)", name, was)
        return f"{name} is back ({was})."

    def postmasters(self) -> set[int]:
        """Process ids of the servers that we started, dead or alive."""
        nodes = [node for servers in self._servers.values() for node in servers.nodes.values()]
        return {node.server.process.pid for node in nodes if node.server.process is not None}

    def report(self) -> list[dict[str, Any]]:
        """All resources in plain figures."""
        found = [resource.report() for resource in self.resources.values()]
        keepers = self.hosts.keepers
        for node in (node for resource in found for node in resource["nodes"] if node["name"] in keepers):
            journal = keepers[node["name"]].journal
            node |= {"effects": journal.effects(), "highest_epoch": journal.highest_epoch}
        return found

    def _resource(self, name: str) -> Resource:
        if name not in self.resources:
            raise Refused(f"There is no demo resource {name!a}; the demo has {', '.join(self.resources)}.")
        return self.resources[name]

    def _bring_up(self, servers: PairServers) -> None:
        state = self._ground.state
        servers.configure()
        if servers.pair.name not in state.built:
            self._forget_orders(servers)
            servers.build()
            servers.grant_execution()
            self._ground.note_built(servers.pair.name)
            return
        replaced = servers.replaced()  # never a second primary, whatever became of what stopped it
        wanted = [node for node in servers.nodes.values() if node.name not in state.stopped and node not in replaced]
        for node in wanted:
            if node.is_running() and not node.has_current_settings():
                node.stop("fast", STOP_S)
        servers.start_nodes(wanted)
        servers.grant_execution()  # an older demo had not

    def _forget_orders(self, servers: PairServers) -> None:
        """New servers owe nothing to what runs did with the old ones."""
        for node in servers.nodes.values():
            (self._ground.home / "host" / f"{node.name}.jsonl").unlink(missing_ok=True)
            with self._ground.state.guard:
                self._ground.state.stopped.pop(node.name, None)

    def _hosted(self, servers: PairServers, place: Place) -> Hosted:
        resource = self.resources[servers.pair.name]
        ports: dict[int, int] = {}
        for one in servers.pair.places:  # orders name the endpoint's port; the hosts talk past the proxy
            port = servers.nodes[one.site].server.port
            ports |= {port: port, self._ground.endpoints[one.node].number: port}
        return Hosted(
            servers.nodes[place.site],
            slot_name(place),
            lambda port: f"{servers.replication_conninfo(port, place.node)} dbname={servers.pair.database}",
            ports,
            on_hold=resource.broken.hold,
            on_release=resource.broken.release,
            after_start=partial(self._started, servers, resource.gates[place.site]),
        )

    def _started(self, servers: PairServers, gate: Gate) -> None:
        """Before the order is answered: whoever gave it connects next, and the gate may not have looked yet."""
        _delay(servers)
        if self._loop is not None:
            with contextlib.suppress(TimeoutError, OSError):
                asyncio.run_coroutine_threadsafe(gate.look(), self._loop).result(LOOK_S)

    def _pair_resource(self, pair: Pair) -> PairResource:
        servers = self._servers[pair.name]
        ports = [servers.nodes[place.site].server.port for place in pair.places]
        words = self._ground.passwords
        application = conninfo(ports, pair.database, credentials.APPLICATION, words.application)
        beater = conninfo(ports, pair.database, credentials.BEATER, words.beater)
        return PairResource(
            servers,
            {place.site: self._gate(place, _database_port(servers.nodes[place.site])) for place in pair.places},
            Writer(f"load {pair.name}", application, 1 / pair.rows_per_second, load(pair.table)),
            Writer(f"heartbeat {pair.name}", beater, BEAT_EVERY_S, beat),
            Broken(self._ground.state, pair.name),
        )

    def _web_resource(self, app: WebApp) -> WebResource:
        pair = self._servers[app.database_of].pair
        ports = [node.server.port for node in self._servers[app.database_of].nodes.values()]
        words = (pair.database, credentials.APPLICATION, self._ground.passwords.application)

        def database(active: bool) -> str:
            return conninfo(ports, *words, "read-write" if active else "any")

        shops, servers, gates = {}, {}, {}
        for place in app.places:
            serves = partial(self._written_at, app, place.site)
            shops[place.site] = Shop(place.site, database, serves)
            servers[place.site] = WebServer(shops[place.site].app())
            gates[place.site] = self._gate(place, _web_port(servers[place.site]))
        return WebResource(app, shops, gates, servers, Broken(self._ground.state, app.name))

    def _written_at(self, app: WebApp, site: str) -> bool:
        """Where the application's database has its primary; the home site's while it has none."""
        nodes = self._servers[app.database_of].nodes
        primary = self._servers[app.database_of].primary()
        return site == next((where for where, node in nodes.items() if node is primary), app.home.site)

    def _gate(self, place: Place, upstream: Any) -> Gate:
        return Gate(place.node, self._ground.endpoints[place.node], upstream, self._slow_s)


def _delay(servers: PairServers) -> None:
    """A late standby that starts would receive nothing for the whole delay; see apply_delay."""
    with contextlib.suppress(psycopg.Error):
        servers.delay_standby()


def _database_port(node: HostNode) -> Any:
    def port() -> int | None:
        if node.is_running():
            return node.server.port
        node.keep_port()  # it may have died by itself
        return None

    return port


def _web_port(server: WebServer) -> Any:
    return lambda: server.port
