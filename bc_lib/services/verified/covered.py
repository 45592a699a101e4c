"""The coverage of critical systems, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.verified.coverage import Coverage, coverage
from bc_lib.domain.verified.values import Mark
from bc_lib.ports.requests import RequestReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """`now` is the database's clock."""

    now: datetime
    lines: tuple[Coverage, ...]


def covered(read: RequestReader, marks: Mapping[Scope, Mark]) -> Covered:
    """Every critical system, what is overdue first. `marks`: the recovery tests of everything."""
    return Covered(now=read.now(), lines=coverage(read.inventory(), marks, read.drills.tried()))
