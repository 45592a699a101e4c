"""Orders of DAG runs, and what is live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text

from bc_lib.domain.execution.dispatching import Live, dag_run_id
from bc_lib.domain.requests.states import OVER, RequestType, State
from bc_lib.ports.dispatch import DagOrder

LIVE = """
SELECT r.id, r.type, r.state, coalesce(d.number, 0) AS number, d.ordered_at,
       coalesce(l.alive, false) AS lease_alive, a.last_act_at, w.until IS NOT NULL AS waits, w.until AS waiting_until
FROM bc.request r
LEFT JOIN LATERAL (SELECT number, ordered_at FROM bc.dispatch d WHERE d.request = r.id
                   ORDER BY number DESC LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT bool_or(l.expires_at > bc.now()) AS alive FROM bc.resource_lease l
                   WHERE l.request = r.id AND l.released_at IS NULL) l ON true
LEFT JOIN LATERAL (SELECT max(a.at) AS last_act_at FROM bc.run_act a WHERE a.request = r.id) a ON true
LEFT JOIN LATERAL (SELECT max(coalesce(s.claimed_at, r.state_since)
                              + make_interval(secs => coalesce((s.step->>'timeout_s')::float, 60))) AS until
                   FROM bc.run_step s WHERE s.request = r.id AND s.state IN ('waiting', 'unknown')) w ON true
WHERE r.state <> ALL(:over) AND r.state <> 'Draft'
ORDER BY r.created_at
"""
ORDER = """
INSERT INTO bc.dispatch (request, number, dag, run_id) VALUES (:request, :number, :dag, :run_id)
ON CONFLICT DO NOTHING RETURNING number
"""
UNTAKEN = """
SELECT d.* FROM bc.dispatch d JOIN bc.request r ON r.id = d.request
WHERE d.taken_at IS NULL AND r.state <> ALL(:over) AND d.ordered_at < bc.now() - interval '5 seconds'
  AND d.number = (SELECT max(number) FROM bc.dispatch o WHERE o.request = d.request)
"""
TAKE = """
UPDATE bc.dispatch SET taken_at = coalesce(taken_at, bc.now()) WHERE run_id = :run_id AND dag = :dag RETURNING *
"""


class DispatchStore:
    """Implements ports.dispatch.DispatchStore as bc_runner."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def now(self) -> datetime:
        """The database's clock."""
        with self._engine.connect() as connection:
            found: datetime = connection.execute(text("SELECT bc.now()")).scalar_one()
        return found

    def live(self) -> Sequence[Live]:
        """Requests that are not over."""
        with self._engine.connect() as connection:
            rows = connection.execute(text(LIVE), {"over": _over()}).all()
        return [
            Live(
                request=row.id,
                type=RequestType(row.type),
                state=State(row.state),
                number=row.number,
                ordered_at=row.ordered_at,
                lease_alive=row.lease_alive,
                last_act_at=row.last_act_at,
                waits=row.waits,
                waiting_until=row.waiting_until,
            )
            for row in rows
        ]

    def order(self, request: str, number: int, dag: str) -> DagOrder | None:
        """A new order."""
        given = {"request": request, "number": number, "dag": dag, "run_id": dag_run_id(request, number)}
        with self._engine.begin() as connection:
            made = connection.execute(text(ORDER), given).first()
        return None if made is None else DagOrder(**given)  # type: ignore[arg-type]

    def untaken(self) -> Sequence[DagOrder]:
        """Orders of which nothing was heard."""
        with self._engine.connect() as connection:
            return [_order(row) for row in connection.execute(text(UNTAKEN), {"over": _over()})]

    def take(self, run_id: str, dag: str) -> DagOrder | None:
        """The order of this DAG run."""
        with self._engine.begin() as connection:
            row = connection.execute(text(TAKE), {"run_id": run_id, "dag": dag}).first()
        return None if row is None else _order(row)


def _over() -> list[str]:
    return [state.value for state in OVER]


def _order(row: Any) -> DagOrder:
    return DagOrder(request=row.request, number=row.number, dag=row.dag, run_id=row.run_id, taken_at=row.taken_at)
