"""WAL that a rewind needs here and the new primary still has."""

from __future__ import annotations

import base64
import os

import psycopg

from bc_lib.integrations.host_control.host_side.old_wal import LISTED, PARTIAL, chunks, missing
from demo.host.hosted import Hosted


def fetch(host: Hosted, source: str) -> int:
    """How many segments were missing and are there now. `source`: the new primary. What goes wrong brings none."""
    folder, control, account = host.data / "pg_wal", host.control(), host.node.server.account
    try:
        timeline, size = int(control["Latest checkpoint's TimeLineID"]), int(control["Bytes per WAL segment"])
        with psycopg.connect(source, autocommit=True) as connection:
            there = [str(name) for (name,) in connection.execute(LISTED)]
            names = missing(os.listdir(folder), there, timeline)
            for name in names:
                fresh = folder / f"{name}{PARTIAL}"
                with fresh.open("wb") as file:
                    os.fchmod(file.fileno(), 0o600)
                    for query in chunks(size):
                        for (piece,) in connection.execute(query.format(name=name).encode()):
                            file.write(base64.b64decode(piece))
                if account is not None:
                    os.chown(fresh, account.uid, account.gid)
                fresh.rename(folder / name)
    except (psycopg.Error, OSError, KeyError, ValueError):
        return 0
    return len(names)
