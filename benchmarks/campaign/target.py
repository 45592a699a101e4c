"""The target in a process of its own: two servers, their hosts' API, their journals of effects.

`python -m benchmarks.campaign.target FOLDER`; says "ready" once both servers and the API answer, ends at SIGTERM with
both servers. Nobody kills this one: what it wrote down judges everybody else.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import uvicorn
from psycopg.conninfo import make_conninfo

from bc_lib.runtime.account import owned_folder
from bc_lib.runtime.folders import PROJECT
from bc_lib.runtime.pgserver import PgServer
from bc_lib.runtime.portpick import HOST
from benchmarks.campaign.place import DATABASE, NAME, NODES, Place, load
from demo.host.api import HostApi
from demo.host.hosted import Hosted
from demo.hostnode import HostNode

GRANTS = PROJECT / "sql" / "grants"
HEARTBEAT = (
    "CREATE TABLE public.bc_heartbeat (id int PRIMARY KEY, beat_at timestamptz NOT NULL, timeline int, lsn pg_lsn)"
)


class Pair:
    """Both servers of a place, made where they are not there yet."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.nodes = {node: HostNode(f"{NAME}-{node}", self._server(node)) for node in NODES}
        if not self.nodes["ams"].server.initialised:
            self._make()

    def hosts(self) -> list[Hosted]:
        """For the hosts' API."""
        ports = {self.place.ports[node]: self.place.ports[node] for node in NODES}
        return [Hosted(made, f"slot_{node}", self._source, ports) for node, made in self.nodes.items()]

    def start(self) -> None:
        """What runs stay as they are on disk; what a run stopped stays stopped."""
        for node in self.nodes.values():
            if not node.adopt() and node.held is None:
                node.start()

    def stop(self) -> None:
        """Both."""
        for node in self.nodes.values():
            node.retired = True
            node.stop("immediate", 15)

    def _server(self, node: str) -> PgServer:
        place, (peer,) = self.place, [other for other in NODES if other != node]
        settings = {
            **place.settings,
            "cluster_name": node,
            "primary_conninfo": f"{self._source(place.ports[peer])} application_name={node}",
            "primary_slot_name": f"slot_{node}",
        }
        return PgServer(place.programs, place.root / node / "data", place.ports[node], place.account, settings)

    def _source(self, port: int) -> str:
        words: dict[str, Any] = {"user": "postgres", "passfile": str(self.place.passfile), "dbname": DATABASE}
        return make_conninfo(host=HOST, port=port, connect_timeout=3, **words)

    def _make(self) -> None:
        primary, standby = (self.nodes[node].server for node in NODES)
        primary.init(self.place.passwords["superuser"])
        primary.start()
        with psycopg.connect(self._source(primary.port), autocommit=True) as connection:
            connection.execute(HEARTBEAT)
            for name in ("postgresql_monitor.sql", "postgresql_execution.sql"):
                connection.execute((GRANTS / name).read_bytes())
            for role in ("bc_monitor", "bc_execution", "bc_client"):
                connection.execute(f"ALTER ROLE {role} PASSWORD '{self.place.passwords[role]}'".encode())
            connection.execute("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO bc_execution")
            connection.execute("ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT ON TABLES TO bc_client")
            connection.execute("SELECT pg_create_physical_replication_slot('slot_ams', true)")
        owned_folder(standby.data.parent, self.place.account, 0o755)
        standby.run(
            "pg_basebackup", "-D", str(standby.data), "-d", self._source(primary.port), "-X", "stream", "-c", "fast"
        )
        signal_file = standby.data / "standby.signal"
        signal_file.touch(mode=0o600)
        if (account := self.place.account) is not None:
            os.chown(signal_file, account.uid, account.gid)


def main(root: Path) -> int:
    """Serve until SIGTERM."""
    place = load(root)
    if place is None:
        print(f"No place was made in {root.name}.", file=sys.stderr)
        return 2
    over = threading.Event()
    for sig in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sig, lambda *_: over.set())
    pair = Pair(place)
    try:
        api = HostApi(pair.hosts(), place.journals, place.passwords["agent"])
        pair.start()
        config = uvicorn.Config(
            api.app(), host=HOST, port=place.ports["hosts"], log_level="warning", access_log=False, lifespan="off"
        )
        server = uvicorn.Server(config)
        serving = threading.Thread(target=partial(server.run), daemon=True)
        serving.start()
        while not server.started and serving.is_alive():
            over.wait(0.01)
        print("ready", flush=True)
        over.wait()
        server.should_exit = server.force_exit = True
        serving.join(10)
    finally:
        pair.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
