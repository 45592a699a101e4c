"""A trend as it is drawn: stretches without gaps, breaches, lines, and the same in words (TC-022)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bc_lib.domain.inventory import Platform, Resource
from bc_lib.ports.reading import Bucket, Metric
from streamlit_app.presenters.words import count, duration, latency, moment, size

NAMES = {
    Metric.LAG_REPLAYED_S: "Not yet replayed",
    Metric.LAG_RECEIVED_S: "Not yet received",
    Metric.LAG_BYTES: "Behind in bytes",
    Metric.LATENCY_S: "Answer took",
}
HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The middle of a bucket with its least and greatest value."""

    at: datetime
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A labelled limit. `kind` is rpo, critical or warn."""

    kind: str
    value: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """What is drawn. `bands` are breaches of the RPO target (or, without one, of the critical limit)."""

    title: str
    in_bytes: bool
    start: datetime
    end: datetime
    stretches: tuple[tuple[Point, ...], ...]
    bands: tuple[tuple[datetime, datetime], ...]
    lines: tuple[Line, ...]
    peak: float | None
    alt: str


def metrics(resource: Resource) -> tuple[Metric, ...]:
    """The trends that exist for a platform, the most telling first."""
    if resource.platform is Platform.POSTGRESQL:
        return (Metric.LAG_REPLAYED_S, Metric.LAG_RECEIVED_S, Metric.LAG_BYTES, Metric.LATENCY_S)
    return (Metric.LATENCY_S,)


def trend(resource: Resource, metric: Metric, buckets: Sequence[Bucket], end: datetime) -> Trend:
    """24 hours that end at `end`."""
    start, lines = end - timedelta(hours=HOURS), limits(resource, metric)
    allowed = timedelta(seconds=2 * resource.interval_s)
    stretches = tuple(_stretches(buckets, allowed))
    limit = lines[0].value if lines and lines[0].kind in {"rpo", "critical"} else None
    bands = tuple(_bands(buckets, limit, allowed)) if limit is not None else ()
    peak = max((bucket.high for bucket in buckets if bucket.high is not None), default=None)
    made = Trend(
        title=NAMES[metric],
        in_bytes=metric is Metric.LAG_BYTES,
        start=start,
        end=end,
        stretches=stretches,
        bands=bands,
        lines=lines,
        peak=peak,
        alt="",
    )
    return Trend(
        **{name: getattr(made, name) for name in Trend.__dataclass_fields__} | {"alt": _alt(resource, metric, made)}
    )


def limits(resource: Resource, metric: Metric) -> tuple[Line, ...]:
    """The limits that belong to a metric, the RPO target first."""
    set_ = resource.thresholds
    if metric is Metric.LATENCY_S:
        return (
            (Line(kind="warn", value=set_.latency_warn_s, label=f"slow {duration(set_.latency_warn_s)}"),)
            if set_.latency_warn_s
            else ()
        )
    if metric is Metric.LAG_BYTES:
        return ()
    given = (
        ("rpo", resource.rpo_s, "RPO"),
        ("critical", set_.lag_critical_s, "critical"),
        ("warn", set_.lag_warn_s, "warning"),
    )
    lines = [
        Line(kind=kind, value=value, label=f"{word} {duration(value)}")
        for kind, value, word in given
        if value is not None
    ]
    return tuple(line for line in lines if line.kind == "rpo" or line.value != resource.rpo_s)


def _stretches(buckets: Sequence[Bucket], allowed: timedelta) -> Iterator[tuple[Point, ...]]:
    """Stretches without a gap of more than `allowed`; what was seen but not known is a gap too."""
    current: list[Point] = []
    last_end: datetime | None = None
    for bucket in buckets:
        known = bucket.low is not None and bucket.high is not None
        if current and (not known or (last_end is not None and bucket.start - last_end > allowed)):
            yield tuple(current)
            current = []
        if bucket.low is not None and bucket.high is not None:
            current.append(
                Point(at=bucket.start + timedelta(seconds=bucket.width_s / 2), low=bucket.low, high=bucket.high)
            )
            last_end = bucket.start + timedelta(seconds=bucket.width_s)
    if current:
        yield tuple(current)


def _bands(buckets: Sequence[Bucket], limit: float, allowed: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """Times in which the greatest value was over `limit`; neighbours are one band."""
    start = end = None
    for bucket in buckets:
        if bucket.high is None or bucket.high <= limit:
            if start and end:
                yield start, end
            start = end = None
            continue
        if start and end and bucket.start - end > allowed:
            yield start, end
            start = None
        start = start or bucket.start
        end = bucket.start + timedelta(seconds=bucket.width_s)
    if start and end:
        yield start, end


def _alt(resource: Resource, metric: Metric, made: Trend) -> str:
    """The chart in words, for those who cannot see it."""
    if not made.stretches:
        return f"{made.title} of {resource.name}: nothing recorded in the last {HOURS} hours."
    peak = size(made.peak) if made.in_bytes else (latency if metric is Metric.LATENCY_S else duration)(made.peak)
    parts = [f"{made.title} of {resource.name} over {HOURS} hours: at most {peak}"]
    rpo = next((line for line in made.lines if line.kind == "rpo"), None)
    if rpo:
        over = sum((end - start for start, end in made.bands), timedelta())
        parts.append(
            f"over the {rpo.label} target {count(len(made.bands), 'time')}, {duration(over.total_seconds())} in all"
            if made.bands
            else f"never over the {rpo.label} target"
        )
    gaps = len(made.stretches) - 1
    if gaps:
        parts.append(f"{count(gaps, 'gap')} without data")
    return f"{'; '.join(parts)}. Ends {moment(made.end)}."
