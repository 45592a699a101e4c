"""One database server as its host sees it: start, stop, kill, is it running, what does it say of itself.

Nothing here knows what the server is for. A server that survived its agent is adopted: it is found by
its data folder and handled like a child of ours.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from bc_lib.runtime.pgserver import STOP_SIGNALS, PgServer, ServerFailed

LOG_LIMIT = 5_000_000


@dataclass
class HostNode:
    """A PostgreSQL server with its data folder. Methods block; none needs a connection."""

    name: str
    server: PgServer
    retired: bool = False  # set once the agent ends: whatever still runs in a thread must not start it again
    _adopted: psutil.Process | None = None

    def adopt(self) -> bool:
        """Take over a running server of this data folder; True where there is one."""
        found = self._running_postmaster()
        if found is not None and (self.server.process is None or self.server.process.pid != found.pid):
            self._adopted = found
        return found is not None

    def has_current_settings(self) -> bool:
        """True where the running server was started with the very command line we would use now."""
        process = self._process()
        try:
            return process is not None and process.cmdline() == self.server.command()
        except psutil.Error:
            return False

    def is_running(self) -> bool:
        """True where the postmaster lives; cheap enough to ask several times a second."""
        if self.server.process is not None:
            return self.server.process.poll() is None
        return self._adopted is not None and _alive(self._adopted)

    def is_ready(self) -> bool:
        """True where it runs and accepts connections."""
        return self.is_running() and self.server.ready()

    def is_standby(self) -> bool:
        """True where the data folder would start as a standby. A role is what is on disk."""
        return (self.server.data / "standby.signal").exists()

    def start(self, timeout: float = 30) -> None:
        """Start and wait until it accepts connections; nothing happens where it runs. Raises ServerFailed."""
        if self.retired:
            raise ServerFailed(f"{self.name} is not started: the demo is stopping.")
        if not self.is_running():
            self._forget_dead()
            self._turn_log()
            self.server.spawn()
        deadline = time.monotonic() + timeout
        while not self.server.ready():
            if not self.is_running() or time.monotonic() > deadline:
                raise ServerFailed(f"{self.name} did not start; its log {self.server.log} ends: {self._log_end()}")
            time.sleep(0.02)

    def stop(self, mode: str = "fast", timeout: float = 30) -> None:
        """Stop in `mode` (smart, fast, immediate); after `timeout` seconds it is killed."""
        process = self._process()
        if process is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(STOP_SIGNALS[mode])
        if not self._wait_gone(timeout):
            self.kill()

    def kill(self) -> None:
        """End the postmaster and all its processes with SIGKILL, as a power cut would."""
        process = self._process()
        if process is None:
            return
        victims = [process, *_children(process)]
        for victim in victims:
            with contextlib.suppress(psutil.NoSuchProcess):
                victim.send_signal(signal.SIGKILL)
        self._wait_gone(5)
        psutil.wait_procs(victims[1:], timeout=5)  # also reaps those that became our children

    def control_data(self) -> dict[str, str]:
        """pg_controldata's lines by their labels. Raises ServerFailed."""
        lines = self.server.run("pg_controldata", "-D", str(self.server.data), timeout=10).splitlines()
        return {label.strip(): value.strip() for label, _, value in (line.partition(":") for line in lines)}

    def erase(self) -> None:
        """Kill it and remove its data folder."""
        self.adopt()
        self.kill()
        self._forget_dead()
        shutil.rmtree(self.server.data, ignore_errors=True)

    def pid(self) -> int | None:
        """The postmaster's process id while it runs."""
        process = self._process()
        return process.pid if process else None

    def _process(self) -> psutil.Process | None:
        if not self.is_running():
            return None
        if self.server.process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                return psutil.Process(self.server.process.pid)
            return None
        return self._adopted

    def _running_postmaster(self) -> psutil.Process | None:
        try:
            pid = int((self.server.data / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            ours = _alive(process) and process.cmdline()[1:3] == ["-D", str(self.server.data)]
        except (OSError, ValueError, psutil.Error):
            return None
        return process if ours else None

    def _forget_dead(self) -> None:
        # A process table entry that nobody reaped would make PostgreSQL think the old server still runs.
        self.server.process = self._adopted = None
        if self._running_postmaster() is None:
            (self.server.data / "postmaster.pid").unlink(missing_ok=True)

    def _wait_gone(self, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        while self.is_running():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _turn_log(self) -> None:
        log = self.server.log
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(Path(f"{log}.1"))

    def _log_end(self) -> str:
        with contextlib.suppress(OSError):
            return self.server.log.read_text(errors="replace")[-800:]
        return "(no log)"


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []
