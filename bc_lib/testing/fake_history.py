"""A seeded day of trend, history, beats and outbox for the fakes: quiet, two peaks over the target, one gap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from bc_lib.domain.assessment import Status
from bc_lib.ports.reading import Bucket, ComponentBeat, Metric, OutboxState, StatusChange

WIDTH_S = 120
GAP = (0.42, 0.455)
PEAKS = ((0.22, 0.018, 95.0), (0.78, 0.03, 58.0))
SCALE = {Metric.LAG_REPLAYED_S: 1.0, Metric.LAG_RECEIVED_S: 0.2, Metric.LAG_BYTES: 160_000.0, Metric.LATENCY_S: 0.004}


def day(resource: str, metric: Metric, start: datetime, end: datetime) -> Sequence[Bucket]:
    """Buckets of two minutes; the same figures each time for the same moment of the window."""
    total = int((end - start).total_seconds()) // WIDTH_S
    made = []
    for number in range(total):
        share = number / total
        if GAP[0] < share < GAP[1]:
            continue
        value = _value(share, number) * SCALE[metric]
        made.append(
            Bucket(
                start=start + timedelta(seconds=number * WIDTH_S),
                width_s=WIDTH_S,
                low=value * 0.35,
                high=value,
                count=8,
                worst=Status.RED if value > 30 else Status.GREEN,
            )
        )
    return made


def _value(share: float, number: int) -> float:
    base = 0.8 + 0.5 * math.sin(share * 19) ** 2 + (number * 7919 % 13) / 20
    return base + sum(height * math.exp(-(((share - at) / width) ** 2) * 4) for at, width, height in PEAKS)


def changes(resource: str | None, now: datetime) -> Sequence[StatusChange]:
    """Three changes of the last days."""
    name = resource or "billing-db"
    return (
        StatusChange(
            resource=name,
            at=now - timedelta(seconds=52),
            before=Status.GREEN,
            after=Status.RED,
            codes=("REPLAY_PAUSED",),
            text="Replay is paused at Amsterdam.",
        ),
        StatusChange(
            resource=name,
            at=now - timedelta(hours=18, minutes=4),
            before=Status.BLIND,
            after=Status.GREEN,
            codes=(),
            text="Both sites answer again.",
        ),
        StatusChange(
            resource=name,
            at=now - timedelta(hours=18, minutes=31),
            before=None,
            after=Status.BLIND,
            codes=("DR_BLIND",),
            text="Amsterdam could not be seen.",
        ),
    )


def beats(now: datetime) -> Sequence[ComponentBeat]:
    """A living poller and delivery, a triggerer that fell silent."""
    return (
        ComponentBeat(
            component="poller", instance="host-a:4211", beat_at=now - timedelta(seconds=9), details={"rounds": 412}
        ),
        ComponentBeat(
            component="notices", instance="host-a:4230", beat_at=now - timedelta(seconds=31), details={"sent": 3}
        ),
        ComponentBeat(component="requests", instance="host-a:4242", beat_at=now - timedelta(seconds=4)),
        ComponentBeat(
            component="dispatcher", instance="host-a:4251", beat_at=now - timedelta(seconds=6), details={"waiting": 0}
        ),
        ComponentBeat(component="schedules", instance="host-a:4262", beat_at=now - timedelta(seconds=21)),
        ComponentBeat(
            component="evidence", instance="host-a:4242", beat_at=now - timedelta(seconds=6), details={"owed": 0}
        ),
        ComponentBeat(component="audit-signer", instance="0", beat_at=now - timedelta(seconds=7)),
        ComponentBeat(component="sign-on", instance="0", beat_at=now - timedelta(seconds=40)),
        ComponentBeat(component="housekeeping", instance="host-a:4301", beat_at=now - timedelta(hours=5)),
        ComponentBeat(component="airflow_triggerer", instance="host-a", beat_at=now - timedelta(minutes=14)),
    )


def outbox(now: datetime) -> OutboxState:
    """One notice waits."""
    return OutboxState(
        waiting=1,
        oldest_waiting_at=now - timedelta(seconds=8),
        dead=1,
        last_delivered_at=now - timedelta(minutes=2),
        last_error="Mail server refused the connection.",
    )
