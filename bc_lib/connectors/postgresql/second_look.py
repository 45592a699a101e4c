"""When a node has to be read once more: a standby was seen past it, or is missing from its list (decision 22)."""

from __future__ import annotations

from dataclasses import replace

from bc_lib.domain.inventory import Resource
from bc_lib.domain.lsn import furthest, position
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import NodeFacts, Observation, Reach, Role
from bc_lib.domain.rules.feeding import Fed, feeds
from bc_lib.domain.rules.scene import look, streaming


def overtaken(seen: Observation) -> frozenset[str]:
    """Primaries whose position is behind what a standby holds, or was told of by its sender."""
    facts = {node.node: node.facts for node in seen.nodes if node.facts is not None}
    most = max((_end(one) for one in facts.values() if one.role is Role.STANDBY), default=0)
    return frozenset(
        node
        for node, one in facts.items()
        if one.role is Role.PRIMARY and (end := position(one.current_lsn)) is not None and end < most
    )


def unlisting(resource: Resource, seen: Observation) -> frozenset[str]:
    """Nodes that may feed a standby whose sender was found at none of them: it may have connected since."""
    scene = look(resource, seen, Memory())
    states = feeds(scene)
    lost = {node.name for node in scene.standbys if streaming(node) and states[node.name].state is not Fed.BY_PRIMARY}
    return (
        frozenset(node.name for node in scene.seen if node.name not in lost) if scene.source and lost else frozenset()
    )


def renewed(seen: Observation, again: Observation) -> Observation:
    """The first look with what the second one brought; a node that did not answer again keeps its first answer."""
    newer = {node.node: node for node in again.nodes if node.reach is Reach.OK}
    return replace(seen, nodes=tuple(newer.get(node.node, node) for node in seen.nodes))


def _end(standby: NodeFacts) -> int:
    told = standby.upstream.sender_end_lsn if standby.upstream is not None else None
    return position(furthest(standby.received_lsn, standby.replayed_lsn, told)) or 0
