"""A free TCP port on loopback: the preferred one, else the next."""

from __future__ import annotations

import socket

HOST = "127.0.0.1"
TRIES = 200


def is_free(port: int) -> bool:
    """True where a server could listen on 127.0.0.1:`port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def pick(preferred: int, taken: set[int]) -> int:
    """`preferred` where it is free, else the next free one that is not in `taken`. Raises RuntimeError."""
    for port in range(preferred, min(preferred + TRIES, 65536)):
        if port not in taken and is_free(port):
            return port
    raise RuntimeError(f"No free port between {preferred} and {preferred + TRIES - 1} on {HOST}; end what holds them.")
