"""The pair as it really is, asked as its superuser."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from benchmarks.campaign.judge import STANDBY, STOP
from benchmarks.campaign.place import NODES, Place
from benchmarks.campaign.processes import Broken
from benchmarks.switchover.writer import TABLE

STREAMS = "SELECT count(*) > 0 FROM pg_stat_replication WHERE state = 'streaming' AND application_name !~ 'basebackup'"
TIMELINE = "SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int"
HAVE = "SELECT number FROM written WHERE number >= %s"


def make_table(place: Place) -> None:
    """The client's, where it is not there yet."""
    with psycopg.connect(place.superuser(*NODES), autocommit=True) as connection:
        connection.execute(TABLE.replace("TABLE written", "TABLE IF NOT EXISTS written").encode())


def primaries(place: Place) -> list[str]:
    """Every node that takes writes now."""
    return [node for node in NODES if _ask(place, node, "SELECT NOT pg_is_in_recovery()") is True]


def timeline(place: Place, node: str) -> int:
    """Of a primary; 0 where it does not answer as one."""
    found = _ask(place, node, TIMELINE)
    return found if isinstance(found, int) else 0


def whole(place: Place) -> bool:
    """One primary and a standby that streams from it."""
    found = primaries(place)
    return len(found) == 1 and _ask(place, found[0], STREAMS) is True


def missing(place: Place, node: str, numbers: set[int]) -> set[int]:
    """Those of `numbers` that `node` does not hold."""
    if not numbers:
        return set()
    with psycopg.connect(place.superuser(node), autocommit=True) as connection:
        return numbers - {row[0] for row in connection.execute(HAVE, (min(numbers),))}


def wait_until(what: str, true: Callable[[], bool], timeout_s: float) -> None:
    """Raises Broken."""
    until = time.monotonic() + timeout_s
    while not true():
        if time.monotonic() > until:
            raise Broken(f"{what} took longer than {timeout_s:.0f} s.")
        time.sleep(0.1)


class Journals:
    """What the hosts write down from now on; older lines are left out."""

    def __init__(self, place: Place) -> None:
        self._paths = {node: place.journal(node) for node in NODES}
        self._from = {node: _size(path) for node, path in self._paths.items()}

    def lines(self) -> dict[str, list[str]]:
        """Whole lines, by node."""
        found = {}
        for node, path in self._paths.items():
            text = ""
            if path.exists():
                with path.open("rb") as file:
                    file.seek(self._from[node])
                    text = file.read().decode()
            found[node] = text.splitlines()[: text.count("\n")]
        return found

    def reached(self, run: str) -> str:
        """How far a run has come at the target; words for the table."""
        said = [line for lines in self.lines().values() for line in lines if f'"{run}"' in line]
        done = sum(len([line for line in lines if '"kind": "result"' in line]) for lines in self.lines().values())
        if not any(f'"verb": "{STOP}"' in line for line in said):
            return "before the stop"
        if done == 0:
            return "while the old primary stopped"
        if not any(f'"verb": "{STANDBY}"' in line for line in said):
            return "between stop and return of the old primary"
        return "while the old primary came back, and after"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _ask(place: Place, node: str, question: str) -> object:
    try:
        with psycopg.connect(place.superuser(node), autocommit=True) as connection:
            row = connection.execute(question.encode()).fetchone()
    except psycopg.Error:
        return None
    return row[0] if row else None
