"""`<data>/runtime.json`: what a running `bcctl up` tells the other commands."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bc_lib.runtime.identity import is_running, start_mark
from bc_lib.runtime.jsonfile import BrokenFile, read_object, write_private

FILE_NAME = "runtime.json"
LOCK_NAME = "up.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeState:
    """One running `bcctl up`. `ready` once every process answered; `started_at` is ISO 8601 UTC."""

    pid: int
    mark: str | None
    url: str
    environment: str
    demo: bool
    started_at: str
    ready: bool = False
    ports: Mapping[str, int] = field(default_factory=dict)

    @property
    def alive(self) -> bool:
        """True where the very process that wrote this is still running."""
        return is_running(self.pid, self.mark)


def own_mark() -> str | None:
    """The start mark of this process."""
    return start_mark(os.getpid())


def write(data: Path, state: RuntimeState) -> None:
    """Record `state`."""
    write_private(data / FILE_NAME, asdict(state))


def read(data: Path) -> RuntimeState | None:
    """The last recorded state, alive or not; None where there is none or it cannot be understood."""
    try:
        found: dict[str, Any] | None = read_object(data / FILE_NAME)
    except BrokenFile:
        return None
    try:
        return RuntimeState(**found) if found else None
    except TypeError:
        return None


def read_alive(data: Path) -> RuntimeState | None:
    """The state of a running `bcctl up`, None where nothing runs (a stale file counts as nothing)."""
    state = read(data)
    return state if state is not None and state.alive else None


def clear(data: Path) -> None:
    """Forget the recorded state."""
    (data / FILE_NAME).unlink(missing_ok=True)


def try_lock(data: Path) -> int | None:
    """Take the right to be the only `bcctl up` of this data folder, until this process ends.

    The kernel gives the lock back however the process ends. None where somebody else holds it.
    """
    data.mkdir(parents=True, exist_ok=True)
    handle = os.open(data / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
