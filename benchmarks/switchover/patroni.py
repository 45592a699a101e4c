"""Patroni over etcd: two nodes, planned switchover over its REST interface, failover by kill -9."""

from __future__ import annotations

import json
import signal
import subprocess
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bc_lib.runtime.descendants import send, tree
from bc_lib.runtime.portpick import HOST
from benchmarks.switchover.etcd import start_etcd
from benchmarks.switchover.ground import SETTINGS, Ground, wait
from benchmarks.switchover.result import Failed

LEADERS = frozenset({"master", "primary", "leader"})


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. Patroni accepts no less than 20, 1 and 3, and loop_wait + 2 * retry_timeout must not exceed ttl."""

    ttl: int
    loop_wait: int
    retry_timeout: int

    def __str__(self) -> str:
        return ", ".join(f"{key} {value} s" for key, value in asdict(self).items())


DEFAULT = Timing(ttl=30, loop_wait=10, retry_timeout=10)
TIGHT = Timing(ttl=20, loop_wait=1, retry_timeout=3)


@dataclass
class Node:
    """One Patroni and its PostgreSQL; `rest`: the port of its REST interface."""

    name: str
    port: int
    rest: int
    file: Path
    process: subprocess.Popen[bytes] | None = field(default=None)


class PatroniPair:
    """Two Patroni nodes and one etcd."""

    def __init__(self, ground: Ground, patroni: Path, etcd: Path, programs: Path, timing: Timing) -> None:
        """Start everything; `patroni` and `etcd` are programs, `programs` PostgreSQL's bin folder. Raises Failed."""
        self.ground, self.program, self.programs, self.timing = ground, patroni, programs, timing
        found = [ground.run([program, "--version"]).split("\n")[0].split()[-1] for program in (patroni, etcd)]
        self.versions = f"Patroni {found[0]}, etcd {found[1]}"
        self.etcd_port = start_etcd(ground, etcd)
        nodes = [self._node(name) for name in ("one", "two")]
        self.nodes = {node.port: node for node in nodes}
        self.ports = (nodes[0].port, nodes[1].port)
        for node in nodes:  # one by one: the first makes the data, the second copies it
            self._start(node)
            wait(f"the start of Patroni's node {node.name}", partial(self._runs, node))

    def ready(self, leader: int) -> bool:
        """True where Patroni itself shows this leader and a streaming standby on the same timeline."""
        members = {item["name"]: item for item in self._ask(self.nodes[leader], "/cluster")["members"]}
        ahead = members.get(self.nodes[leader].name, {})
        behind = members.get(self._other(leader).name, {})
        return (
            ahead.get("role") in LEADERS
            and behind.get("state") in {"streaming", "running"}
            and behind.get("timeline") == ahead.get("timeline")
        )

    def switch_over(self, leader: int) -> None:
        """POST /switchover to the leader, as patronictl does; the answer comes when the other one leads."""
        old, new = self.nodes[leader], self._other(leader)
        body = json.dumps({"leader": old.name, "candidate": new.name}).encode()
        request = urllib.request.Request(
            f"http://{HOST}:{old.rest}/switchover", body, {"Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=90) as answer:  # noqa: S310
                answer.read()
        except urllib.error.HTTPError as error:
            raise Failed(f"Patroni answered {error.code} to the switchover", error.read().decode()) from None

    def kill(self, leader: int) -> None:
        """kill -9 of Patroni, PostgreSQL and all below them on the leader's node; then start Patroni there again."""
        dead = self.nodes[leader]
        if dead.process is None:
            raise Failed("Patroni's leader was not started by us")
        send(tree(dead.process.pid), signal.SIGKILL)
        dead.process.wait(30)
        other = self._other(leader)
        wait("the failover", lambda: self._ask(other, "/patroni")["role"] in LEADERS, 3.0 * self.timing.ttl + 30)
        self._start(dead)

    def _start(self, node: Node) -> None:
        node.process = self.ground.start(self.ground.root / f"patroni-{node.name}.log", [self.program, node.file])

    def _runs(self, node: Node) -> bool:
        answer = self._ask(node, "/patroni")
        return answer.get("state") in {"running", "streaming"}

    def _other(self, port: int) -> Node:
        return next(node for other, node in self.nodes.items() if other != port)

    def _ask(self, node: Node, path: str) -> dict[str, Any]:
        """Raises OSError while it does not answer, or not yet with 200."""
        with urllib.request.urlopen(f"http://{HOST}:{node.rest}{path}", timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def _node(self, name: str) -> Node:
        node = Node(name, self.ground.port(), self.ground.port(), self.ground.root / f"{name}.json")
        # JSON is YAML too, and needs no library to write.
        self.ground.file(node.file, json.dumps(self._configuration(node)), 0o600)
        return node

    def _configuration(self, node: Node) -> dict[str, Any]:
        def account(user: str) -> dict[str, str]:
            return {"username": user, "password": self.ground.password}

        return {
            "scope": "pair",
            "name": node.name,
            "restapi": {"listen": f"{HOST}:{node.rest}", "connect_address": f"{HOST}:{node.rest}"},
            "etcd3": {"host": f"{HOST}:{self.etcd_port}"},
            "bootstrap": {
                "dcs": {**asdict(self.timing), "postgresql": {"use_pg_rewind": True, "parameters": SETTINGS}},
                "initdb": ["data-checksums", {"encoding": "UTF8"}, {"locale": "C.UTF-8"}],
            },
            "postgresql": {
                "listen": f"{HOST}:{node.port}",
                "connect_address": f"{HOST}:{node.port}",
                "data_dir": str(self.ground.folder(node.name) / "data"),
                "bin_dir": str(self.programs),
                "pgpass": str(self.ground.root / f"{node.name}.pgpass"),
                "authentication": {
                    "superuser": account("postgres"),
                    "replication": account("copier"),
                    "rewind": account("postgres"),
                },
                "parameters": {"unix_socket_directories": ""},
                "pg_hba": [f"host {what} all {HOST}/32 scram-sha-256" for what in ("all", "replication")],
            },
        }
