"""The shared database as a campaign has it: a real server that may be killed, frozen and started again."""

from __future__ import annotations

import contextlib
import signal
from urllib.parse import quote

import psutil

from bc_lib.runtime.descendants import die_with_parent
from bc_lib.runtime.pgserver import PgServer
from bc_lib.runtime.portpick import HOST
from bc_lib.store.admin import LOGIN_ROLES, initialise
from benchmarks.campaign.place import Place
from demo.hostnode import HostNode

DATABASE = "bc"


class SharedDatabase:
    """One server; fsync is on, as in earnest."""

    def __init__(self, place: Place) -> None:
        self._place = place
        server = PgServer(
            place.programs,
            place.root / "shared" / "data",
            place.ports["shared"],
            place.account,
            {"max_connections": "100", "shared_buffers": "64MB"},
            preexec=die_with_parent(signal.SIGINT),
        )
        self.node = HostNode("shared", server)

    def start(self) -> None:
        """Made and migrated where it is not there, started where it does not run. Raises ServerFailed."""
        fresh = not self.node.server.initialised
        if fresh:
            self.node.server.init(self._place.passwords["superuser"])
        if not self.node.adopt():
            self.node.start(60)
        initialise(self.url("postgres", "postgres"), dict.fromkeys(LOGIN_ROLES, self._place.passwords["superuser"]))

    def again(self) -> None:
        """Start it after it was killed."""
        self.node.start(60)

    def kill(self) -> None:
        """kill -9 of every process of it, as a power cut."""
        self.node.kill()

    def stop_at_once(self) -> None:
        """Immediate stop: no shutdown checkpoint, every session ended."""
        self.node.stop("immediate", 10)

    def freeze(self) -> None:
        """No process of it does anything any more; connections stay open and silent."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on as if nothing had been."""
        self._send(signal.SIGCONT)

    def close(self) -> None:
        """End it cleanly."""
        self.thaw()
        self.node.retired = True
        self.node.stop("fast", 20)

    def url(self, role: str, database: str = DATABASE) -> str:
        """SQLAlchemy URL of a role; `postgres` is the superuser."""
        password = quote(self._place.passwords["superuser"], safe="")
        return f"postgresql+psycopg://{role}:{password}@{HOST}:{self._place.ports['shared']}/{database}"

    def _send(self, sig: signal.Signals) -> None:
        pid = self.node.pid()
        if pid is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            postmaster = psutil.Process(pid)
            postmaster.send_signal(sig)  # first, so that a frozen one starts no more children
            for child in postmaster.children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.send_signal(sig)
