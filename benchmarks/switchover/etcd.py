"""One etcd on loopback for Patroni."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

from bc_lib.runtime.portpick import HOST
from benchmarks.switchover.ground import Ground, wait


def start_etcd(ground: Ground, program: Path) -> int:
    """Start it and wait until it is healthy; its client port. Raises Failed."""
    client, peer = (f"http://{HOST}:{port}" for port in (ground.port(), ground.port()))
    words = {
        "data-dir": str(ground.folder("etcd")),
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"default={peer}",
    }
    ground.start(ground.root / "etcd.log", [program, *(f"--{key}={value}" for key, value in words.items())])

    def healthy() -> bool:
        with urllib.request.urlopen(f"{client}/health", timeout=2) as answer:  # noqa: S310 - our own loopback address
            return str(json.load(answer)["health"]) == "true"

    wait("etcd's start", healthy)
    return int(client.rpartition(":")[2])
