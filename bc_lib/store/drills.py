"""What was tried before, read from stored requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.verified.values import Asked, Drill
from bc_lib.store import drills_sql as sql
from bc_lib.store.codec import from_json

# Runs one statement that returns rows.
Ask = Callable[..., Sequence[Row[Any]]]


class Drills:
    """Implements ports.drills.DrillReading over `ask`."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def stamp(self) -> str:
        """One line."""
        return str(self._ask(sql.STAMP)[0].stamp)

    def newest(self) -> Sequence[Drill]:
        """Newest first."""
        return [_drill(row) for row in self._ask(sql.NEWEST)]

    def before(self, scope: Scope, moment: datetime) -> Drill | None:
        """One at most."""
        found = self._ask(sql.BEFORE, kind=scope.kind, name=scope.name, moment=moment)
        return _drill(found[0]) if found else None

    def tried(self) -> Sequence[Asked]:
        """Newest first."""
        return [_asked(row) for row in self._ask(sql.TRIED)]

    def during(self, start: datetime, end: datetime) -> Sequence[Asked]:
        """Newest first."""
        return [_asked(row) for row in self._ask(sql.DURING, start=start, end=end)]


def _drill(row: Any) -> Drill:
    return Drill(
        request=row.id,
        ended_at=row.state_since,
        succeeded=row.state == State.SUCCEEDED,
        plan=from_json(Plan, row.plan),
    )


def _asked(row: Any) -> Asked:
    return Asked(
        request=row.id,
        type=RequestType(row.type),
        drill=row.drill or "",
        scope=Scope(kind=row.scope_kind, name=row.scope_name),
        members=tuple(row.members),
        target_site=row.target_site,
        where=row.site_title or row.target_site,
        tier=row.tier,
        environment=row.environment,
        reason=row.reason,
        ticket=row.ticket or "",
        state=State(row.state),
        outcome=row.outcome or "",
        asked_at=row.created_at,
        state_since=row.state_since,
        asked_by=row.asked_by,
        agreed=tuple(row.agreed),
        denied=tuple(row.denied),
        confirmed=tuple(row.confirmed),
        decided=tuple(row.decided),
        executor=row.executor or "",
        breakglass=row.breakglass is not None,
        pack=row.pack or "",
    )
