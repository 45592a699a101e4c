"""The rounds: the same for everybody. Start the client, change roles, wait until the pair is whole, count."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg

from bc_lib.runtime.descendants import die_with_parent
from bc_lib.runtime.folders import PROJECT
from benchmarks.switchover.ground import Ground, wait
from benchmarks.switchover.outage import Notes, longest_gap_ms, read_notes
from benchmarks.switchover.result import Failed, Round
from benchmarks.switchover.writer import TABLE

REST_S, BEFORE_S, AFTER_S = 2.0, 1.5, 0.7  # quiet before the client starts; its writes before the act; after it
NUMBERS_A_ROUND = 1_000_000
WHOLE_S = 120.0
STREAMS = "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming' AND application_name !~ 'basebackup'"


class Contender(Protocol):
    """A running pair and the means to change its roles."""

    ports: tuple[int, int]
    versions: str

    def ready(self, leader: int) -> bool:
        """True where its own view is settled and the next act may come. May raise OSError while it is not."""
        ...

    def switch_over(self, leader: int) -> None:
        """The planned change, as its manual says; returns when the command does. Raises Failed, psycopg.Error."""
        ...


@dataclass(frozen=True, slots=True)
class Bench:
    """One contender on the ground."""

    ground: Ground
    contender: Contender

    def leader(self) -> int | None:
        """The port of the one node that takes writes; None where there is none. Raises Failed where both do."""
        found = [port for port in self.contender.ports if self._is_primary(port)]
        if len(found) > 1:
            raise Failed("two nodes took writes at once")
        return found[0] if found else None

    def whole_leader(self) -> int | None:
        """The primary's port once the other node streams from it and the contender's own view is settled."""
        leader = self.leader()
        if leader is None:
            return None
        with self.ground.connect(leader) as connection:
            row = connection.execute(STREAMS).fetchone()
        return leader if row == (True,) and self.contender.ready(leader) else None

    def wait_whole(self) -> int:
        """Wait for the whole pair; the primary's port. Raises Failed."""
        found: list[int] = []

        def whole() -> bool:
            leader = self.whole_leader()
            found[:] = [] if leader is None else [leader]
            return bool(found)

        wait("the old primary's way back as standby", whole, WHOLE_S, 0.1)
        return found[0]

    def prepare(self) -> str:
        """Make the client's table; PostgreSQL's version. Raises Failed, psycopg.Error."""
        with self.ground.connect(self.wait_whole()) as connection:
            connection.execute(TABLE)
            row = connection.execute("SHOW server_version").fetchone()
        return str(row[0]).split()[0] if row else ""

    def round(self, number: int, act: Callable[[int], None]) -> Round:
        """One change of roles under the client. Raises Failed, psycopg.Error."""
        before = self.wait_whole()
        time.sleep(REST_S)
        notes_file = self.ground.root / f"notes-{number}"
        with self._writing(notes_file, number * NUMBERS_A_ROUND):
            time.sleep(BEFORE_S)
            began = time.monotonic()
            act(before)
            command_s = time.monotonic() - began
            after = self.wait_whole()
            whole_s = time.monotonic() - began
            time.sleep(AFTER_S)
        if after == before:
            raise Failed("the roles did not change")
        with notes_file.open(encoding="utf-8") as lines:
            notes = read_notes(lines)
        return self._counted(notes, after, began, command_s, whole_s)

    def _counted(self, notes: Notes, leader: int, began: float, command_s: float, whole_s: float) -> Round:
        gap = longest_gap_ms(notes.times_s)
        if gap is None or not notes.times_s[0] < began < notes.times_s[-1]:
            raise Failed("the client did not write before and after", "\n".join(notes.errors[-5:]))
        with self.ground.connect(leader) as connection:
            there = {row[0] for row in connection.execute("SELECT number FROM written")}
        return Round(
            outage_ms=round(gap, 1),
            acknowledged=len(notes.numbers),
            lost=len(notes.numbers - there),
            command_s=round(command_s, 2),
            whole_s=round(whole_s, 2),
        )

    def _is_primary(self, port: int) -> bool:
        with suppress(psycopg.OperationalError), self.ground.connect(port) as connection:
            return connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
        return False

    @contextmanager
    def _writing(self, notes: Path, first: int) -> Iterator[None]:
        conninfo = self.ground.conninfo(*self.contender.ports, target_session_attrs="read-write")
        client = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.switchover.writer", conninfo, str(notes), str(first)],
            cwd=PROJECT,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        try:
            yield
        finally:
            client.terminate()
            client.wait(10)
