"""One PostgreSQL server as a direct child process: initdb, start, ready, stop.

The postmaster is our direct child and we wait for it: under a PID 1 that does not reap, a killed
postmaster that nobody waited for stays a zombie and blocks its own restart.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bc_lib.runtime.account import Account, owned_folder, popen_identity

STOP_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
READY_LINE = 7


class ServerFailed(RuntimeError):
    """The server did not start; the message holds the end of its log."""


@dataclass
class PgServer:
    """A server on 127.0.0.1 over TCP only: a socket path may be too long under a deep folder."""

    bin: Path
    data: Path
    port: int
    account: Account | None
    settings: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    preexec: Callable[[], None] | None = None

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    @property
    def initialised(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def run(self, program: str, *args: str, env: Mapping[str, str] | None = None, timeout: float = 120) -> str:
        """Run one of PostgreSQL's programs as the servers' account; its output. Raises ServerFailed."""
        done = subprocess.run(
            [str(self.bin / program), *args],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env={**self._env(), **(env or {})},
            timeout=timeout,
            check=False,
            **popen_identity(self.account),
        )
        if done.returncode:
            raise ServerFailed(f"{program} ended with {done.returncode}: {done.stdout[-1500:]}")
        return str(done.stdout)

    def init(self, superuser_password: str) -> None:
        """initdb with SCRAM and checksums; superuser `postgres`."""
        owned_folder(self.data.parent, self.account, 0o755 if self.account else 0o700)
        password_file = self.data.parent / f".pw-{secrets.token_hex(4)}"
        password_file.touch(mode=0o600)
        try:
            password_file.write_text(superuser_password)
            if self.account:
                os.chown(password_file, self.account.uid, self.account.gid)
            self.run(
                "initdb",
                "-D",
                str(self.data),
                "-U",
                "postgres",
                "-A",
                "scram-sha-256",
                f"--pwfile={password_file}",
                "--no-sync",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--data-checksums",
            )
        finally:
            password_file.unlink(missing_ok=True)

    def start(self, timeout: float = 60) -> None:
        """Start and wait until the server accepts connections."""
        self.spawn()
        self.wait_ready(timeout)

    def command(self) -> list[str]:
        """The command line; settings stand here so that pg_rewind cannot overwrite them."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "port": str(self.port),
            **self.settings,
        }
        return [
            str(self.bin / "postgres"),
            "-D",
            str(self.data),
            *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
        ]

    def spawn(self) -> None:
        """Start the postmaster in a session of its own, not waiting for readiness."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=self._env(),
                start_new_session=True,
                preexec_fn=self.preexec,
                **popen_identity(self.account),
            )

    def wait_ready(self, timeout: float = 60) -> None:
        """Wait until postmaster.pid says ready (primary) or ready as standby."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                raise ServerFailed(
                    f"postgres ended with {self.process.returncode}: {self.log.read_text(errors='replace')[-1500:]}"
                )
            if self.ready():
                return
            time.sleep(0.01)
        raise ServerFailed(f"postgres on port {self.port} was not ready after {timeout:.0f} s; its log: {self.log}")

    def ready(self) -> bool:
        """True where postmaster.pid of this very process says ready or standby."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        own = self.process is None or lines[:1] == [str(self.process.pid)]
        return own and len(lines) > READY_LINE and lines[READY_LINE].strip() in {"ready", "standby"}

    def stop(self, mode: str = "fast", timeout: float = 30) -> None:
        """Stop and reap; nothing happens where it is not running."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(STOP_SIGNALS[mode])
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.send_signal(STOP_SIGNALS["immediate"])
            self.process.wait(timeout)

    def _env(self) -> dict[str, str]:
        return {"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(self.data.parent), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
