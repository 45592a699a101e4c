"""Live reading that survives a database that is away: the last good data, ageing honestly, and since when."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from bc_lib.ports.inventory import InventoryRepository, StoredInventory
from bc_lib.ports.reading import Snapshot, StatusReader
from bc_lib.services.estate import Estate, read_estate

SHARED_FOR_S = 2.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An estate as it may be shown now.

    `away_since`: nothing could be read since then, by the database's clock, and `why` is the clause that says so.
    """

    estate: Estate
    stored: StoredInventory
    away_since: datetime | None = None
    why: str = ""


class NothingRead(Exception):
    """Nothing was ever read in this process; `str()` of it is the clause that says why."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """The last good rows; plays both repositories, with a clock that goes on."""

    stored: StoredInventory
    rows: Snapshot
    monotonic: float

    def load(self) -> StoredInventory:
        return self.stored

    def snapshot(self) -> Snapshot:
        return replace(self.rows, now=self.rows.now + timedelta(seconds=time.monotonic() - self.monotonic))


class LiveEstate:
    """Reads at most every two seconds, for all sessions of this process together. Never raises but NothingRead."""

    def __init__(
        self, inventory: InventoryRepository, reader: StatusReader, on_error: Callable[[Exception], str]
    ) -> None:
        self._inventory, self._reader, self._on_error = inventory, reader, on_error
        self._lock = threading.Lock()
        self._kept: _Kept | None = None
        self._tried: float | None = None
        self._why = ""

    def read(self) -> Reading:
        """The estate now. A refused read says `away_since` and lets every age grow on. Raises NothingRead."""
        if self._lock.acquire(blocking=self._kept is None):  # while one session waits for the database, others go on
            try:
                if self._tried is None or time.monotonic() - self._tried >= SHARED_FOR_S:
                    self._refresh()
            finally:
                self._lock.release()
        kept, why = self._kept, self._why
        if kept is None:
            raise NothingRead(why)
        estate = read_estate(kept, kept)  # type: ignore[arg-type]  # only load() and snapshot() are used
        return Reading(estate=estate, stored=kept.stored, away_since=kept.rows.now if why else None, why=why)

    def _refresh(self) -> None:
        try:
            stored = self._inventory.load()
            rows = self._reader.snapshot()
            self._kept, self._why = _Kept(stored, rows, time.monotonic()), ""
        except Exception as error:  # whatever the driver raises: the page keeps what it has and says so
            self._why = self._on_error(error) or "It cannot be read"  # never nothing: that would be well
        self._tried = time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled(Generic[T]):
    """A value, and whether it is from before the database went away."""

    value: T
    old: bool


class Recall:
    """Keeps the last good answer of smaller reads (trends, history), for all sessions of this process."""

    def __init__(self, on_error: Callable[[Exception], str], fresh_s: float = 5.0, limit: int = 256) -> None:
        self._on_error, self._fresh_s, self._limit = on_error, fresh_s, limit
        self._kept: dict[Hashable, tuple[float, Any]] = {}

    def forget(self, key: Hashable) -> None:
        """Read anew at the next call: something was just changed."""
        self._kept.pop(key, None)

    def forget_all(self) -> None:
        """As `forget`, of everything."""
        self._kept.clear()

    def get(self, key: Hashable, read: Callable[[], T]) -> Recalled[T] | None:
        """The answer of `read`, at most a few seconds old.

        The last good one where `read` fails; None where there is none.
        """
        kept = self._kept.get(key)
        old_s = time.monotonic() - kept[0] if kept else math.inf
        if kept and old_s < self._fresh_s:
            return Recalled(value=kept[1], old=False)
        return self._renew(key, read) or (Recalled(value=kept[1], old=True) if kept else None)

    def _renew(self, key: Hashable, read: Callable[[], T]) -> Recalled[T] | None:
        try:
            value = read()
        except Exception as error:  # as above
            self._on_error(error)
            return None
        while len(self._kept) >= self._limit:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[key] = (time.monotonic(), value)
        return Recalled(value=value, old=False)
