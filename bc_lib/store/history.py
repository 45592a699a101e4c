"""Raw observations, trend buckets and status changes of a number of rounds."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from bc_lib.domain.assessment import Assessment, Status
from bc_lib.domain.observation import NodeObservation, Observation
from bc_lib.ports.monitoring import Round
from bc_lib.ports.reading import Metric
from bc_lib.store.bulk import copy_rows, with_rows
from bc_lib.store.codec import clean, dumps, to_json
from bc_lib.store.tables import STATUS_ORDER

BADNESS = {status: rank for rank, status in enumerate(STATUS_ORDER)}
WIDTHS = {"trend_minute": 60, "trend_hour": 3600}
OBSERVATION_COLUMNS = (
    "resource",
    "observed_at",
    "status",
    "codes",
    "active_site",
    "lag_replayed_s",
    "lag_received_s",
    "lag_bytes",
    "latency_s",
    "marker",
    "could_switch_over",
    "could_fail_over",
    "cold",
    "nodes",
)
ENDS = tuple((metric, end) for metric in Metric for end in ("low", "high"))
BUCKET_COLUMNS = {
    "resource": "text",
    "start": "timestamptz",
    "count": "integer",
    "worst": "bc.status",
    **{f"{metric}_{end}": "double precision" for metric, end in ENDS},
}


def write_history(connection: Connection, rounds: Sequence[Round], before: Mapping[str, Status]) -> None:
    """Add `rounds`, in time order, to the history; `before` holds the statuses that they follow."""
    copy_rows(connection, "observation", OBSERVATION_COLUMNS, map(_observation_row, rounds))
    for table, width in WIDTHS.items():
        _add_buckets(connection, table, buckets(rounds, width))
    copy_rows(
        connection, "status_change", ("resource", "at", "before", "after", "codes", "text"), changes(rounds, before)
    )


def figures(item: Round) -> dict[Metric, float | None]:
    """The trend figures of one round: seconds and bytes. Only finite figures count as known."""
    lag = item.assessment.lag
    latencies = [node.latency_s for node in item.observation.nodes if node.latency_s is not None]
    found = {
        Metric.LAG_REPLAYED_S: lag.replayed_s,
        Metric.LAG_RECEIVED_S: lag.received_s,
        Metric.LAG_BYTES: lag.replayed_bytes if lag.replayed_bytes is not None else lag.received_bytes,
        Metric.LATENCY_S: max(latencies, default=None),
    }
    return {
        metric: float(value) if value is not None and math.isfinite(value) else None for metric, value in found.items()
    }


def _observation_row(item: Round) -> tuple[Any, ...]:
    judged, known = item.assessment, figures(item)
    return (
        item.observation.resource,
        item.observation.observed_at,
        judged.status.value,
        _codes(judged),
        judged.active_site,
        known[Metric.LAG_REPLAYED_S],
        known[Metric.LAG_RECEIVED_S],
        known[Metric.LAG_BYTES],
        known[Metric.LATENCY_S],
        None if judged.marker is None else clean(judged.marker),
        judged.could_switch_over.answer.value,
        judged.could_fail_over.answer.value,
        item.observation.cold,
        dumps(_slim(item.observation)),
    )


def _slim(observation: Observation) -> list[Any]:
    """The nodes without settings and extensions: they hardly change and would be most of every row."""
    return [to_json(_slim_node(node)) for node in observation.nodes]


def _slim_node(node: NodeObservation) -> NodeObservation:
    if node.facts is None:
        return node
    return dataclasses.replace(node, facts=dataclasses.replace(node.facts, settings={}, extensions={}))


def _codes(judged: Assessment) -> list[str]:
    return [clean(reason.code) for reason in judged.reasons]


def changes(rounds: Iterable[Round], before: Mapping[str, Status]) -> list[tuple[Any, ...]]:
    """Rows of status_change: one for each round whose status is not that of the round before."""
    last = dict(before)
    rows: list[tuple[Any, ...]] = []
    for item in rounds:
        name, judged = item.observation.resource, item.assessment
        earlier = last.get(name)
        if earlier is not judged.status:
            text = clean(" ".join(reason.text for reason in judged.reasons))
            rows.append(
                (
                    name,
                    judged.observed_at,
                    earlier.value if earlier else None,
                    judged.status.value,
                    _codes(judged),
                    text,
                )
            )
        last[name] = judged.status
    return rows


def buckets(rounds: Iterable[Round], width_s: int) -> list[dict[str, Any]]:
    """Rounds summed up per resource and `width_s` seconds."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for item in rounds:
        start = int(item.observation.observed_at.timestamp()) // width_s * width_s
        row = found.setdefault((item.observation.resource, start), {"count": 0, "worst": Status.GREEN})
        row["count"] += 1
        row["worst"] = max(row["worst"], item.assessment.status, key=BADNESS.__getitem__)
        for metric, value in figures(item).items():
            if value is not None:
                row[f"{metric}_low"] = min(value, row.get(f"{metric}_low", value))
                row[f"{metric}_high"] = max(value, row.get(f"{metric}_high", value))
    return [
        {"resource": name, "start": datetime.fromtimestamp(start, UTC), **row, "worst": row["worst"].value}
        for (name, start), row in sorted(found.items())
    ]


def _add_buckets(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    names = ", ".join(BUCKET_COLUMNS)
    merged = ", ".join(
        f"{metric}_{end} = {'least' if end == 'low' else 'greatest'}(stored.{metric}_{end}, excluded.{metric}_{end})"
        for metric, end in ENDS
    )
    statement = f"""
        INSERT INTO bc.{table} AS stored ({names}) SELECT {names} FROM {{rows}}
        ON CONFLICT (resource, start) DO UPDATE
        SET count = stored.count + excluded.count, worst = greatest(stored.worst, excluded.worst), {merged}
    """  # noqa: S608 - constants
    with_rows(connection, statement, BUCKET_COLUMNS, rows)
