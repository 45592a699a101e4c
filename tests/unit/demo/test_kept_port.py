"""A port of the demo is held while its server is down: refused for clients, taken by nobody, free for our server."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from bc_lib.testing.bad_targets import free_port
from demo.flow import Wire
from demo.gate import Gate
from demo.keptport import KeptPort

REUSES = [(), (socket.SO_REUSEADDR,), (socket.SO_REUSEPORT,), (socket.SO_REUSEADDR, socket.SO_REUSEPORT)]
ADDRESSES = ["127.0.0.1", "0.0.0.0", "::"]


@pytest.fixture
def kept() -> Iterator[KeptPort]:
    kept = KeptPort(free_port())
    yield kept
    kept.release()


def server(port: int, options: tuple[int, ...], address: str = "127.0.0.1") -> socket.socket:
    """Somebody's server. Raises OSError."""
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        for option in options:
            sock.setsockopt(socket.SOL_SOCKET, option, 1)
        sock.bind((address, port))
        sock.listen()
    except OSError:
        sock.close()
        raise
    return sock


def postgres(port: int) -> socket.socket:
    """Listens as PostgreSQL does."""
    return server(port, (socket.SO_REUSEADDR,))


def nobody_gets(port: int) -> None:
    for address in ADDRESSES:
        for options in REUSES:
            with pytest.raises(OSError, match="in use"):
                server(port, options, address).close()


def refused(port: int) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 1)


def talk(port: int, listening: socket.socket) -> None:
    """One connection that the server ends first: the kernel remembers it for a minute."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        accepted, _ = listening.accept()
        accepted.close()
        assert client.recv(1) == b""


def test_our_server_comes_and_goes(kept: KeptPort) -> None:
    for _ in range(3):
        kept.hold()
        nobody_gets(kept.number)
        refused(kept.number)
        kept.release()
        with postgres(kept.number) as ours:
            talk(kept.number, ours)


def test_a_forked_copy_of_the_hold_is_not_in_our_servers_way(kept: KeptPort) -> None:
    """Another thread may start a program at that very moment."""
    kept.hold()
    assert kept._sock is not None
    with kept._sock.dup():
        kept.release()
        postgres(kept.number).close()


def test_a_port_that_somebody_listens_on_cannot_be_held(kept: KeptPort) -> None:
    with postgres(kept.number), pytest.raises(OSError, match="in use"):
        kept.hold()
    kept.hold()
    nobody_gets(kept.number)


async def test_a_gate_keeps_its_port_while_its_server_is_down(kept: KeptPort) -> None:
    kept.hold()
    listening = [True]
    gate = Gate("orders-db-fra", kept, lambda: free_port() if listening[0] else None, 0.0)
    for _ in range(3):
        listening[0] = True
        await gate.look()
        _, writer = await asyncio.open_connection("127.0.0.1", kept.number)
        writer.close()
        nobody_gets(kept.number)
        listening[0] = False
        await gate.look()
        refused(kept.number)
        nobody_gets(kept.number)
    await gate.switch(Wire.BLACKHOLE)  # it swallows though nobody is there
    _, writer = await asyncio.open_connection("127.0.0.1", kept.number)
    writer.close()
    await gate.close()
    postgres(kept.number).close()
