"""What the poller writes: rounds, and signs of life."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from bc_lib.domain.alerts import AlertState, Notice
from bc_lib.domain.assessment import Assessment, Status
from bc_lib.domain.memory import Memory, OwnMove
from bc_lib.domain.own_runs import OwnRun
from bc_lib.ports.monitoring import Lease, LeaseLost, Remembered, Round
from bc_lib.ports.notices import Notification
from bc_lib.store.bulk import with_rows
from bc_lib.store.codec import Undecodable, dumps, from_json
from bc_lib.store.history import write_history

log = logging.getLogger(__name__)
Outgoing = Callable[[Notice], Sequence[tuple[str, Notification]]]

# FOR SHARE: nobody can take the lease over before this transaction has ended.
STILL_OURS = """
SELECT 1 FROM bc.lease
WHERE name = :name AND holder = :holder AND epoch = :epoch AND expires_at > bc.now() FOR SHARE
"""
CURRENT_COLUMNS = {
    "resource": "text",
    "status": "bc.status",
    "observed_at": "timestamptz",
    "assessment": "jsonb",
    "observation": "jsonb",
    "memory": "jsonb",
    "alert": "jsonb",
}
# Effects begin after the claim is committed, so that whoever sees one can see the claim. What is owed afterwards
# (the old primary back as standby) belongs to the move. An unknown step may still come true.
OWN_MOVES = """
SELECT step->>'resource' AS resource, step->>'node' AS node, step->>'peer' AS peer, claimed_at AS began_at,
       CASE WHEN state IN ('verified', 'failed') THEN ended_at END AS ended_at
FROM bc.run_step
WHERE step->>'resource' = ANY(:names) AND step->>'action' IN ('move', 'reprotect', 'rewind')
  AND claimed_at > bc.now() - interval '25 hours'
ORDER BY claimed_at
"""
OWN_RUNS = """
SELECT s.step->>'resource' AS resource, min(s.request) AS request, bool_and(r.restored_at IS NOT NULL) AS restored
FROM bc.run_step s JOIN bc.run r ON r.request = s.request
WHERE s.step->>'resource' = ANY(:names) AND s.step->>'action' IN ('stop', 'move') AND s.claimed_at IS NOT NULL
  AND r.ended_at IS NULL
GROUP BY 1
"""
LOOK_WISHES = """
SELECT w.resource, w.wished_at FROM bc.look_wish w LEFT JOIN bc.current_status s ON s.resource = w.resource
WHERE w.resource = ANY(:names) AND (s.observed_at IS NULL OR s.observed_at < w.wished_at)
"""
# A resource that has left the inventory meanwhile gets no row; since stays while the status does.
CURRENT = f"""
INSERT INTO bc.current_status AS stored ({", ".join(CURRENT_COLUMNS)}, since, epoch)
SELECT {", ".join(f"given.{name}" for name in CURRENT_COLUMNS)}, given.observed_at, :epoch
FROM {{rows}} JOIN bc.resource ON bc.resource.name = given.resource ORDER BY given.resource
ON CONFLICT (resource) DO UPDATE SET
    since = CASE WHEN stored.status = excluded.status THEN stored.since ELSE excluded.since END,
    epoch = excluded.epoch, recorded_at = bc.now(),
    {", ".join(f"{name} = excluded.{name}" for name in CURRENT_COLUMNS if name != "resource")}
"""  # noqa: S608 - constants
OUTBOX_COLUMNS = {
    "channel": "text",
    "dedup_key": "text",
    "resource": "text",
    "environment": "text",
    "notification": "jsonb",
}
# The database refuses a forbidden row; it is left out here, so that one wrong route costs no measurement.
OUTBOX = """
INSERT INTO bc.outbox (channel, dedup_key, resource, environment, notification)
SELECT given.channel, given.dedup_key, given.resource, given.environment, given.notification
FROM {rows} JOIN bc.channel ON bc.channel.name = given.channel
LEFT JOIN bc.resource ON bc.resource.name = given.resource
WHERE NOT bc.channel.production OR bc.resource.environment = 'prod'
ON CONFLICT (channel, dedup_key) DO NOTHING
"""


class MonitoringStore:
    """Implements ports.monitoring.MonitoringStore as role bc_poller.

    `outgoing` says for a notice which channels get which message; it is asked before the transaction.
    """

    def __init__(self, engine: Engine, outgoing: Outgoing) -> None:
        self._engine = engine
        self._outgoing = outgoing

    def now(self) -> datetime:
        """The database's clock."""
        with self._engine.connect() as connection:
            moment: datetime = connection.execute(text("SELECT bc.now()")).scalar_one()
            return moment

    def remembered(self, resources: Sequence[str]) -> Mapping[str, Remembered]:
        """State of the named resources. What cannot be read any more counts as never seen."""
        query = text("SELECT resource, memory, alert, assessment FROM bc.current_status WHERE resource = ANY(:names)")
        with self._engine.connect() as connection:
            rows = connection.execute(query, {"names": list(resources)}).all()
        found = {}
        for row in rows:
            try:
                found[row.resource] = Remembered(
                    memory=from_json(Memory, row.memory),
                    alert=from_json(AlertState, row.alert),
                    assessment=from_json(Assessment, row.assessment),
                )
            except Undecodable as trouble:
                log.warning("%s begins anew: %s", row.resource, trouble)
        return found

    def own_moves(self, resources: Sequence[str]) -> Mapping[str, tuple[OwnMove, ...]]:
        """Moves of our journal."""
        found: dict[str, tuple[OwnMove, ...]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(text(OWN_MOVES), {"names": list(resources)}):
                move = OwnMove(began_at=row.began_at, ended_at=row.ended_at, nodes=(row.node, row.peer))
                found[row.resource] = (*found.get(row.resource, ()), move)
        return found

    def own_runs(self, resources: Sequence[str]) -> Mapping[str, OwnRun]:
        """Runs that move one of these now."""
        with self._engine.connect() as connection:
            found = connection.execute(text(OWN_RUNS), {"names": list(resources)})
            return {row.resource: OwnRun(request=row.request, restored=row.restored) for row in found}

    def look_wishes(self, resources: Sequence[str]) -> Mapping[str, datetime]:
        """Resources that must be looked at again."""
        with self._engine.connect() as connection:
            rows = connection.execute(text(LOOK_WISHES), {"names": list(resources)}).all()
        return {row.resource: row.wished_at for row in rows}

    def record(self, rounds: Sequence[Round], lease: Lease) -> None:
        """Write all rounds in one transaction. Raises LeaseLost."""
        ordered = sorted(rounds, key=lambda item: (item.observation.resource, item.observation.observed_at))
        messages = [row for item in ordered for notice in item.notices for row in self._messages(notice)]
        last = {item.observation.resource: item for item in ordered}
        with self._engine.begin() as connection:
            _check(connection, lease)
            write_history(connection, ordered, _statuses(connection, list(last)))
            with_rows(
                connection, CURRENT, CURRENT_COLUMNS, [_current_row(item) for item in last.values()], epoch=lease.epoch
            )
            with_rows(connection, OUTBOX, OUTBOX_COLUMNS, messages)

    def beat(self, component: str, instance: str, details: Mapping[str, object]) -> None:
        """Say that a component lives."""
        beat(self._engine, component, instance, details)

    def _messages(self, notice: Notice) -> list[dict[str, Any]]:
        return [
            {
                "channel": channel,
                "dedup_key": notice.dedup_key,
                "resource": notice.resource,
                "environment": notice.environment.value,
                "notification": dumps(message),
            }
            for channel, message in self._outgoing(notice)
        ]


def beat(engine: Engine, component: str, instance: str, details: Mapping[str, object]) -> None:
    """Upsert of a component's last sign of life, for every role that may say it lives."""
    with engine.begin() as connection:
        connection.execute(
            text("""
            INSERT INTO bc.component_beat (component, instance, details)
            VALUES (:component, :instance, CAST(:details AS jsonb))
            ON CONFLICT (component, instance) DO UPDATE SET beat_at = bc.now(), details = excluded.details
        """),
            {"component": component, "instance": instance, "details": dumps(dict(details))},
        )


def _check(connection: Connection, lease: Lease) -> None:
    given = {"name": lease.name, "holder": lease.holder, "epoch": lease.epoch}
    if connection.execute(text(STILL_OURS), given).first() is None:
        raise LeaseLost(
            f"{lease.holder} no longer holds the lease {lease.name} (epoch {lease.epoch}); nothing was written."
        )


def _statuses(connection: Connection, names: list[str]) -> dict[str, Status]:
    query = text("SELECT resource, status FROM bc.current_status WHERE resource = ANY(:names)")
    return {row.resource: Status(row.status) for row in connection.execute(query, {"names": names})}


def _current_row(item: Round) -> dict[str, Any]:
    return {
        "resource": item.observation.resource,
        "status": item.assessment.status.value,
        "observed_at": item.observation.observed_at,
        "assessment": dumps(item.assessment),
        "observation": dumps(item.observation),
        "memory": dumps(item.memory),
        "alert": dumps(item.alert),
    }
