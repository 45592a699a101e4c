"""TCP ports on loopback: the wanted one where it is free, else another that is remembered and said."""

from __future__ import annotations

import contextlib
import random
import socket
from pathlib import Path

from bc_lib.runtime.portpick import is_free
from demo.statefile import State

OTHERS = (20_000, 32_000)
TRIES = 200
RANGE_FILE = Path("/proc/sys/net/ipv4/ip_local_port_range")
USUAL_RANGE = (32_768, 60_999)


class Ports:
    """Gives out ports by key and keeps them in the state file, so that they stay the same.

    A server of the demo may stand still for hours and must find its port free when it comes back. So no port is
    one that the kernel gives to outgoing connections, and each is claimed against other demos on this machine.
    """

    def __init__(self, state: State, outgoing: range | None = None) -> None:
        self._state = state
        self._outgoing = outgoing_ports() if outgoing is None else outgoing
        self._claims: dict[int, socket.socket] = {}
        self.said: list[str] = []

    def take(self, key: str, default: int, *, ours: bool = False) -> int:
        """The port of `key`. `ours`: a server of ours that already runs holds it. Raises RuntimeError."""
        wanted = self._state.ports.get(key, default)
        if wanted in self._outgoing and not ours:  # of a demo from before, when they were chosen there
            wanted = default
        port = wanted if self._claim(wanted, ours) else self._another()
        if port != wanted:
            self.said.append(f"Port {wanted} is taken; {key} uses {port} instead.")
        self._state.ports[key] = port
        return port

    def close(self) -> None:
        """Give up every claim; the ports stay remembered."""
        while self._claims:
            self._claims.popitem()[1].close()

    def _another(self) -> int:
        kept = set(self._state.ports.values())
        first = random.randrange(*OTHERS)  # anywhere, so that two demos that start at once do not meet
        for port in range(first, first + TRIES):
            if port not in kept and self._claim(port, ours=False):
                return port
        raise RuntimeError(f"No free port between {first} and {first + TRIES - 1}; end what holds them.")

    def _claim(self, port: int, ours: bool) -> bool:
        if port in self._claims or not (ours or is_free(port)):
            return False
        claim = claimed(port)
        if claim is None:
            return False
        self._claims[port] = claim
        return True


def claimed(port: int) -> socket.socket | None:
    """A name that only one demo of this machine can hold, until its process ends; None where another holds it."""
    # Between demos the name decides, where a server runs, too; the port itself is held by demo.keptport.
    claim = socket.socket(socket.AF_UNIX)
    with contextlib.suppress(OSError):
        claim.bind(f"\0business-continuity-demo-{port}")
        return claim
    claim.close()
    return None


def outgoing_ports() -> range:
    """Where the kernel takes the local ports of outgoing connections from."""
    try:
        first, last = map(int, RANGE_FILE.read_text().split())
    except (OSError, ValueError):
        first, last = USUAL_RANGE
    return range(first, last + 1)
