"""What must be so before an act."""

from __future__ import annotations

from .server import Server
from .words import Order, Refused


def peer_of(server: Server, order: Order) -> str:
    """Where the new primary is, for libpq: one of the configured peers and nothing else."""
    host, port = order.get("peer_host"), order.get("peer_port")
    if f"{host}:{port}" not in server.section.get("peers", "").split():
        known = f"{host}:{port}"[:200]
        raise Refused("precondition", f"{known!a} is no peer of {server.name} in this host's configuration.")
    return f"host={host} port={port}"


def must_be_stopped(server: Server) -> None:
    if server.running() is not False:
        raise Refused("precondition", f"{server.name} runs; stop it first.")
