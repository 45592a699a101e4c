"""The heartbeat: a row written at the primary, read at both sites, judged conservatively (FR-014, decision 17)."""

from __future__ import annotations

from collections.abc import Iterator

from bc_lib.domain.assessment import Reason
from bc_lib.domain.inventory import Resource
from bc_lib.domain.loss.words import bound_words
from bc_lib.domain.rules.scene import Scene, Seen
from bc_lib.domain.words import clock, duration

MISSED_BEATS = 3
SLACK_S = 1.0


def stopped_after_s(interval_s: float) -> float:
    """Age in seconds from which the newest beat at the primary counts as stopped."""
    return MISSED_BEATS * interval_s + SLACK_S


def judge(scene: Scene) -> Iterator[Reason]:
    """Reasons about the beats; none when no heartbeat is configured."""
    if scene.resource.heartbeat is None:
        return
    if scene.source is not None:
        yield from _at_primary(scene.source, stopped_after_s(scene.resource.heartbeat.interval_s))
    for standby in scene.standbys:
        trouble = _trouble(standby, scene.source or standby)
        if trouble:
            yield Reason(
                code="HEARTBEAT_UNKNOWN", node=standby.name, text=f"No usable heartbeat at {standby.place}: {trouble}."
            )


def _at_primary(source: Seen, limit_s: float) -> Iterator[Reason]:
    trouble = _trouble(source, source)
    if trouble:
        yield Reason(
            code="HEARTBEAT_UNKNOWN",
            node=source.name,
            text=f"No usable heartbeat at the primary {source.place}: {trouble}.",
        )
        return
    age = _age_s(source)
    if age is not None and age > limit_s:
        yield Reason(
            code="HEARTBEAT_STOPPED",
            node=source.name,
            figures={"age_s": round(age, 1), "limit_s": limit_s},
            text=f"The newest heartbeat at the primary {source.place} is {duration(age)} old; "
            f"after {duration(limit_s)} it counts as stopped.",
        )


def _trouble(node: Seen, writer: Seen) -> str | None:
    beat = node.facts.heartbeat
    if beat is None:
        return "it could not be read"
    if node.facts.node_time is None:
        return "the node's clock could not be read"
    if not _same_timeline(node, writer):
        return "the newest one comes from another timeline"
    age = _age_s(node)
    return (
        "it carries a time in the future"
        if age is not None and age < -max(SLACK_S, offset_s(node, writer) + SLACK_S)
        else None
    )


def _same_timeline(node: Seen, writer: Seen) -> bool:
    beat, timeline = node.facts.heartbeat, writer.facts.timeline
    return beat is not None and (beat.timeline is None or timeline is None or beat.timeline == timeline)


def _age_s(node: Seen) -> float | None:
    if node.facts.heartbeat is None or node.facts.node_time is None:
        return None
    return (node.facts.node_time - node.facts.heartbeat.beat_at).total_seconds()


def beat_window(resource: Resource, source: Seen, standby: Seen) -> float | None:
    """Upper bound in seconds of what is not visible at `standby`; None where the beats cannot tell.

    Both times are the primary's own (the beat is stamped there), so clocks of two nodes are never compared.
    A stopped heartbeat says nothing about lag.
    """
    if resource.heartbeat is None or _trouble(source, source) or _trouble(standby, source):
        return None
    age = _age_s(source)
    beat, now = standby.facts.heartbeat, source.facts.node_time
    if age is None or beat is None or now is None or age > stopped_after_s(resource.heartbeat.interval_s):
        return None
    return max(0.0, (now - beat.beat_at).total_seconds())


def signed_offset_s(one: Seen, other: Seen) -> float:
    """Seconds by which the clock of `one` seems ahead of that of `other`, against the monitor's; 0 when not known."""
    if one.facts.node_time is None or other.facts.node_time is None:
        return 0.0
    return ((one.facts.node_time - one.at) - (other.facts.node_time - other.at)).total_seconds()


def offset_s(one: Seen, other: Seen) -> float:
    """How far two clocks seem apart."""
    return abs(signed_offset_s(one, other))


def statement(scene: Scene, standby: Seen | None, window_s: float | None) -> str | None:
    """FR-014's sentence for what `standby` shows; None without a usable beat. `window_s`: the one bound of the loss."""
    if scene.resource.heartbeat is None or standby is None:
        return None
    beat, writer = standby.facts.heartbeat, scene.source or standby
    if beat is None or _trouble(standby, writer):
        return None
    window = "not known" if window_s is None else f"up to {bound_words(window_s)}"
    return f"Caught up to heartbeat {clock(beat.beat_at)}; potential loss window {window}."
