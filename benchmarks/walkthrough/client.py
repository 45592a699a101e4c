"""A client of a demo database that inserts a row every 10 ms all through a move, and what it counted afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from benchmarks.switchover.outage import Notes, longest_gap_ms, read_notes
from benchmarks.switchover.writer import TABLE
from demo.layout import Pair, load

WRITES = 50  # acknowledged before the move and after it, so that both ends of the outage are seen
PATIENCE_S = 60.0
ENOUGH = "CREATE TABLE IF NOT EXISTS" + TABLE.removeprefix("CREATE TABLE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """`outage_ms`: the longest time between two acknowledged writes. `lost_at`: when each row that the database
    no longer holds was acknowledged, by this machine's clock.
    """

    resource: str
    outage_ms: float | None
    acknowledged: int
    lost_at: tuple[datetime, ...]


@dataclass
class Client:
    """One writer, a process of its own; made by `writing`."""

    pair: Pair
    conninfo: str
    notes: Path
    process: subprocess.Popen[bytes]

    def more(self) -> None:
        """Wait until so many more rows are acknowledged. Raises RuntimeError."""
        wanted, until = len(self._noted().numbers) + WRITES, time.monotonic() + PATIENCE_S
        while len(self._noted().numbers) < wanted:
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError(f"The client of {self.pair.name} cannot write: {self._noted().errors[-1:]}")
            time.sleep(0.1)

    def count(self) -> Counted:
        """End it, and look for every acknowledged row where clients write now."""
        self.more()
        self._end()
        noted = self._noted()
        with psycopg.connect(self.conninfo) as connection:
            there = {row[0] for row in connection.execute("SELECT number FROM written")}
        acknowledged = dict(zip(sorted(noted.numbers), noted.times_s, strict=True))  # numbers only grow
        ahead = time.time() - time.monotonic()
        lost = [datetime.fromtimestamp(acknowledged[each] + ahead, UTC) for each in noted.numbers - there]
        return Counted(
            resource=self.pair.name,
            outage_ms=longest_gap_ms(noted.times_s),
            acknowledged=len(noted.numbers),
            lost_at=tuple(sorted(lost)),
        )

    def _noted(self) -> Notes:
        return read_notes(self.notes.read_text(encoding="utf-8").splitlines(keepends=True))

    def _end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)


@contextmanager
def writing(data: Path, resource: str) -> Iterator[Client]:
    """Writes to `resource` of the demo in the data folder `data`, wherever its primary is, until the end."""
    pair = next(each for each in load().pairs if each.name == resource)
    kept: dict[str, Any] = json.loads((data / "demo" / "state.json").read_text())
    words = json.loads((data / "demo" / "secrets.json").read_text())
    ports = [str(kept["ports"][f"server {place.node}"]) for place in pair.places]
    # The superuser, because the table must not be one of the application's: nothing of the demo may delete from it.
    conninfo = make_conninfo(
        host=",".join("127.0.0.1" for _ in ports),
        port=",".join(ports),
        dbname=pair.database,
        user="postgres",
        target_session_attrs="read-write",
        connect_timeout=2,
        sslmode="disable",
        application_name="walkthrough",
    )
    os.environ["PGPASSWORD"] = words["superuser"]  # not on the command line, where everybody can read it
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(ENOUGH.encode())
    with tempfile.TemporaryDirectory(prefix="bc-walk-") as folder:
        notes = Path(folder) / "notes"
        notes.touch()
        command = [sys.executable, "-m", "benchmarks.switchover.writer", conninfo, str(notes), str(time.time_ns())]
        client = Client(pair, conninfo, notes, subprocess.Popen(command))
        try:
            client.more()
            yield client
        finally:
            client._end()
