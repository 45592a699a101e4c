"""State of replication at each standby: receiving, replaying, and what that means in time."""

from __future__ import annotations

from collections.abc import Iterator

from bc_lib.domain.assessment import Reason
from bc_lib.domain.rules import limits
from bc_lib.domain.rules.feeding import Fed
from bc_lib.domain.rules.lag import Link, standing_s
from bc_lib.domain.rules.scene import Scene
from bc_lib.domain.standby_limits import Fit
from bc_lib.domain.words import count, duration, size

STALL_S = 45.0
"""Replay may wait 30 s for a query at the standby (max_standby_streaming_delay), so it stalls only after that."""


def judge(scene: Scene, links: tuple[Link, ...], already: frozenset[str]) -> Iterator[Reason]:
    """Reasons for every link. `already`: codes that explain a cut connection by themselves."""
    for link in links:
        if "PRIMARY_DOWN" not in already:
            yield from _receiving(scene, link)
        yield from _replaying(scene, link)
        yield from _conflicts(scene, link)
    if not links and scene.source is not None:
        yield from _nobody_connected(scene)


def _receiving(scene: Scene, link: Link) -> Iterator[Reason]:
    if link.streaming is not False:
        return
    upstream, name = link.standby.facts.upstream, link.standby.name
    if upstream is not None and upstream.from_archive and upstream.status is None:
        yield _from_archive(scene, link)
        return
    if link.feed.state is Fed.NOT_NOW and link.feed.by is not None:
        state = link.feed.why
    elif upstream is None or upstream.status is None:
        state = "no WAL receiver runs"
    elif upstream.status == "streaming":
        state = f"its connection has been silent for {duration(upstream.last_message_age_s or 0.0)}"
    else:
        state = f"its WAL receiver is {ascii(upstream.status)[1:-1]}"
    waiting = link.lag.received_bytes
    amount = f"; {size(waiting)} are missing" if waiting else ""
    yield Reason(
        code="RECEIVER_NOT_STREAMING",
        node=name,
        figures={"received_bytes": waiting},
        text=f"The standby {name} receives nothing: {state}{amount}.",
    )


def _from_archive(scene: Scene, link: Link) -> Reason:
    """Log shipping: the bound is what the link shows, else the time since the last segment was archived."""
    source, name, lost = scene.source, link.standby.name, link.lag.received_s
    archive, now = (source.facts.archive, source.facts.node_time) if source else (None, None)
    since = None
    if archive is not None and archive.last_at is not None and now is not None:
        since = max(0.0, (now - archive.last_at).total_seconds())
    last = "" if since is None else f"; the last segment was archived {duration(since)} ago"
    bound = "how much it lacks is not known" if lost is None else f"up to {duration(lost)} of writes are not there"
    return Reason(
        code="ARCHIVE_FED",
        node=name,
        figures={"received_s": None if lost is None else round(lost, 1), "archived_s": since and round(since, 1)},
        text=f"{name} is fed from the archive and does not stream{last}; {bound}.",
    )


def _replaying(scene: Scene, link: Link) -> Iterator[Reason]:
    facts, name, lag = link.standby.facts, link.standby.name, link.lag
    delay = facts.replay_delay_s or 0.0
    standing = standing_s(scene, link.standby)
    limit = max(STALL_S, 3 * scene.resource.interval_s) + delay
    if facts.replay_paused and limits.of(scene, link.standby).fit is not Fit.PAUSED:
        behind = f"; what is visible there is {duration(lag.replayed_s)} old" if lag.replayed_s else ""
        yield Reason(
            code="REPLAY_PAUSED",
            node=name,
            figures={"lag_s": lag.replayed_s},
            text=f"Replay is paused at {name}{behind}.",
        )
    elif standing > limit and not facts.replay_paused:
        yield Reason(
            code="REPLAY_STALLED",
            node=name,
            figures={"standing_s": round(standing, 1)},
            text=f"Replay at {name} has stood still for {duration(standing)} although more is received.",
        )
    if delay > 0:
        rpo = scene.resource.rpo_s
        against = f", longer than the RPO target of {duration(rpo)}" if rpo is not None and delay > rpo else ""
        yield Reason(
            code="REPLAY_DELAYED",
            node=name,
            figures={"delay_s": delay, "rpo_s": rpo},
            text=f"Replay at {name} is delayed by {duration(delay)} on purpose{against}.",
        )


def _conflicts(scene: Scene, link: Link) -> Iterator[Reason]:
    before, now = scene.memory.node(link.standby.name), link.standby.facts.replay_conflicts
    if before and before.replay_conflicts is not None and now is not None and now > before.replay_conflicts:
        more = now - before.replay_conflicts
        yield Reason(
            code="REPLAY_CONFLICTS",
            node=link.standby.name,
            figures={"conflicts": more},
            text=f"Replay cancelled {count(more, 'query', 'queries')} at {link.standby.place} since the last look.",
        )


def _nobody_connected(scene: Scene) -> Iterator[Reason]:
    """The standby is unseen; the primary's own list still says whether anybody receives."""
    source = scene.source
    if source is not None and not source.facts.downstreams and source.facts.lists_standbys:
        yield Reason(
            code="RECEIVER_NOT_STREAMING",
            node=source.name,
            text=f"The primary {source.place} has no standby connected.",
        )
