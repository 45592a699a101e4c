"""A port that stays ours for the whole life of the demo, whether our server listens there or not."""

from __future__ import annotations

import socket

from bc_lib.runtime.portpick import HOST

REUSE = (socket.SOL_SOCKET, socket.SO_REUSEADDR)


class KeptPort:
    """Holds `number` with a socket that is bound and does not listen: clients are refused, as by a host without server.

    SO_REUSEADDR is set only to get past connections that still close, and taken back at once: Linux asks both sides,
    so then neither PostgreSQL (which sets it) nor anybody else can bind, to any address. What it does not protect from:
    whoever comes in the milliseconds between `release` and our server's own bind, and the time after this process ends.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self._sock: socket.socket | None = None

    def hold(self) -> None:
        """From now on nobody else gets it. Raises OSError where somebody has it."""
        if self._sock is None:
            sock = socket.socket()
            try:
                sock.setblocking(False)
                sock.setsockopt(*REUSE, 1)
                sock.bind((HOST, self.number))
                sock.setsockopt(*REUSE, 0)
            except OSError:
                sock.close()
                raise
            self._sock = sock

    def release(self) -> None:
        """For a server of ours in another process, which binds next."""
        if self._sock is not None:
            self._sock.setsockopt(*REUSE, 1)  # a process that is just being forked may have the socket a while longer
            self._sock.close()
            self._sock = None

    def listener(self) -> socket.socket:
        """The same socket once more, to listen with in this process; `quiet` ends that. Raises OSError."""
        self.hold()
        assert self._sock is not None
        self._sock.setsockopt(*REUSE, 1)
        return self._sock.dup()

    def quiet(self) -> None:
        """Listen no longer and hold on: the port is not given up in between."""
        if self._sock is not None:
            self._sock.setsockopt(*REUSE, 0)
            self._sock.shutdown(socket.SHUT_RDWR)
