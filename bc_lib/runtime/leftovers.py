"""Processes that an earlier `bcctl up` of the same data folder left behind (it was killed with -9)."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil

MARKER = "BC_DATA_DIR"
RUN_MARKER = "BC_RUN"


def airflow_home(data: Path) -> Path:
    """Working folder of Airflow's processes and of everything they start."""
    return data / "airflow"


def find(data: Path, servers: Path) -> list[psutil.Process]:
    """Processes started by a `bcctl up` with this data folder, none of this process's own family.

    PostgreSQL and Airflow overwrite their environment for their titles: they are found by their working folder.
    """
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    own.update(child.pid for child in psutil.Process().children(recursive=True))
    return [one for one in psutil.process_iter() if one.pid not in own and _belongs(one, data, servers)]


def _belongs(process: psutil.Process, data: Path, servers: Path) -> bool:
    try:
        environment = process.environ()
        if environment.get(MARKER) == str(data) and RUN_MARKER in environment:
            return True
        program, folder = Path(process.exe()).name, Path(process.cwd())
        if program == "postgres":
            return folder.is_relative_to(servers)
        return program.startswith("python") and folder.is_relative_to(airflow_home(data))
    except (psutil.Error, OSError, ValueError):
        return False


def end(data: Path, servers: Path, grace_s: float = 8.0) -> int:
    """End what is left behind; how many there were. Servers get a fast stop, the rest SIGTERM, then SIGKILL."""
    found = find(data, servers)
    for process in found:
        _signal(process, signal.SIGINT if process.name() == "postgres" else signal.SIGTERM)
    kill_at = time.monotonic() + grace_s
    while remaining := find(data, servers):
        if time.monotonic() > kill_at + 5:
            break
        if time.monotonic() > kill_at:
            for process in remaining:
                _signal(process, signal.SIGKILL)
        time.sleep(0.1)
    return len(found)


def _signal(process: psutil.Process, sig: signal.Signals) -> None:
    try:
        process.send_signal(sig)
    except psutil.Error:
        return
