"""What to keep for the next round. Nodes that were not seen keep what was last known of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bc_lib.domain.assessment import LastPrimary
from bc_lib.domain.inventory import Resource
from bc_lib.domain.lsn import behind, furthest
from bc_lib.domain.memory import Memory, NodeMemory
from bc_lib.domain.observation import Role
from bc_lib.domain.rules import archive, limits, loss
from bc_lib.domain.rules.feeding import not_fed
from bc_lib.domain.rules.lag import Link
from bc_lib.domain.rules.scene import Scene, Seen
from bc_lib.domain.rules.trail import extended
from bc_lib.domain.standby_limits import limits_of


def remember(
    scene: Scene, links: tuple[Link, ...], unrequested: tuple[datetime | None, str | None], lag_level: str | None
) -> Memory:
    """The memory after this round."""
    by_name = {link.standby.name: link for link in links}
    now_seen = {
        node.name: _node(scene, node, by_name.get(node.name))
        for node in scene.seen
        if node.facts.role is not Role.UNKNOWN and node.name not in scene.doubtful
    }
    watched = {endpoint.node for endpoint in scene.resource.endpoints}
    kept = tuple(
        _unseen(scene, entry) for entry in scene.memory.nodes if entry.node not in now_seen and entry.node in watched
    )
    return Memory(
        nodes=tuple(sorted((*kept, *now_seen.values()), key=lambda entry: entry.node)),
        unrequested_at=unrequested[0],
        unrequested_text=unrequested[1],
        lag_level=lag_level,
        trail=extended(scene.memory.trail, scene.source),
    )


def last_primary(resource: Resource, memory: Memory) -> LastPrimary | None:
    """The node that was seen as primary last, this round's included; None where none ever was."""
    sites = {endpoint.node: endpoint.site for endpoint in resource.endpoints}
    known = [entry for entry in memory.nodes if entry.role is Role.PRIMARY and entry.node in sites]
    newest = max(known, key=lambda entry: entry.seen_at, default=None)
    if newest is None:
        return None
    return LastPrimary(node=newest.node, site=sites[newest.node], seen_at=newest.seen_at, sync_names=newest.sync_names)


def _unseen(scene: Scene, entry: NodeMemory) -> NodeMemory:
    if scene.lost_primary is None or scene.lost_primary.node != entry.node:
        return entry
    return replace(entry, ended=loss.ended(scene), out_of_reach_at=loss.out_of_reach(scene))


def _node(scene: Scene, node: Seen, link: Link | None) -> NodeMemory:
    facts, before = node.facts, scene.memory.node(node.name)
    standby = facts.role is Role.STANDBY
    received = furthest(facts.received_lsn, facts.replayed_lsn) if standby else None
    known = _bare(scene, node, before, received)
    return known if link is None else _linked(scene, known, link, before)


def _linked(scene: Scene, known: NodeMemory, link: Link, before: NodeMemory | None) -> NodeMemory:
    """With who feeds it, and since when something is missing."""
    fed, feed, upstream = _fed(link, before), link.feed, link.standby.facts.upstream
    return replace(
        known,
        streaming_at=scene.now if fed else before.streaming_at if before else None,
        fed_by=feed.by if fed else before.fed_by if before else None,
        receiver_began_at=upstream.began_at if fed and upstream else before.receiver_began_at if before else None,
        not_fed=not_fed(feed, before),
        missing_since=link.missing_since,
        diverged_lsn=link.diverged.lsn if link.diverged else None,
    )


def _fed(link: Link, before: NodeMemory | None) -> bool:
    """Whether it receives over a connection that the node at the other end has listed, now or before."""
    feed = link.feed
    kept = before is not None and before.fed_by is not None and before.fed_by == feed.by
    return bool(link.streaming) and feed.by is not None and (feed.sender is not None or kept)


def _bare(scene: Scene, node: Seen, before: NodeMemory | None, received: str | None) -> NodeMemory:
    facts, standby = node.facts, node.facts.role is Role.STANDBY
    held = loss.held_at(scene, node) if standby else None
    return NodeMemory(
        node=node.name,
        role=facts.role,
        seen_at=scene.now,
        timeline=facts.timeline,
        system_identifier=facts.system_identifier,
        received_lsn=received,
        replayed_lsn=facts.replayed_lsn if standby else None,
        replay_moved_at=_moved_at(scene, node, before, received) if standby else None,
        replay_conflicts=facts.replay_conflicts,
        current_lsn=facts.current_lsn,
        sync_names=None if standby else facts.sync_standby_names,
        archive_waits=() if standby else archive.remembered(scene, node),
        limits_needed=dict(limits.needed(scene, node)) if standby else limits_of(facts),
        ahead_s=loss.ahead_s(node),
        held_until=held[0] if held else None,
        held_by=held[1] if held else None,
        held_of=loss.primary_name(scene) if held else "",
    )


def _moved_at(scene: Scene, node: Seen, before: NodeMemory | None, received: str | None) -> datetime:
    """Now, when the position moved or nothing is left to replay; else what was remembered."""
    replayed = node.facts.replayed_lsn
    if (
        before is None
        or before.replay_moved_at is None
        or before.replayed_lsn != replayed
        or behind(received, replayed) == 0
    ):
        return scene.now
    return before.replay_moved_at
