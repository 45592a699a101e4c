"""One server of this host: its processes, its folder, its programs."""

from __future__ import annotations

import configparser
import contextlib
import os
import shlex
import signal
import subprocess
from datetime import datetime
from pathlib import Path

from .words import UTC, Failed

STATE_S = 10.0
TOOLS, SERVERS = {"pg_rewind", "cp"}, {"postgres", "postmaster"}
NOT_RUNNING = 3  # of pg_ctl status


class Server:
    """One server of this host, as its section of the configuration says."""

    def __init__(self, name: str, node: str, section: configparser.SectionProxy) -> None:
        self.name, self.node, self.section = name, node, section
        self.bin, self.data = Path(section["bin"]), Path(section["data"]).resolve()

    def run(self, *command: str, timeout: float) -> subprocess.CompletedProcess[str]:
        """Never through a shell; a program without a folder is one of the server's own. Raises Failed."""
        program = command[0] if "/" in command[0] else str(self.bin / command[0])
        env = {"PATH": f"{self.bin}:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/", "TZ": "UTC"}
        with open(os.devnull, "r+b") as null:
            try:
                return subprocess.run(
                    [program, *command[1:]],
                    stdin=null,
                    capture_output=True,
                    text=True,
                    errors="replace",
                    timeout=max(0.1, timeout),
                    env=env,
                    cwd="/",
                    start_new_session=True,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise Failed(f"{command[0]} was not done at the deadline.") from None
            except OSError as error:
                raise Failed(f"{program} cannot be started ({error.strerror}).") from None

    def must(self, *command: str, timeout: float) -> str:
        """As run; what it said. Raises Failed where it ended badly."""
        done = self.run(*command, timeout=timeout)
        if done.returncode:
            raise Failed(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-400:]}")
        return done.stdout + done.stderr

    def configured(self, key: str, timeout: float) -> bool:
        """Run the administrator's own command; False where none is configured. Raises Failed."""
        words = shlex.split(self.section.get(key, ""))
        if words:
            self.must(*([f"/usr/bin/{words[0]}"] if "/" not in words[0] else words[:1]), *words[1:], timeout=timeout)
        return bool(words)

    def running(self) -> bool | None:
        """Whether any process of the server lives; None: not known.

        A server works in its data folder, so that its processes are known even where the postmaster's file lies.
        """
        try:
            if self.data.stat().st_uid != os.geteuid():
                return None  # another account's processes cannot be told apart
            if self.processes():
                return True
            code = self.run("pg_ctl", "status", "-D", str(self.data), timeout=STATE_S).returncode
        except (Failed, OSError):
            return None
        if code == NOT_RUNNING:
            return False
        return self._pid_is_another() if code == 0 else None

    def _pid_is_another(self) -> bool | None:
        """False: the number in postmaster.pid is a process of something else by now."""
        with contextlib.suppress(OSError, ValueError):
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            return Path(os.readlink(f"/proc/{pid}/cwd")) == self.data
        return None

    def processes(self) -> list[int]:
        """Processes that work in the data folder."""
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                mine = entry.name.isdigit() and Path(os.readlink(entry / "cwd")) == self.data
                if mine and (entry / "comm").read_text().strip() in SERVERS:
                    found.append(int(entry.name))
        return found

    def ready(self) -> bool | None:
        """Whether it takes connections, by its own file."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() in {"ready", "standby"}

    def control(self) -> dict[str, str]:
        """pg_controldata's lines; empty where there is no whole data folder."""
        try:
            text = self.must("pg_controldata", "-D", str(self.data), timeout=STATE_S)
        except Failed:
            return {}
        return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}

    def folder(self) -> str:
        """Which data folder this is: another one after a rebuild or once a copy was put back; empty: there is none."""
        try:
            found = (self.data / "PG_VERSION").stat()
        except OSError:
            return ""
        return f"{found.st_dev}:{found.st_ino}:{found.st_ctime_ns}"

    def changed_at(self) -> str | None:
        """When the control file was last written, to the fraction of a second."""
        try:
            written = (self.data / "global" / "pg_control").stat().st_mtime
        except OSError:
            return None
        return datetime.fromtimestamp(written, UTC).isoformat()

    def copies(self) -> list[str]:
        """Complete copies of earlier data folders."""
        found = self.data.parent.glob(f"{self.data.name}.diverged-*")
        return sorted(path.name for path in found if not path.name.endswith(".partial"))

    def copy_of(self, run: str) -> str:
        """A free name for the copy of a run."""
        first, number = f"{self.data.name}.diverged-{run}", 2
        name = first
        while (self.data.parent / name).exists():
            name, number = f"{first}.{number}", number + 1
        return name

    def end_leftovers(self) -> None:
        """Programs of an order that we were killed in may still work on the folder."""
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
                if Path(words[0]).name in TOOLS and any(str(self.data) in word for word in words[1:]):
                    os.kill(int(entry.name), signal.SIGKILL)
