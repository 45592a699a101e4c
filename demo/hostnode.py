"""One database server as its host sees it: start, stop, kill, is it running, what does it say of itself.

Nothing here knows what the server is for. A server that survived its agent is adopted: it is found by
its data folder and handled like a child of ours.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bc_lib.runtime.pgserver import STOP_SIGNALS, PgServer, ServerFailed
from demo.keptport import KeptPort

LOG_LIMIT = 5_000_000


@dataclass
class HostNode:
    """A PostgreSQL server with its data folder. Methods block; none needs a connection."""

    name: str
    server: PgServer
    retired: bool = False  # set once the agent ends: whatever still runs in a thread must not start it again
    held: str | None = None  # the run that stopped it and wants it stopped
    kept: KeptPort | None = None  # its port, held for it while it stands still
    _adopted: psutil.Process | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)

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

    def timeline(self) -> int:
        """The newest timeline it knows of: a promotion writes the history file at once, the control file later."""
        names = [path.name.split(".")[0] for path in (self.server.data / "pg_wal").glob("*.history")]
        return max((int(name, 16) for name in names), default=1)

    def start(self, timeout: float = 30) -> None:
        """Start and wait until it accepts connections; nothing happens where it runs. Raises ServerFailed."""
        with self._turn:  # so that it is either held or started, never both
            self._spawn()
        deadline = time.monotonic() + timeout
        while not self.server.ready():
            if not self.is_running() or time.monotonic() > deadline:
                raise ServerFailed(f"{self.name} did not start; its log {self.server.log} ends: {self._log_end()}")
            time.sleep(0.005)

    def keep_port(self) -> None:
        """Nobody else gets its port while it stands still. Where that cannot be now, call again."""
        if self.kept is None or not self._turn.acquire(blocking=False):  # a start is under way
            return
        try:
            if not self.is_running():
                with contextlib.suppress(OSError):  # a process of the dead server may not have closed it yet
                    self.kept.hold()
        finally:
            self._turn.release()

    def hold(self, why: str) -> None:
        """From now on nobody but `release` lets it start; what runs is not touched."""
        with self._turn:
            self.held = why

    def release(self) -> None:
        """It may start again."""
        with self._turn:
            self.held = None

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
        # Not by way of PgServer.run: another account costs a fork of this whole process, and clients wait for a stop.
        done = subprocess.run(
            [str(self.server.bin / "pg_controldata"), "-D", str(self.server.data)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env={"PATH": f"{self.server.bin}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            timeout=10,
            check=False,
        )
        if done.returncode:
            raise ServerFailed(f"pg_controldata of {self.name} failed: {done.stdout[-300:]}")
        lines = done.stdout.splitlines()
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

    def _spawn(self) -> None:
        if self.retired:
            raise ServerFailed(f"{self.name} is not started: the demo is stopping.")
        if self.is_running():
            return
        if self.held is not None:
            raise ServerFailed(f"{self.name} is not started: {self.held} stopped it and has not given it back.")
        self._forget_dead()
        self._turn_log()
        if self.kept is not None:
            self.kept.release()
        self.server.spawn()

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
        process = self._process()
        if process is not None:
            _wait_end(process.pid, timeout)
        self.keep_port()
        return not self.is_running()

    def _turn_log(self) -> None:
        log = self.server.log
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(Path(f"{log}.1"))

    def _log_end(self) -> str:
        with contextlib.suppress(OSError):
            return self.server.log.read_text(errors="replace")[-800:]
        return "(no log)"


def _wait_end(pid: int, timeout: float) -> None:
    """Wait on the process itself: somebody's clients stand still meanwhile, and polling would cost them its period."""
    with contextlib.suppress(ProcessLookupError):
        handle = os.pidfd_open(pid)
        try:
            waiting = select.poll()
            waiting.register(handle, select.POLLIN)
            waiting.poll(max(0.0, timeout) * 1000)
        finally:
            os.close(handle)


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
