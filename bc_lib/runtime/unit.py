"""One process that `bcctl up` looks after, as data."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bc_lib.runtime.descendants import die_with_parent

LOG_LIMIT_BYTES = 10_000_000

Spawn = Callable[[], "subprocess.Popen[bytes]"]
Ready = Callable[[float], bool]
Pulse = Callable[[], "bool | None"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A process and what it waits for.

    `spawn` starts it without waiting. `ready` is asked with the time (seconds since the epoch) of its
    start and must answer within about a second. A `oneshot` is ready once it ended with 0.
    Units of a lower `stop_stage` are stopped, with all their descendants where `stop_tree` says so,
    before those of a higher one are told: workers before what they report to, the database at the end.
    `pulse` is asked every `pulse_every_s` once it is ready: False: it runs and shows no sign of life; None: nobody
    knows. Silent for `hung_after_s` together it is killed, and started again like one that ended.
    """

    name: str
    spawn: Spawn
    log: Path
    ready: Ready = field(default=lambda _started: True)
    after: tuple[str, ...] = ()
    oneshot: bool = False
    stop_stage: int = 0
    stop_tree: bool = False
    stop_signal: signal.Signals = signal.SIGTERM
    grace_s: float = 12.0
    pulse: Pulse | None = None
    pulse_every_s: float = 10.0
    hung_after_s: float = 180.0


@dataclass(slots=True)
class Silence:
    """How long a process has been silent, by looks at it; time in which nobody looked counts little."""

    silent_s: float = 0.0
    looked_at: float | None = None

    def after(self, alive: bool | None, now: float, every_s: float) -> float:
        """Seconds of silence so far. `alive` None is no evidence of a hang: it ends the silence too."""
        passed = 0.0 if self.looked_at is None else min(now - self.looked_at, 2 * every_s)
        self.silent_s = self.silent_s + passed if alive is False else 0.0
        self.looked_at = now if alive is False else None
        return self.silent_s


def command_spawner(command: list[str], env: Mapping[str, str], log: Path, cwd: Path) -> Spawn:
    """A spawn function for `command`: own session, its output appended to `log`, ends with this process.

    Secrets travel in `env` only: a command line can be read by everybody on the machine.
    """

    def spawn() -> subprocess.Popen[bytes]:
        rotate(log)
        with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as stream:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                cwd=cwd,
                env=dict(env),
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    return spawn


def rotate(log: Path) -> None:
    """Keep one older log beside a log that has grown large."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))


def last_lines(log: Path, count: int = 12, limit: int = 4000) -> str:
    """The end of a log, for a person."""
    try:
        with log.open("rb") as stream:
            stream.seek(0, os.SEEK_END)
            stream.seek(max(0, stream.tell() - limit))
            text = stream.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-count:])
