"""Every process below this one, and how to end them all (Linux).

Airflow runs each task in a process group of its own, and a task may outlive the process that
started it. As child subreaper this process becomes the parent of such orphans, so that nothing
can escape the sweep at the end.
"""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Callable, Collection, Iterable

import psutil

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)


def become_subreaper() -> None:
    """Orphans below this process become its children from now on. Raises OSError."""
    if _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def die_with_parent(sig: signal.Signals) -> Callable[[], None]:
    """A preexec function: the kernel sends `sig` to the child when this process ends, even by kill -9."""
    parent = os.getpid()

    def arrange() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(sig), 0, 0, 0)
        if os.getppid() != parent:  # it ended before the arrangement stood
            os._exit(1)

    return arrange


def all_below(keep: Collection[int] = ()) -> list[psutil.Process]:
    """Every living descendant of this process, zombies left out; `keep` names trees to leave out."""
    own = psutil.Process()
    kept = {*keep, *(one.pid for root in keep for one in tree(root))}
    return [one for one in own.children(recursive=True) if one.pid not in kept and not _is_zombie(one)]


def tree(root: int) -> list[psutil.Process]:
    """Every process below `root`, itself left out."""
    try:
        return psutil.Process(root).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def send(processes: Iterable[psutil.Process], sig: signal.Signals) -> None:
    """Send `sig` to each that still exists."""
    for process in processes:
        try:
            process.send_signal(sig)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue


def _is_zombie(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def end_all(grace_s: float, keep: Collection[int] = ()) -> int:
    """End every descendant outside the trees `keep`; how many there were.

    A polite signal, `grace_s` seconds, then SIGKILL until none is left. Processes that are started
    meanwhile are seen at the next look.
    """
    seen: set[int] = set()
    kill_at, give_up_at = time.monotonic() + grace_s, time.monotonic() + grace_s + 10
    while time.monotonic() < give_up_at and (alive := all_below(keep)):
        for process in alive:
            if process.pid not in seen:
                seen.add(process.pid)
                send([process], _polite(process))
            elif time.monotonic() >= kill_at:
                send([process], signal.SIGKILL)
        time.sleep(0.05)
    return len(seen)


def _polite(process: psutil.Process) -> signal.Signals:
    """PostgreSQL takes SIGINT as a fast stop; SIGTERM would wait for its clients."""
    try:
        return signal.SIGINT if process.name() == "postgres" else signal.SIGTERM
    except psutil.NoSuchProcess:
        return signal.SIGTERM
