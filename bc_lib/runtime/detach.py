"""`bcctl up --detach` and `bcctl down`: the same `bcctl up`, seen from another process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bc_lib.config import Settings
from bc_lib.runtime import leftovers, state
from bc_lib.runtime.account import server_account
from bc_lib.runtime.boot import AlreadyRunning
from bc_lib.runtime.folders import PROJECT, choose
from bc_lib.runtime.unit import rotate

POLL_S = 0.2
STOP_TIMEOUT_S = 90.0


def start(settings: Settings, demo: bool, say: Callable[[str], None]) -> str:
    """Start `bcctl up` in the background, pass its progress on, return the URL once it is ready.

    Raises AlreadyRunning, or RuntimeError where it ended first (its own words were passed on).
    """
    if running := state.read_alive(settings.data_dir):
        raise AlreadyRunning(f"Already running: {running.url} (pid {running.pid}); bcctl down stops it.")
    log = settings.logs / "bcctl.log"
    rotate(log)
    begin = log.stat().st_size if log.exists() else 0
    process = _spawn(log, demo)
    try:
        return _follow(process, log, begin, settings.data_dir, say)
    except BaseException:
        if process.poll() is None:
            process.terminate()
            process.wait(STOP_TIMEOUT_S)
        raise


def _spawn(log: Path, demo: bool) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bc_lib.cli", "up", *(["--demo"] if demo else [])]
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as stream:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            cwd=PROJECT,
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
            start_new_session=True,
        )


def _follow(process: subprocess.Popen[bytes], log: Path, position: int, data: Path, say: Callable[[str], None]) -> str:
    while True:
        ended = process.poll() is not None
        position = _pass_on(log, position, say)
        running = state.read_alive(data)
        if running is not None and running.pid == process.pid and running.ready:
            return running.url
        if ended:
            raise RuntimeError(f"It did not start (log: {log}).")
        time.sleep(POLL_S)


def _pass_on(log: Path, position: int, say: Callable[[str], None]) -> int:
    """Say the whole lines written since `position`; the new position."""
    with log.open("rb") as stream:
        stream.seek(position)
        text, newline, _rest = stream.read().rpartition(b"\n")
    for line in text.decode("utf-8", errors="replace").splitlines():
        if line.startswith("["):
            say(line)
    return position + len(text) + len(newline)


def stop(settings: Settings) -> str:
    """Stop the running `bcctl up`, then what an earlier one left behind; a sentence. Raises RuntimeError."""
    running = state.read_alive(settings.data_dir)
    if running is not None:
        _terminate(running)
    folders = choose(server_account())
    left = leftovers.end(folders.data, folders.servers)
    if running is None:
        state.clear(settings.data_dir)
        return f"Nothing was running; ended {left} processes left behind." if left else "Nothing is running here."
    return f"Stopped {running.url}; nothing is left running."


def _terminate(running: state.RuntimeState) -> None:
    try:
        os.kill(running.pid, signal.SIGTERM)
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise RuntimeError(
            f"It was started by another user (pid {running.pid}): run bcctl down as that user."
        ) from error
    limit = time.monotonic() + STOP_TIMEOUT_S
    while running.alive:
        if time.monotonic() > limit:
            raise RuntimeError(
                f"Process {running.pid} did not stop within {STOP_TIMEOUT_S:.0f} s: "
                f"kill -9 {running.pid}, then run bcctl down again."
            )
        time.sleep(POLL_S)
