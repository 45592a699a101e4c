"""What a host was told and what it did, one file a node: the target's own memory, and its judge (F03, F04, F11).

A line before each effect, a line after it, both on disk before anybody goes on.
"""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bc_lib.ports.host_control import HostVerb, Order

DONE, FAILED, NOT_DONE = "done", "failed", "not-done"
Key = tuple[str, str, HostVerb]


class BrokenJournal(RuntimeError):
    """The file is not what we wrote; the message says which."""


@dataclass(slots=True)
class Entry:
    """One try of one order. `outcome` is None while it is under way, or after we were killed in it."""

    number: int
    run: str
    step: str
    verb: HostVerb
    epoch: int
    before: Mapping[str, Any]
    outcome: str | None = None
    changed: bool = False
    details: dict[str, str] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What makes an order the same order."""
        return (self.run, self.step, self.verb)


class Journal:
    """Append-only; reading is by what was loaded and written since. Raises BrokenJournal, OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: list[Entry] = []
        self.highest_epoch: int | None = None
        self._guard = threading.Lock()
        self._load()

    def intend(self, order: Order, before: Mapping[str, Any]) -> Entry:
        """Write that `order` is about to be carried out; `before` is what was seen of the node."""
        entry = Entry(len(self.entries), order.run, order.step, order.verb, order.epoch, before)
        line = {"number": entry.number, "run": order.run, "step": order.step, "verb": order.verb.value}
        line |= {"epoch": order.epoch, "deadline": order.deadline.isoformat(), "before": dict(before)}
        self._append({"kind": "intent", **line})
        self.entries.append(entry)
        self._see(order.epoch)
        return entry

    def settle(
        self, entry: Entry, outcome: str, *, changed: bool, details: dict[str, str], state: dict[str, Any]
    ) -> None:
        """Write what became of it. `changed`: something was really done."""
        settled = {"outcome": outcome, "changed": changed, "details": details, "state": state}
        self._append({"kind": "result", "number": entry.number, **settled})
        entry.outcome, entry.changed, entry.details, entry.state = outcome, changed, details, state

    def see(self, epoch: int) -> None:
        """Remember a higher epoch although nothing is done under it."""
        if self.highest_epoch is None or epoch > self.highest_epoch:
            self._append({"kind": "seen", "epoch": epoch})
            self._see(epoch)

    def done(self, key: Key) -> Entry | None:
        """The entry that carried this order out."""
        return next((entry for entry in self.entries if entry.key == key and entry.outcome == DONE), None)

    def open(self) -> list[Entry]:
        """Begun and never settled: we were killed in between."""
        return [entry for entry in self.entries if entry.outcome is None]

    def last(self, *verbs: HostVerb, outcomes: tuple[str | None, ...] = (DONE,)) -> Entry | None:
        """The newest entry of these verbs with one of these outcomes."""
        found = (entry for entry in reversed(self.entries) if entry.verb in verbs and entry.outcome in outcomes)
        return next(found, None)

    def effects(self) -> dict[str, int]:
        """What was really done, by verb: the count that judges whoever ordered it."""
        counts = Counter(entry.verb.value for entry in list(self.entries) if entry.changed)
        return dict(sorted(counts.items()))

    def _see(self, epoch: int) -> None:
        self.highest_epoch = max(epoch, self.highest_epoch or epoch)

    def _append(self, line: dict[str, Any]) -> None:
        stamped = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **line}
        with self._guard:
            new = not self.path.exists()
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, (json.dumps(stamped, sort_keys=True) + "\n").encode())
                os.fsync(handle)
            finally:
                os.close(handle)
            if new:
                _sync_folder(self.path.parent)

    def _load(self) -> None:
        if not self.path.exists():
            return
        text = self.path.read_bytes()
        whole, _, torn = text.rpartition(b"\n")
        if torn:  # we were killed while writing it: it was not on disk, so nothing was done after it
            os.truncate(self.path, len(text) - len(torn))
        try:
            for line in whole.splitlines():
                self._take(json.loads(line))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise BrokenJournal(f"{self.path} is damaged ({error}); a person must look at it.") from error

    def _take(self, line: dict[str, Any]) -> None:
        kind = line["kind"]
        if kind == "seen":
            self._see(int(line["epoch"]))
        elif kind == "intent":
            words = (str(line["run"]), str(line["step"]), HostVerb(line["verb"]), int(line["epoch"]))
            self.entries.append(Entry(int(line["number"]), *words, line["before"]))
            self._see(int(line["epoch"]))
        else:
            entry = self.entries[int(line["number"])]
            entry.outcome, entry.changed = str(line["outcome"]), bool(line["changed"])
            entry.details, entry.state = dict(line["details"]), dict(line["state"])


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
