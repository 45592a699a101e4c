"""What this host was told and what it did, one file a server."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .words import DONE, Order, Refused, left_s, now


class Journal:
    """What this host was told and what it did, one file a server. Readers need no lock; writers hold `turn`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: list[dict[str, Any]] = []
        self.highest: int | None = None

    @contextlib.contextmanager
    def turn(self, order: Order) -> Iterator[None]:
        """One order after the other. Raises Refused at the deadline."""
        with open(f"{self.path}.lock", "a+b") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if left_s(order) <= 0:
                        raise Refused("deadline", "Another order kept this host busy until the deadline.") from None
                    time.sleep(0.05)
            self.load(repair=True)
            yield

    def load(self, repair: bool = False) -> Journal:
        """Read it. A last line without its end was never on disk as a whole, so nothing was done after it."""
        self.entries, self.highest = [], None
        text = self.path.read_bytes() if self.path.exists() else b""
        whole, _, torn = text.rpartition(b"\n")
        if torn and repair:
            os.truncate(self.path, len(text) - len(torn))
        for number, line in enumerate(whole.splitlines()):
            try:
                self._take(json.loads(line))
            except (ValueError, KeyError, TypeError, IndexError):
                raise Refused("failed", f"Line {number + 1} of {self.path} is damaged; a person must look.") from None
        return self

    def write(self, line: dict[str, Any]) -> None:
        """Append, and on disk before anybody goes on."""
        new = not self.path.exists()
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, (json.dumps({"at": now().isoformat(), **line}, sort_keys=True) + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        if new:
            folder = os.open(self.path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        self._take(line)

    def see(self, epoch: int) -> None:
        """Remember a higher epoch although nothing is done under it."""
        if self.highest is None or epoch > self.highest:
            self.write({"kind": "seen", "epoch": epoch})

    def last(self, *verbs: str, outcomes: tuple[str, ...] = (DONE,)) -> dict[str, Any] | None:
        """The newest entry of these verbs with one of these outcomes."""
        found = (one for one in reversed(self.entries) if one["verb"] in verbs and one.get("outcome") in outcomes)
        return next(found, None)

    def effects(self) -> dict[str, int]:
        """What was really done, by verb."""
        verbs = [entry["verb"] for entry in self.entries if entry.get("changed")]
        return {verb: verbs.count(verb) for verb in sorted(set(verbs))}

    def _take(self, line: dict[str, Any]) -> None:
        if line["kind"] == "result":
            self.entries[line["number"]].update({key: line[key] for key in ("outcome", "changed", "details", "state")})
            return
        if line["kind"] == "intent":
            self.entries.append(dict(line))
        self.highest = max(int(line["epoch"]), self.highest or 0)
