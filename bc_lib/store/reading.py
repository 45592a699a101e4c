"""Read models for pages and commands, as role bc_reader or bc_ui."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Engine, text

from bc_lib.domain.assessment import Assessment, Status
from bc_lib.domain.observation import Observation
from bc_lib.ports.reading import Bucket, ComponentBeat, Metric, OutboxState, Snapshot, StatusChange, StoredStatus
from bc_lib.store.codec import Undecodable, from_json
from bc_lib.store.history import WIDTHS

log = logging.getLogger(__name__)
ABOUT = 0.25  # of a base width: so that a day and a minute still gets 2 min buckets, not 3

SNAPSHOT = """
SELECT s.resource, s.assessment, s.observation, s.since, w.wished_at AS look_from FROM bc.current_status s
JOIN bc.resource r ON r.name = s.resource LEFT JOIN bc.look_wish w ON w.resource = s.resource
ORDER BY r.position
"""
CHANGES = """
SELECT resource, at, before, after, codes, text FROM bc.status_change
WHERE (CAST(:resource AS text) IS NULL OR resource = :resource)
    AND at >= coalesce(:start, '-infinity'::timestamptz) AND at <= coalesce(:end, 'infinity'::timestamptz)
ORDER BY at DESC, id DESC LIMIT :most
"""
TREND = """
SELECT date_bin(make_interval(secs => :width), start, 'epoch') AS start, min({metric}_low) AS low,
    max({metric}_high) AS high,
    sum(count) AS seen, max(worst) AS worst
FROM bc.{table} WHERE resource = :resource AND start >= :start AND start < :end GROUP BY 1 ORDER BY 1
"""
OUTBOX = """
SELECT count(*) FILTER (WHERE delivered_at IS NULL AND dead_at IS NULL) AS waiting,
    min(created_at) FILTER (WHERE delivered_at IS NULL AND dead_at IS NULL) AS oldest,
    count(*) FILTER (WHERE dead_at IS NOT NULL) AS dead, max(delivered_at) AS delivered,
    (array_agg(last_error ORDER BY id DESC) FILTER (WHERE last_error IS NOT NULL AND delivered_at IS NULL))[1] AS error
FROM bc.outbox
"""


class StatusReader:
    """Implements ports.reading.StatusReader. `minute_days`: how long minutes are kept (the raw retention)."""

    def __init__(self, engine: Engine, *, minute_days: int = 30) -> None:
        self._engine = engine
        self._minutes_for = timedelta(days=minute_days)

    def snapshot(self) -> Snapshot:
        """Every stored status. The clock is read after the rows, so that no row is newer than it."""
        with self._engine.connect() as connection:
            rows = connection.execute(text(SNAPSHOT)).all()
            now: datetime = connection.execute(text("SELECT bc.now()")).scalar_one()
        found = []
        for row in rows:
            try:
                found.append(
                    StoredStatus(
                        resource=row.resource,
                        since=row.since,
                        look_from=row.look_from,
                        assessment=from_json(Assessment, row.assessment),
                        observation=from_json(Observation, row.observation),
                    )
                )
            except Undecodable as trouble:
                log.warning("%s counts as never seen: %s", row.resource, trouble)
        return Snapshot(now=now, statuses=tuple(found))

    def changes(
        self, resource: str | None, limit: int = 50, start: datetime | None = None, end: datetime | None = None
    ) -> Sequence[StatusChange]:
        """Newest first; of all resources when `resource` is None."""
        wanted = {"resource": resource, "most": limit, "start": start, "end": end}
        with self._engine.connect() as connection:
            rows = connection.execute(text(CHANGES), wanted).all()
        return [
            StatusChange(
                resource=row.resource,
                at=row.at,
                before=Status(row.before) if row.before else None,
                after=Status(row.after),
                codes=tuple(row.codes),
                text=row.text,
            )
            for row in rows
        ]

    def trend(
        self, resource: str, metric: Metric, start: datetime, end: datetime, points: int = 720
    ) -> Sequence[Bucket]:
        """Buckets in time order, at most about `points`: minutes or hours put together, peaks kept. Gaps are absent.

        Hours serve where a point is an hour or more, and for what is older than the minutes that are kept.
        """
        with self._engine.connect() as connection:
            oldest = connection.execute(text("SELECT bc.now()")).scalar_one() - self._minutes_for
            wanted_s = (end - start).total_seconds() / max(points, 1)
            table = "trend_hour" if wanted_s >= WIDTHS["trend_hour"] or start < oldest else "trend_minute"
            width = max(ceil(wanted_s / WIDTHS[table] - ABOUT), 1) * WIDTHS[table]
            query = text(TREND.format(metric=Metric(metric).value, table=table))
            rows = connection.execute(query, {"resource": resource, "start": start, "end": end, "width": width}).all()
        return [
            Bucket(
                start=row.start, width_s=width, low=row.low, high=row.high, count=int(row.seen), worst=Status(row.worst)
            )
            for row in rows
        ]

    def beats(self) -> Sequence[ComponentBeat]:
        """Every component's last beat."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                text("SELECT component, instance, beat_at, details FROM bc.component_beat ORDER BY 1, 2")
            ).all()
        return [
            ComponentBeat(
                component=row.component, instance=row.instance, beat_at=row.beat_at, details=dict(row.details)
            )
            for row in rows
        ]

    def outbox(self) -> OutboxState:
        """Delivery state."""
        with self._engine.connect() as connection:
            row = connection.execute(text(OUTBOX)).one()
        return OutboxState(
            waiting=row.waiting,
            oldest_waiting_at=row.oldest,
            dead=row.dead,
            last_delivered_at=row.delivered,
            last_error=row.error,
        )
