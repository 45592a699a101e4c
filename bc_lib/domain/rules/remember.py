"""What to keep for the next round. Nodes that were not seen keep what was last known of them."""

from __future__ import annotations

from datetime import datetime

from bc_lib.domain.lsn import behind, furthest
from bc_lib.domain.memory import Memory, NodeMemory
from bc_lib.domain.observation import Role
from bc_lib.domain.rules import limits
from bc_lib.domain.rules.scene import Scene, Seen, streaming
from bc_lib.domain.standby_limits import limits_of


def remember(scene: Scene, unrequested: tuple[datetime | None, str | None], lag_level: str | None) -> Memory:
    """The memory after this round."""
    now_seen = {node.name: _node(scene, node) for node in scene.seen if node.facts.role is not Role.UNKNOWN}
    watched = {endpoint.node for endpoint in scene.resource.endpoints}
    kept = tuple(entry for entry in scene.memory.nodes if entry.node not in now_seen and entry.node in watched)
    return Memory(
        nodes=tuple(sorted((*kept, *now_seen.values()), key=lambda entry: entry.node)),
        unrequested_at=unrequested[0],
        unrequested_text=unrequested[1],
        lag_level=lag_level,
    )


def _node(scene: Scene, node: Seen) -> NodeMemory:
    facts, before = node.facts, scene.memory.node(node.name)
    standby = facts.role is Role.STANDBY
    received = furthest(facts.received_lsn, facts.replayed_lsn) if standby else None
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
        streaming_at=scene.now if standby and streaming(node) else before.streaming_at if before and standby else None,
        limits_needed=dict(limits.needed(scene, node)) if standby else limits_of(facts),
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
