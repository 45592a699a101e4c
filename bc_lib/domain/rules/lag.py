"""How far a standby is behind, measured so that every figure is an upper bound, and never negative."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bc_lib.domain.assessment import Lag
from bc_lib.domain.lsn import behind, furthest
from bc_lib.domain.observation import Downstream, LagSource
from bc_lib.domain.rules.heartbeat import beat_window, signed_offset_s
from bc_lib.domain.rules.scene import Scene, Seen, streaming

CLOCK_NOISE_S = 2.0
"""Offsets below this are indistinguishable from the time a check takes."""

Figure = tuple[float, LagSource] | None


@dataclass(frozen=True, slots=True)
class Link:
    """The way from the primary to one standby."""

    standby: Seen
    lag: Lag
    streaming: bool | None
    received_lsn: str | None


def links(scene: Scene) -> tuple[Link, ...]:
    """One for each standby seen."""
    return tuple(_link(scene, node) for node in scene.standbys)


def _link(scene: Scene, standby: Seen) -> Link:
    received = furthest(standby.facts.received_lsn, standby.facts.replayed_lsn)
    state = streaming(standby)
    if scene.source is None:
        return Link(standby, Lag(), state, received)
    current = scene.source.facts.current_lsn
    received_bytes, replayed_bytes = behind(current, received), behind(current, standby.facts.replayed_lsn)
    replayed = _replayed_s(scene, scene.source, standby, replayed_bytes)
    received_s = _received_s(scene, scene.source, standby, received_bytes, state, replayed)
    if replayed and received_s is not None and received_s > replayed[0]:
        received_s = replayed[0]
    return Link(
        standby,
        Lag(
            received_bytes=received_bytes,
            replayed_bytes=replayed_bytes,
            received_s=received_s,
            replayed_s=replayed[0] if replayed else None,
            source=replayed[1] if replayed else None,
        ),
        state,
        received,
    )


def _replayed_s(scene: Scene, source: Seen, standby: Seen, behind_bytes: int | None) -> Figure:
    if behind_bytes == 0:
        return 0.0, LagSource.MARKER
    window = beat_window(scene.resource, source, standby)
    if window is not None:
        return window, LagSource.HEARTBEAT
    listed = downstream_of(scene, source, standby)
    if listed and listed.replay_lag_s is not None:
        # The primary keeps its last figure while replay stands still, so the standing time is added.
        return _reported(listed.replay_lag_s, listed, source, standby) + standing_s(
            scene, standby
        ), LagSource.REPLAY_LAG
    return _by_timestamp(scene, source, standby)


def _by_timestamp(scene: Scene, source: Seen, standby: Seen) -> Figure:
    """Only while the primary is known to write: on an idle one this figure grows for no reason."""
    before = scene.memory.node(source.name)
    writes = before is not None and (behind(source.facts.current_lsn, before.current_lsn) or 0) > 0
    if not writes or standby.facts.replayed_at is None or standby.facts.node_time is None:
        return None
    return max(0.0, (standby.facts.node_time - standby.facts.replayed_at).total_seconds()), LagSource.REPLAY_TIMESTAMP


def _received_s(
    scene: Scene, source: Seen, standby: Seen, behind_bytes: int | None, state: bool | None, replayed: Figure
) -> float | None:
    if behind_bytes is None:
        return None
    if behind_bytes == 0:
        return 0.0
    if not state:
        return _cut_s(scene, standby, replayed)
    listed = downstream_of(scene, source, standby)
    if listed and (listed.flush_lag_s is not None or listed.reply_age_s is not None):
        # Without a flush lag the primary had nothing outstanding at the last reply: the rest is younger than that.
        return _reported(listed.flush_lag_s, listed, source, standby)
    before = scene.memory.node(source.name)
    if before and behind(before.current_lsn, furthest(standby.facts.received_lsn, standby.facts.replayed_lsn)) == 0:
        return max(0.0, (scene.now - before.seen_at).total_seconds())
    return replayed[0] if replayed else None


def _reported(lag_s: float | None, listed: Downstream, source: Seen, standby: Seen) -> float:
    """A lag from the primary's list, plus the age of the reply it came with.

    The reply is stamped by the standby's clock, so an offset worth the name is taken out of its age.
    """
    age = listed.reply_age_s or 0.0
    offset = signed_offset_s(source, standby)
    return max(0.0, lag_s or 0.0) + max(0.0, age - offset if abs(offset) > CLOCK_NOISE_S else age)


def _cut_s(scene: Scene, standby: Seen, replayed: Figure) -> float | None:
    """Without a connection: no more than since it was last seen streaming, else what replay shows."""
    before = scene.memory.node(standby.name)
    if before and before.streaming_at:
        return max(0.0, (scene.now - before.streaming_at).total_seconds())
    return replayed[0] if replayed else None


def standing_s(scene: Scene, standby: Seen) -> float:
    """Seconds for which the replayed position has not moved while there is more to replay; 0 when it moved."""
    before = scene.memory.node(standby.name)
    if before is None or before.replay_moved_at is None or behind(standby.facts.replayed_lsn, before.replayed_lsn) != 0:
        return 0.0
    if behind(before.replayed_lsn, standby.facts.replayed_lsn) != 0:
        return 0.0
    return max(timedelta(0), scene.now - before.replay_moved_at).total_seconds()


def downstream_of(scene: Scene, source: Seen, standby: Seen) -> Downstream | None:
    """The primary's own line about this standby: by name, or the only one there is."""
    lines = [item for item in source.facts.downstreams if item.state != "backup"]
    named = [item for item in lines if item.application_name == standby.name]
    if len(named) == 1:
        return named[0]
    return lines[0] if len(lines) == 1 and len(scene.standbys) == 1 else None
