"""OpenMetrics text from stored values; a scrape never probes anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bc_lib.domain.assessment import Answer, Status
from bc_lib.ports.reading import ComponentBeat, OutboxState
from bc_lib.services.estate import Estate

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
Sample = tuple[dict[str, str], float]


def render(estate: Estate, beats: Sequence[ComponentBeat], outbox: OutboxState | None, database_up: bool) -> str:
    """The whole exposition. A figure that is not known now is left out, never zero."""
    lines = [
        line
        for name, unit, text, samples in _families(estate, beats, outbox, database_up)
        for line in _family(name, unit, text, samples)
    ]
    return "\n".join([*lines, "# EOF", ""])


def _families(
    estate: Estate, beats: Sequence[ComponentBeat], outbox: OutboxState | None, database_up: bool
) -> Iterator[tuple[str, str, str, Iterable[Sample]]]:
    yield "bc_database_up", "", "1 while the shared database answers.", [({}, float(database_up))]
    yield "bc_status", "", "1 for the status that a resource has now.", _statuses(estate)
    yield "bc_could", "", "1 for the answer whether a resource could switch over or fail over now.", _answers(estate)
    yield (
        "bc_observation_age_seconds",
        "seconds",
        "Age of the newest observation.",
        [
            (_labels(view.name, view.current.resource.tier), view.current.age_s)
            for view in estate.resources
            if view.current.age_s is not None
        ],
    )
    yield (
        "bc_lag_seconds",
        "seconds",
        "Replay lag, while it is fresh.",
        [
            (_labels(view.name, view.current.resource.tier), view.current.last.lag.replayed_s)
            for view in estate.resources
            if view.current.last
            and view.current.last.lag.replayed_s is not None
            and view.current.status is not Status.STALE
        ],
    )
    yield (
        "bc_rpo_target_seconds",
        "seconds",
        "RPO target; a target, never a measurement.",
        [
            (_labels(view.name, view.current.resource.tier), view.current.resource.rpo_s)
            for view in estate.resources
            if view.current.resource.rpo_s is not None
        ],
    )
    yield (
        "bc_component_beat_timestamp_seconds",
        "seconds",
        "Last sign of life of a component of this tool.",
        [({"component": beat.component, "instance": beat.instance}, beat.beat_at.timestamp()) for beat in beats],
    )
    if outbox:
        yield "bc_notices_waiting", "", "Notices not yet delivered.", [({}, float(outbox.waiting))]
        yield "bc_notices_dead", "", "Notices given up.", [({}, float(outbox.dead))]


def _statuses(estate: Estate) -> Iterator[Sample]:
    for view in estate.resources:
        for status in Status:
            yield (
                _labels(view.name, view.current.resource.tier) | {"status": status.value},
                float(view.current.status is status),
            )


def _answers(estate: Estate) -> Iterator[Sample]:
    for view in estate.resources:
        for action, verdict in (
            ("switchover", view.current.could_switch_over),
            ("failover", view.current.could_fail_over),
        ):
            for answer in Answer:
                labels = _labels(view.name, view.current.resource.tier) | {"action": action, "answer": answer.value}
                yield labels, float(verdict.answer is answer)


def _labels(name: str, tier: int) -> dict[str, str]:
    return {"resource": name, "tier": str(tier)}


def _family(name: str, unit: str, text: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# TYPE {name} gauge"
    if unit:
        yield f"# UNIT {name} {unit}"
    yield f"# HELP {name} {text}"
    for labels, value in samples:
        shown = ",".join(f'{key}="{_escape(label)}"' for key, label in labels.items())
        yield f"{name}{{{shown}}} {value:.10g}" if shown else f"{name} {value:.10g}"


def _escape(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
