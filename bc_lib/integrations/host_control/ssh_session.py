"""One session of the system's ssh client: hello, one line there, one line back. No shell, nothing of the user's own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bc_lib.domain.execution_rules import host_control_fits
from bc_lib.ports.host_control import HostRefused

CONNECT_S = 5
MOST_BYTES = 256_000
DEFAULT_PORT, MOST_PORT = 22, 65_535
COMMAND = "bc-host"  # what a key without a forced command would run; ours has one
MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
ADDRESS = re.compile(r"ssh:(?P<user>[^@]+)@(?P<host>[^:]+)(?::(?P<port>[0-9]+))?\Z")
OPTIONS = {
    "BatchMode": "yes",
    "StrictHostKeyChecking": "yes",
    "GlobalKnownHostsFile": "none",
    "UpdateHostKeys": "no",
    "IdentitiesOnly": "yes",
    "IdentityAgent": "none",
    "PreferredAuthentications": "publickey",
    "ConnectionAttempts": "1",
    "ControlPath": "none",
    "ControlMaster": "no",
    "ProxyCommand": "none",
    "ForwardAgent": "no",
    "ClearAllForwardings": "yes",
    "PermitLocalCommand": "no",
    "ServerAliveInterval": "5",
    "ServerAliveCountMax": "3",
    "LogLevel": "ERROR",
}


class NotSent(Exception):
    """The line certainly did not leave; the message is a phrase."""


class Lost(Exception):
    """The line was sent and no whole answer came; the message is a phrase."""


@dataclass(frozen=True, slots=True)
class Address:
    """Who and where."""

    user: str
    host: str
    port: int


def address_of(text: str) -> Address:
    """`ssh:user@host[:port]`. Raises ValueError with a sentence."""
    match = ADDRESS.match(text) if host_control_fits(text) else None
    if match is None or not 0 < int(match["port"] or DEFAULT_PORT) <= MOST_PORT:
        raise ValueError("host_control must be ssh:USER@HOST or ssh:USER@HOST:PORT.")
    return Address(match["user"], match["host"], int(match["port"] or DEFAULT_PORT))


class Session:
    """Used once, by `ask`. `key`: the private key's text; it is on a disk only while the session lasts."""

    def __init__(self, address: Address, key: str, known_hosts: Path, timeout_s: float) -> None:
        self._address, self._key, self._known_hosts = address, key, known_hosts
        self._until = time.monotonic() + timeout_s

    def ask(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The answer. Raises NotSent, Lost, HostRefused where the host's key or ours is not accepted."""
        program = shutil.which("ssh")
        if program is None:
            raise NotSent("no ssh client is installed here")
        if not self._known_hosts.is_file():
            raise NotSent(f"there is no file {self._known_hosts} that names the hosts' keys")
        with _private_folder() as folder:
            _write(folder / "key", self._key.strip() + "\n")
            with (folder / "said").open("w+b") as said, self._started(program, folder, said.fileno()) as running:
                return self._talk(running, asked, folder / "said")

    def _talk(self, running: subprocess.Popen[bytes], asked: Mapping[str, Any], said: Path) -> dict[str, Any]:
        if running.stdin is None or running.stdout is None:
            raise NotSent("the ssh client could not be started")
        hello = _json(running.stdout.readline(MOST_BYTES))
        if "bc-host" not in hello:
            running.kill()
            running.wait()
            words = said.read_bytes().decode(errors="replace").strip()
            raise self._refusal(words) or NotSent(_short(words) or self._silence("no bc-host said hello"))
        try:
            running.stdin.write(json.dumps(asked).encode() + b"\n")
            running.stdin.flush()
        except OSError:
            raise Lost("the connection broke") from None
        answer = _json(running.stdout.readline(MOST_BYTES))
        if not answer:
            raise Lost(_short(said.read_bytes().decode(errors="replace")) or self._silence("the connection broke"))
        return answer

    def _silence(self, otherwise: str) -> str:
        return "no answer in time" if time.monotonic() >= self._until else otherwise

    def _refusal(self, words: str) -> HostRefused | None:
        host = self._address.host
        if "Host key verification failed" in words or "REMOTE HOST IDENTIFICATION" in words:
            return HostRefused(
                "unauthorized",
                f"{host} shows another key than {self._known_hosts} names; find out why before anything.",
            )
        if "Permission denied" in words:
            return HostRefused("unauthorized", f"{host} does not accept our key for {self._address.user}; correct it.")
        return None

    @contextlib.contextmanager
    def _started(self, program: str, folder: Path, said: int) -> Iterator[subprocess.Popen[bytes]]:
        left = max(0.1, self._until - time.monotonic())
        running = subprocess.Popen(
            self._command(program, folder, left),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            cwd="/",
            start_new_session=True,
        )
        # A killed client ends both pipes, so that every read below ends in time.
        timer = threading.Timer(left, running.kill)
        timer.daemon = True
        timer.start()
        try:
            yield running
        finally:
            timer.cancel()
            running.kill()
            running.wait()
            for pipe in (running.stdin, running.stdout):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()

    def _command(self, program: str, folder: Path, left: float) -> list[str]:
        options = {
            **OPTIONS,
            "UserKnownHostsFile": _quoted(self._known_hosts.absolute()),
            "IdentityFile": _quoted(folder / "key"),
            "ConnectTimeout": str(max(1, min(CONNECT_S, int(left)))),
        }
        words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        to = self._address
        return [program, "-F", "none", "-T", "-x", *words, "-p", str(to.port), "-l", to.user, "--", to.host, COMMAND]


def _quoted(path: Path) -> str:
    """For -o: ssh splits at spaces and reads %-words."""
    return '"' + str(path).replace("%", "%%") + '"'


@contextlib.contextmanager
def _private_folder() -> Iterator[Path]:
    """Mode 0700, in memory where the machine has such a place."""
    with tempfile.TemporaryDirectory(prefix="bc-ssh-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as name:
        yield Path(name)


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def _json(line: bytes) -> dict[str, Any]:
    """Empty where it is no whole line of JSON."""
    if not line.endswith(b"\n"):
        return {}
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _short(words: str) -> str:
    lines = words.strip().splitlines()
    return lines[-1].strip().rstrip(".")[:300] if lines else ""
