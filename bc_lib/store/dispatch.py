"""Orders of DAG runs, and where live requests stand: one statement a round, however many there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from bc_lib.domain.execution.dispatching import Live, dag_run_id
from bc_lib.domain.requests.states import OVER, RequestType, State
from bc_lib.ports.dispatch import DagOrder, Report, Round

LIVE = """
SELECT bc.now() AS now, r.id, r.type, r.state, coalesce(d.number, 0) AS number, d.ordered_at, d.taken_at,
       coalesce(l.alive, false) AS lease_alive, l.left_at, a.last_act_at, w.until IS NOT NULL AS waits,
       w.until AS waiting_until,
       r.state = 'ReadyToStart' AND (EXISTS (SELECT FROM bc.freeze f
           WHERE f.thawed_at IS NULL OR NOT bc.word_counts('freeze', f.id::text)) OR EXISTS (
           SELECT FROM bc.request_plan p CROSS JOIN jsonb_array_elements(p.plan->'targets') t
           JOIN bc.resource_lease o ON o.resource = t->>'resource'
           WHERE p.request = r.id AND p.revision = r.plan_revision AND o.released_at IS NULL AND o.request <> r.id
       )) AS barred
FROM bc.request r
LEFT JOIN LATERAL (SELECT number, ordered_at, taken_at FROM bc.dispatch d WHERE d.request = r.id
                   ORDER BY number DESC LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT bool_or(l.expires_at > bc.now()) AS alive, max(l.expires_at) AS left_at
                   FROM bc.resource_lease l WHERE l.request = r.id AND l.released_at IS NULL) l ON true
LEFT JOIN LATERAL (SELECT max(a.at) AS last_act_at FROM bc.run_act a WHERE a.request = r.id) a ON true
LEFT JOIN LATERAL (SELECT max(coalesce(s.claimed_at, r.state_since)
                              + make_interval(secs => coalesce((s.step->>'timeout_s')::float, 60))) AS until
                   FROM bc.run_step s WHERE s.request = r.id AND s.state IN ('waiting', 'unknown')) w ON true
"""
ROUND = f"""
{LIVE}
WHERE r.state <> 'Draft' AND (r.state <> ALL(:over) OR EXISTS (
    SELECT FROM bc.dispatch o WHERE o.request = r.id AND o.closed_at IS NULL))
ORDER BY r.created_at
"""
LOOK = f"{LIVE} WHERE r.id = ANY(:ids)"
ORDER = """
INSERT INTO bc.dispatch (request, number, dag, run_id, why) VALUES (:request, :number, :dag, :run_id, :why)
ON CONFLICT DO NOTHING RETURNING number
"""
TAKE = """
UPDATE bc.dispatch SET taken_at = coalesce(taken_at, bc.now()) WHERE run_id = :run_id AND dag = :dag RETURNING *
"""
OPEN = "SELECT * FROM bc.dispatch WHERE request = :request AND closed_at IS NULL ORDER BY number"
CLOSE = "UPDATE bc.dispatch SET closed_at = bc.now() WHERE run_id = :run_id"
REPORT = "SELECT bc.report_airflow(:kind, :dag, :run_id, :task, :said, :person, :event)"
UNTOLD = "SELECT * FROM bc.airflow_report WHERE told_at IS NULL ORDER BY id LIMIT 100"
TOLD = "UPDATE bc.airflow_report SET told_at = bc.now() WHERE id = :id"
NAMED = "UPDATE bc.airflow_report SET person = :person WHERE id = :id AND person = ''"
RECENT = "SELECT * FROM bc.airflow_report WHERE at > bc.now() - interval '24 hours' ORDER BY id DESC LIMIT 200"
NEWEST_EVENT = "SELECT max(event) FROM bc.airflow_report"


class Kept:
    """A connection that is kept, outside any transaction: a look is one statement, not four. One user at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None

    def rows(self, statement: str, given: Mapping[str, object]) -> Sequence[Any]:
        """What it finds. After trouble the next one connects anew."""
        if self._connection is None:
            self._connection = self._engine.connect()
        try:
            return self._connection.execute(text(statement), given).all()
        except BaseException:
            broken, self._connection = self._connection, None
            broken.invalidate()
            broken.close()
            raise

    def close(self) -> None:
        """End it; a further look connects anew. It may have outlived the pool that it came from."""
        if self._connection is not None:
            self._connection.detach()
            self._connection.close()
            self._connection = None


class WaitReader:
    """Where the requests are that somebody waits for: one statement for all of them."""

    def __init__(self, engine: Engine) -> None:
        self._kept = Kept(engine)

    def look(self, requests: Collection[str]) -> tuple[datetime | None, dict[str, Live]]:
        """The database's clock, and each request that is known by its id."""
        rows = self._kept.rows(LOOK, {"ids": sorted(requests)})
        return (rows[0].now if rows else None), {row.id: _live(row) for row in rows}

    def close(self) -> None:
        """Nobody waits any more."""
        self._kept.close()


class DispatchStore:
    """Implements ports.dispatch.DispatchStore as bc_runner."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._kept = engine, Kept(engine)

    def now(self) -> datetime:
        """The database's clock."""
        with self._engine.connect() as connection:
            found: datetime = connection.execute(text("SELECT bc.now()")).scalar_one()
        return found

    def round(self) -> Round:
        """What is live, and what is over and not closed yet."""
        rows = self._kept.rows(ROUND, {"over": _over()})
        found = [_live(row) for row in rows]
        return Round(
            now=rows[0].now if rows else None,
            live=tuple(live for live in found if not live.state.over),
            ended=tuple(live.request for live in found if live.state.over),
        )

    def order(self, request: str, number: int, dag: str, why: str = "") -> DagOrder | None:
        """A new order."""
        given = {"request": request, "number": number, "dag": dag, "run_id": dag_run_id(request, number), "why": why}
        with self._engine.begin() as connection:
            made = connection.execute(text(ORDER), given).first()
        return None if made is None else DagOrder(**given)  # type: ignore[arg-type]

    def open_orders(self, request: str) -> Sequence[DagOrder]:
        """Those whose note does not say the end yet."""
        with self._engine.connect() as connection:
            return [_order(row) for row in connection.execute(text(OPEN), {"request": request})]

    def close(self, order: DagOrder) -> None:
        """Its note says the end."""
        with self._engine.begin() as connection:
            connection.execute(text(CLOSE), {"run_id": order.run_id})

    def take(self, run_id: str, dag: str) -> DagOrder | None:
        """The order of this DAG run."""
        with self._engine.begin() as connection:
            row = connection.execute(text(TAKE), {"run_id": run_id, "dag": dag}).first()
        return None if row is None else _order(row)


class ReportStore:
    """Implements ports.dispatch.ReportStore: as any role that may say something, told by bc_runner."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def report(self, report: Report) -> None:
        """Said once for one event of Airflow's log."""
        given = {name: getattr(report, name) for name in ("kind", "dag", "run_id", "task", "said", "person", "event")}
        with self._engine.begin() as connection:
            connection.execute(text("SET LOCAL transaction_read_only = off"))
            connection.execute(text(REPORT), given)

    def untold(self) -> Sequence[Report]:
        """Oldest first."""
        with self._engine.connect() as connection:
            return [_report(row) for row in connection.execute(text(UNTOLD))]

    def told(self, report: Report) -> None:
        """Not again."""
        with self._engine.begin() as connection:
            connection.execute(text(TOLD), {"id": report.id})

    def name(self, report: Report, person: str) -> None:
        """Who it was, found later."""
        with self._engine.begin() as connection:
            connection.execute(text(NAMED), {"id": report.id, "person": person[:250]})

    def recent(self) -> Sequence[Report]:
        """Of the last 24 hours, newest first."""
        with self._engine.connect() as connection:
            return [_report(row) for row in connection.execute(text(RECENT))]

    def newest_event(self) -> int:
        """Of Airflow's log; 0: none yet."""
        with self._engine.connect() as connection:
            return int(connection.execute(text(NEWEST_EVENT)).scalar() or 0)


def _live(row: Any) -> Live:
    return Live(
        request=row.id,
        type=RequestType(row.type),
        state=State(row.state),
        number=row.number,
        ordered_at=row.ordered_at,
        taken_at=row.taken_at,
        lease_alive=row.lease_alive,
        left_at=row.left_at,
        last_act_at=row.last_act_at,
        waits=row.waits,
        waiting_until=row.waiting_until,
        barred=row.barred,
    )


def _report(row: Any) -> Report:
    return Report(
        id=row.id,
        at=row.at,
        kind=row.kind,
        dag=row.dag,
        run_id=row.run_id,
        task=row.task,
        person=row.person,
        said=row.said,
        event=row.event,
    )


def _over() -> list[str]:
    return [state.value for state in OVER]


def _order(row: Any) -> DagOrder:
    return DagOrder(
        request=row.request, number=row.number, dag=row.dag, run_id=row.run_id, taken_at=row.taken_at, why=row.why
    )
