"""Which dates a rule gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bc_lib.domain.schedules.times import Moment
from bc_lib.domain.schedules.values import Spec


class InvalidRule(Exception):
    """A rule that cannot be read or gives nothing; one clause that follows "because"."""


class Recurrence(Protocol):
    """Dates of a spec. The same spec always gives the same dates, as long as the zone's own rules stay."""

    def check(self, spec: Spec) -> None:
        """Raises InvalidRule where rule or zone cannot be used."""
        ...

    def between(self, spec: Spec, after: datetime, upto: datetime, limit: int = 500) -> Sequence[Moment]:
        """Dates later than `after`, up to and including `upto`, in order, each instant once; at most `limit`.

        Raises InvalidRule.
        """
        ...
