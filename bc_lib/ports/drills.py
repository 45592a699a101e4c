"""What was asked for and tried before, for marks, coverage and compliance. Only reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.verified.values import Asked, Drill


class DrillReading(Protocol):
    """Each call is one statement. A rehearsal is no live drill and never found among them."""

    def stamp(self) -> str:
        """Another text as soon as the inventory, the approval rules or the live drills that ended are others."""
        ...

    def newest(self) -> Sequence[Drill]:
        """For every group and resource: its newest live drill that ended, and its newest that succeeded.

        A group's drill is one of each of its members too.
        """
        ...

    def before(self, scope: Scope, moment: datetime) -> Drill | None:
        """The newest live drill that touched `scope` and ended before `moment`; None: there was none."""
        ...

    def tried(self) -> Sequence[Asked]:
        """The newest request that ended after its start was tried, of each scope and kind (Succeeded or Failed)."""
        ...

    def during(self, start: datetime, end: datetime) -> Sequence[Asked]:
        """Every request asked for before `end` and not over before `start`, newest first. All of them."""
        ...
