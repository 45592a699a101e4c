"""Where everything of a run lives: folders, ports, one password, processes. All of it is gone at the end."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bc_lib.runtime.account import Account, owned_folder, popen_identity, reachable_by, server_account
from bc_lib.runtime.descendants import become_subreaper, die_with_parent, end_all
from bc_lib.runtime.folders import FALLBACK, PROJECT
from bc_lib.runtime.portpick import HOST, pick
from benchmarks.switchover.result import Failed

# The same for every contender, so that nobody wins by another size of cache or by not syncing.
SETTINGS = {"wal_log_hints": "on", "shared_buffers": "32MB", "max_connections": "50", "wal_keep_size": "64MB"}
END_GRACE_S = 20.0


@dataclass
class Ground:
    """`home` keeps the installed peers between runs; `root` is this run's and removed by `close`."""

    home: Path
    root: Path
    account: Account | None
    password: str = field(default_factory=lambda: secrets.token_hex(12), repr=False)
    ports: set[int] = field(default_factory=set)

    @classmethod
    def open(cls) -> Ground:
        """Make the folders; this process becomes the parent of every orphan below it. Raises OSError, RuntimeError."""
        become_subreaper()
        account = server_account()
        home = PROJECT / ".peers"
        if not reachable_by(home / "x", account):
            home = FALLBACK / "peers"
        owned_folder(home, None, 0o755)
        for left in home.glob("run-*-*"):  # of a run that was ended by kill -9
            if not psutil.pid_exists(int(left.name.split("-")[1])):
                shutil.rmtree(left, ignore_errors=True)
        root = Path(tempfile.mkdtemp(prefix=f"run-{os.getpid()}-", dir=home))
        ground = cls(home, owned_folder(root, account, 0o755), account)
        ground.file(ground.passfile, f"*:*:*:*:{ground.password}\n", 0o600)
        return ground

    @property
    def passfile(self) -> Path:
        """libpq reads the password of every role from here."""
        return self.root / "passwords"

    @property
    def environment(self) -> dict[str, str]:
        """For every process of a peer: nothing of ours but the system's programs and the password file."""
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.root), "LC_ALL": "C.UTF-8", "PGPASSFILE": str(self.passfile)}

    def port(self) -> int:
        """A port on loopback that is free and was not given to anybody of this run."""
        port = pick(random.randrange(20000, 30000), self.ports)
        self.ports.add(port)
        return port

    def folder(self, *names: str) -> Path:
        """A folder of the servers' account."""
        return owned_folder(self.root.joinpath(*names), self.account)

    def file(self, path: Path, text: str, mode: int = 0o644) -> Path:
        """A file of the servers' account."""
        path.touch(mode=mode)
        path.write_text(text, encoding="utf-8")
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)
        return path

    def conninfo(self, *ports: int, **more: str | int) -> str:
        """libpq's words for one server or for several; superuser `postgres` unless told."""
        words: dict[str, str | int] = {
            "host": ",".join(HOST for _ in ports),
            "port": ",".join(str(port) for port in ports),
            "user": "postgres",
            "dbname": "postgres",
            "passfile": str(self.passfile),
            "sslmode": "disable",
            "gssencmode": "disable",
            "connect_timeout": 2,
            **more,
        }
        return " ".join(f"{key}={_quoted(str(value))}" for key, value in words.items())

    def connect(self, port: int) -> psycopg.Connection[tuple[Any, ...]]:
        """A superuser's connection in autocommit. Raises psycopg.Error."""
        return psycopg.connect(self.conninfo(port, options="-c statement_timeout=30s"), autocommit=True)

    def run(self, command: Sequence[str | Path], env: Mapping[str, str] | None = None, timeout_s: float = 120) -> str:
        """Run to its end as the servers' account; its output. Raises Failed."""
        words = [str(word) for word in command]
        name = Path(words[0]).name
        try:
            done = subprocess.run(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                cwd="/",
                env={**self.environment, **(env or {})},
                timeout=timeout_s,
                check=False,
                **popen_identity(self.account),
            )
        except subprocess.TimeoutExpired as late:
            raise Failed(f"{name} did not end within {timeout_s:.0f} s", str(late.output or "")) from None
        if done.returncode:
            raise Failed(f"{name} ended with {done.returncode}", f"{' '.join(words)}\n{done.stdout[-3000:]}")
        return str(done.stdout)

    def start(
        self, log: Path, command: Sequence[str | Path], env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start as the servers' account below a small init of its own; that one's process."""
        uid, gid = (self.account.uid, self.account.gid) if self.account else (-1, -1)
        with log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "benchmarks.switchover.reaper", str(uid), str(gid), *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=PROJECT,
                env={**self.environment, **(env or {})},
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    def clear(self) -> None:
        """End every process below this one, by its id, and remove what they left; the next one finds clean ground."""
        end_all(END_GRACE_S)
        for path in self.root.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif path != self.passfile:
                path.unlink()

    def close(self) -> None:
        """End every process and remove the run's folder; the installed peers stay."""
        end_all(END_GRACE_S)
        shutil.rmtree(self.root, ignore_errors=True)

    def tails(self) -> str:
        """The end of each log, for the terminal."""
        logs = sorted(path for path in self.root.rglob("*log") if path.is_file())
        return "\n".join(f"--- {path.name}\n{path.read_text(errors='replace')[-1500:]}" for path in logs)


def wait(what: str, condition: Callable[[], bool], timeout_s: float = 60, every_s: float = 0.05) -> None:
    """Until `condition` is true; a server that is away just now counts as not yet. Raises Failed."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except (psycopg.OperationalError, OSError):
            pass  # stopping or starting
        time.sleep(every_s)
    raise Failed(f"{what} took longer than {timeout_s:.0f} s")


def _quoted(value: str) -> str:
    """A value of a libpq connection string: the project's folder may hold spaces and quotes."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
