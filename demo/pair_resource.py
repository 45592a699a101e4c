"""A database pair as the demo breaks and heals it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import psycopg

from bc_lib.cli.demo_modes import Mode
from demo.broken import Broken
from demo.flow import Wire
from demo.gate import Gate
from demo.hostnode import HostNode
from demo.pair import PairServers
from demo.recovery import bring_back, wait_whole
from demo.refusal import Refused
from demo.writers import Writer

PAUSE_S = 2.0
REPLACED = "replaced"


class PairResource:
    """One pair with its gates and writers."""

    def __init__(
        self, servers: PairServers, gates: dict[str, Gate], load: Writer, heartbeat: Writer, broken: Broken
    ) -> None:
        self.name = servers.pair.name
        self.servers = servers
        self.gates = gates  # by site
        self.load = load
        self.heartbeat = heartbeat
        self.broken = broken
        self._acts = {
            Mode.REPLICA_PAUSED: self._pause,
            Mode.DR_DOWN: self._stop_standby,
            Mode.PRIMARY_DOWN: self._kill_primary,
            Mode.PRIMARY_UNREACHABLE: self._blind,
            Mode.HEARTBEAT_STOPPED: self._stop_heartbeat,
            Mode.SLOW: self._slow,
        }

    async def start(self) -> None:
        """Gates and writers on, then every fault in force done again."""
        for gate in self.gates.values():
            gate.open()
        self.load.start()
        if Mode.HEARTBEAT_STOPPED not in self.broken.modes():
            self.heartbeat.start()
        for mode in self.broken.modes():
            node = self._node(self.broken.node_of(Mode(mode)))
            await self._acts[Mode(mode)](node)

    async def stop(self) -> None:
        """Gates and writers off; the servers are not touched."""
        await asyncio.gather(*(gate.close() for gate in self.gates.values()), self.load.stop(), self.heartbeat.stop())

    async def do_break(self, mode: Mode) -> None:
        """Do `mode`. Raises Refused where it makes no sense now."""
        node = self._target(mode)
        self.broken.note(mode, node.name, stops=mode in {Mode.DR_DOWN, Mode.PRIMARY_DOWN})
        try:
            await self._acts[mode](node)
        except Exception:
            self.broken.forget(mode)
            raise

    async def heal(self) -> None:
        """Bring everything back and wait until it is. Raises NotBack, ServerFailed, psycopg.Error, Refused.

        Refused, after the rest is whole, where a server is a run's or was replaced: it would be a second primary.
        """
        for node in self.servers.replaced():
            if self.broken.why_stopped(node.name) in set(Mode):
                self.broken.hold(node.name, REPLACED)
        keep = self.broken.stopped_otherwise()
        await asyncio.to_thread(bring_back, self.servers, keep)
        self.heartbeat.start()
        for gate in self.gates.values():
            await gate.switch(Wire.PASS)
        await asyncio.to_thread(wait_whole, self.servers, keep)
        self.broken.clear(keep)
        kept = [node.name for node in self.servers.nodes.values() if node.name in keep]
        if kept:
            raise Refused(" ".join(self._why_kept(name) for name in kept))

    def _why_kept(self, name: str) -> str:
        why = self.broken.why_stopped(name) or REPLACED
        if why.startswith("run "):
            return f"{name} stays stopped: {why} stopped it and owns it; all else at {self.name} is back."
        return (
            f"{name} stays stopped: another server was promoted in its place, and it would be a second primary; have a "
            f"run rejoin it. All else at {self.name} is back."
        )

    def report(self) -> dict[str, Any]:
        """What runs, in plain figures."""
        primary = self.servers.primary()
        nodes = [self._node_report(site, node) for site, node in self.servers.nodes.items()]
        return {
            "name": self.name,
            "platform": "postgresql",
            "broken": self.broken.modes(),
            "nodes": nodes,
            "primary": primary.name if primary else None,
            "rows_written": self.load.done,
            "beats": self.heartbeat.done,
        }

    def _node_report(self, site: str, node: HostNode) -> dict[str, Any]:
        gate = self.gates[site]
        role = "standby" if node.is_standby() else "primary"
        return {
            "name": node.name,
            "site": site,
            "role": role,
            "running": node.is_running(),
            "stopped_by": self.broken.why_stopped(node.name),
            "pid": node.pid(),
            "port": gate.port,
            "server_port": node.server.port,
            "wire": gate.wire.value,
        }

    def _target(self, mode: Mode) -> HostNode:
        on_standby = mode in {Mode.REPLICA_PAUSED, Mode.DR_DOWN}
        node = self.servers.standby() if on_standby else self.servers.primary()
        if node is None:
            role = "standby" if on_standby else "primary"
            raise Refused(f"{self.name} has no {role} now, so {mode} cannot be done.")
        if mode is Mode.REPLICA_PAUSED and not node.is_running():
            raise Refused(f"The standby of {self.name} does not run, so it cannot be paused; heal {self.name} first.")
        return node

    def _node(self, name: str | None) -> HostNode:
        return next(node for node in self.servers.nodes.values() if node.name == name)

    async def _pause(self, node: HostNode) -> None:
        await asyncio.to_thread(pause_replay, self.servers, node)

    async def _stop_standby(self, node: HostNode) -> None:
        await asyncio.to_thread(node.stop, "immediate", 5)
        await self._look()

    async def _kill_primary(self, node: HostNode) -> None:
        await asyncio.to_thread(node.kill)
        await self._look()

    async def _look(self) -> None:
        for gate in self.gates.values():  # now, so that the answer comes after the port is closed
            await gate.look()

    async def _blind(self, node: HostNode) -> None:
        site = next(site for site, one in self.servers.nodes.items() if one is node)
        await self.gates[site].switch(Wire.BLACKHOLE)

    async def _stop_heartbeat(self, _: HostNode) -> None:
        await self.heartbeat.stop()

    async def _slow(self, _: HostNode) -> None:
        for gate in self.gates.values():
            if gate.wire is Wire.PASS:  # an unreachable site stays unreachable
                await gate.switch(Wire.SLOW)


def pause_replay(servers: PairServers, node: HostNode) -> None:
    """Pause replay. A standby that waits out its apply delay pauses only after it. Blocks. Raises Refused."""
    try:
        with servers.superuser(node) as connection:
            connection.execute("SELECT pg_wal_replay_pause()")
            deadline = time.monotonic() + PAUSE_S
            while time.monotonic() < deadline:
                row = connection.execute("SELECT pg_get_wal_replay_pause_state()").fetchone()
                if row and row[0] == "paused":
                    return
                time.sleep(0.05)
    except psycopg.Error as error:
        raise Refused(f"The standby of {servers.pair.name} does not answer, so its replay cannot be paused.") from error
