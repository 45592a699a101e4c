"""Collects processes that lost their parent: as child subreaper we inherit a killed postmaster's children."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable

import psutil

EVERY_S = 3.0


async def reap_for_ever(own: Callable[[], set[int]]) -> None:
    """Reap dead PostgreSQL processes that became ours. `own`: postmasters, whose end HostNode learns itself."""
    while True:
        await asyncio.sleep(EVERY_S)
        for child in psutil.Process().children():
            with contextlib.suppress(psutil.Error, ChildProcessError):
                inherited = child.name() == "postgres" and child.pid not in own()
                if inherited and child.status() == psutil.STATUS_ZOMBIE:
                    os.waitpid(child.pid, os.WNOHANG)
