"""Marks for a process that shows them every few seconds: judged anew at each read, planned anew where an input changed.

A plan of hundreds of systems costs more than a page may take; nothing is kept longer than what it was made from.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bc_lib.domain.assessment import Status
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.verified.values import Drill, Mark
from bc_lib.ports.reading import StoredStatus
from bc_lib.ports.requests import RequestReader
from bc_lib.services.estate import Estate
from bc_lib.services.requests.preview import resources_of
from bc_lib.services.verified.marks import Basis, basis_of, judged, planned

Rows = Mapping[str, tuple[Status, StoredStatus | None]]
SAME = timedelta(seconds=1)
"""Sessions that read within it share one judgement of the same inputs: only its ages could differ."""


class WatchedMarks:
    """For all sessions of a process together. `periods`: seconds by tier."""

    def __init__(self, read: RequestReader, periods: Mapping[int, float]) -> None:
        self._read, self._periods = read, periods
        self._lock = threading.Lock()
        self._basis: tuple[str, Basis] | None = None
        self._judged: tuple[datetime, Basis, Rows, Mapping[Scope, Mark]] | None = None
        self._plans: dict[Scope, tuple[Any, Plan | str]] = {}

    def now(self, estate: Estate) -> Mapping[Scope, Mark]:
        """Every mark, by what is stored at this moment and what `estate` shows. Raises what reading raises."""
        with self._lock:
            basis = self._basis_now()
            now = self._read.now()
            rows = {view.name: (view.current.status, view.stored) for view in estate.resources}
            last = self._judged
            if last and last[1] is basis and last[2] == rows and abs(now - last[0]) < SAME:
                return last[3]
            seen = {
                view.name: (view.current, view.stored.observation if view.stored else None) for view in estate.resources
            }

            def plan_of(scope: Scope, drills: list[Drill]) -> Plan | str:
                inputs = [rows.get(each.name) for each in resources_of(basis.inventory, scope)]
                kept = self._plans.get(scope)
                if kept is None or kept[0] != inputs:
                    kept = self._plans[scope] = (inputs, planned(basis, seen, scope, drills))
                return kept[1]

            found = judged(basis, plan_of, now, self._periods)
            self._judged = (now, basis, rows, found)
            return found

    def _basis_now(self) -> Basis:
        stamp = self._read.drills.stamp()
        if self._basis is None or self._basis[0] != stamp:
            # The stamp is the older one: what changes between the two statements is read again the next time.
            self._basis = (stamp, basis_of(self._read))
            self._plans.clear()
        return self._basis[1]
