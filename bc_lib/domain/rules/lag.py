"""How far a standby is behind, measured so that every figure is an upper bound, and never negative.

A figure is used only for what it counts for (decision 22): a sender's lag began with its connection, and a bound
that was known does not shrink unless something newer arrived.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bc_lib.domain.assessment import Lag
from bc_lib.domain.lsn import behind, furthest
from bc_lib.domain.observation import Downstream, LagSource
from bc_lib.domain.rules.feeding import Fed, Feed
from bc_lib.domain.rules.heartbeat import beat_window, signed_offset_s
from bc_lib.domain.rules.history import Diverged
from bc_lib.domain.rules.scene import Scene, Seen, streaming
from bc_lib.domain.rules.trail import extended, held_until, same_log
from bc_lib.domain.sourced import Sourced

CLOCK_NOISE_S = 2.0
"""Offsets below this are indistinguishable from the time a check takes."""

RECONNECT_SLACK_S = 5.0
"""A sender that has not got beyond what was written before it began reports about its own age."""

Figure = tuple[float, LagSource] | None


@dataclass(frozen=True, slots=True)
class Link:
    """The way from the primary to one standby. `missing_since`: when the oldest write it lacks was made, at most."""

    standby: Seen
    lag: Lag
    streaming: bool | None
    received_lsn: str | None
    feed: Feed
    diverged: Diverged | None = None
    missing_since: datetime | None = None


def links(scene: Scene, feeds: Mapping[str, Feed], diverged: Mapping[str, Diverged | None]) -> tuple[Link, ...]:
    """One for each standby seen."""
    return tuple(_link(scene, node, feeds[node.name], diverged[node.name]) for node in scene.standbys)


def _link(scene: Scene, standby: Seen, feed: Feed, proof: Diverged | None) -> Link:
    received = furthest(standby.facts.received_lsn, standby.facts.replayed_lsn)
    state = False if feed.state is Fed.NOT_NOW else streaming(standby)
    link = Link(standby, Lag(), state, received, feed, proof, missing_since(scene, standby, received))
    if scene.source is None:
        return replace(link, missing_since=link.missing_since or _lost_since(scene, standby, received))
    if proof is not None or feed.state is Fed.BY_ANOTHER:
        return link  # positions of two histories cannot be compared
    current = scene.source.facts.current_lsn
    received_bytes, replayed_bytes = behind(current, received), behind(current, standby.facts.replayed_lsn)
    sender = _counting(scene.source, standby, feed)
    replayed = _replayed_s(scene, scene.source, standby, replayed_bytes, sender)
    received_s = _received_s(scene, scene.source, standby, received_bytes, sender, replayed)
    if replayed and received_s is not None and received_s > replayed[0]:
        replayed = received_s, replayed[1]  # what is not received is not replayed either
    lag = Lag(
        received_bytes=received_bytes,
        replayed_bytes=replayed_bytes,
        received_s=received_s,
        replayed_s=replayed[0] if replayed else None,
        source=replayed[1] if replayed else None,
    )
    if received_s is None:
        return replace(link, lag=lag)
    since = _moment(scene.source) - timedelta(seconds=received_s)
    return replace(link, lag=lag, missing_since=since if received_s else None)


def _lost_since(scene: Scene, standby: Seen, received: str | None) -> datetime | None:
    """When the oldest write was made that the primary had when last seen, and this standby has not."""
    known = scene.memory.node(scene.lost_primary.node) if scene.lost_primary else None
    if known is None or not behind(known.current_lsn, received):
        return None
    return held_until(scene.memory.trail, known.node, received) or standby.facts.replayed_at


def _counting(source: Seen, standby: Seen, feed: Feed) -> Sourced[Downstream] | None:
    """The primary's own line about this standby; a line of a middle server measures against that server."""
    sender = feed.sender
    return sender if sender is not None and sender.source == source.name and sender.counts(about=standby.name) else None


def _moment(source: Seen) -> datetime:
    """The latest at which the primary's position may have been read."""
    return source.until or source.at


def _replayed_s(
    scene: Scene, source: Seen, standby: Seen, behind_bytes: int | None, sender: Sourced[Downstream] | None
) -> Figure:
    if behind_bytes == 0:
        return 0.0, LagSource.MARKER
    window = beat_window(scene.resource, source, standby)
    if window is not None:
        return window, LagSource.HEARTBEAT
    if sender is not None and sender.value.replay_lag_s is not None:
        seconds = _reported(sender.value.replay_lag_s, sender.value, source, standby)
        if _covers(sender, source, seconds):
            # While replay stands still the figure grows with each reply: the time it stood is in it, not beside it.
            return max(seconds, standing_s(scene, standby)), LagSource.REPLAY_LAG
    known = [
        (seconds, kind)
        for seconds, kind in (
            (_since(scene, source, standby.facts.replayed_lsn), LagSource.POSITIONS),
            (_since_commit(source, standby), LagSource.REPLAY_TIMESTAMP),
        )
        if seconds is not None and behind_bytes is not None
    ]
    return min(known, default=None)


def _since(scene: Scene, source: Seen, lsn: str | None) -> float | None:
    """Age of the oldest write beyond `lsn`, by where the primary stood at earlier looks."""
    held = held_until(extended(scene.memory.trail, source), source.name, lsn)
    return None if held is None else max(0.0, (_moment(source) - held).total_seconds())


def _since_commit(source: Seen, standby: Seen) -> float | None:
    """Everything committed before the last replayed commit is there; both times are by the primary's clock."""
    if standby.facts.replayed_at is None or source.facts.node_time is None:
        return None
    return max(0.0, (source.facts.node_time - standby.facts.replayed_at).total_seconds())


def _covers(sender: Sourced[Downstream], source: Seen, seconds: float) -> bool:
    """Whether a lag counts for all that is missing: nothing of it may be older than the connection.

    Until the standby has passed where the primary stood when the sender began, the lag is that sender's age.
    """
    if sender.value.state != "streaming":
        return False
    oldest = _moment(source) - timedelta(seconds=seconds + RECONNECT_SLACK_S)
    return sender.since is not None and sender.since <= oldest


def _received_s(
    scene: Scene,
    source: Seen,
    standby: Seen,
    behind_bytes: int | None,
    sender: Sourced[Downstream] | None,
    replayed: Figure,
) -> float | None:
    if behind_bytes is None:
        return None
    if behind_bytes == 0:
        return 0.0
    has = furthest(standby.facts.received_lsn, standby.facts.replayed_lsn)
    since = missing_since(scene, standby, has)
    known = max(0.0, (_moment(source) - since).total_seconds()) if since is not None else None
    before = scene.memory.node(standby.name)
    if known is not None and before is not None and before.received_lsn == has:
        return known
    bound = _bound(scene, source, standby, has, sender, replayed)
    return bound if known is None or bound is None else max(known, bound)


def _bound(
    scene: Scene,
    source: Seen,
    standby: Seen,
    has: str | None,
    sender: Sourced[Downstream] | None,
    replayed: Figure,
) -> float | None:
    if sender is not None:
        seconds = _flushed(sender.value, source, standby)
        if seconds is not None and _covers(sender, source, seconds):
            return seconds
    bounds = (
        _since(scene, source, has),
        beat_window(scene.resource, source, standby),
        _since_commit(source, standby),
        replayed[0] if replayed else None,
    )
    return min((bound for bound in bounds if bound is not None), default=None)


def missing_since(scene: Scene, standby: Seen, has: str | None) -> datetime | None:
    """While nothing newer has arrived the same write is missing, and it only grows older. None: none was known."""
    before, trail = scene.memory.node(standby.name), scene.memory.trail
    if before is None or before.missing_since is None or trail is None or before.received_lsn is None or has is None:
        return None
    if scene.source is not None and not same_log(trail, scene.source):
        return None
    return before.missing_since if behind(has, before.received_lsn) == 0 else None


def _flushed(line: Downstream, source: Seen, standby: Seen) -> float | None:
    """Age of the oldest write that was not confirmed. Without a lag the primary had nothing outstanding then."""
    if line.flush_lag_s is None and line.reply_age_s is None:
        return None
    return _reported(line.flush_lag_s, line, source, standby)


def _reported(lag_s: float | None, listed: Downstream, source: Seen, standby: Seen) -> float:
    """A lag from the primary's list, plus the age of the reply it came with.

    The reply is stamped by the standby's clock, so an offset worth the name is taken out of its age.
    """
    age = listed.reply_age_s or 0.0
    offset = signed_offset_s(source, standby)
    return max(0.0, lag_s or 0.0) + max(0.0, age - offset if abs(offset) > CLOCK_NOISE_S else age)


def standing_s(scene: Scene, standby: Seen) -> float:
    """Seconds for which the replayed position has not moved while there is more to replay; 0 when it moved."""
    before = scene.memory.node(standby.name)
    if before is None or before.replay_moved_at is None or behind(standby.facts.replayed_lsn, before.replayed_lsn) != 0:
        return 0.0
    if behind(before.replayed_lsn, standby.facts.replayed_lsn) != 0:
        return 0.0
    return max(timedelta(0), scene.now - before.replay_moved_at).total_seconds()
