"""Which node is the primary and which one would be, by what was seen last; the inventory's order decides ties.

The choice depends on roles and settings only, never on positions that change from round to round: a plan's identity
must stay while nothing of it changes. Whether the chosen node has received the most is a precheck of every start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bc_lib.domain.inventory import Endpoint, Resource
from bc_lib.domain.observation import NodeFacts, NodeObservation, Observation, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """`primary`, `chosen`: names of nodes; `others`: further standbys, which follow the new primary."""

    primary: Endpoint
    chosen: Endpoint
    others: tuple[Endpoint, ...]
    seen: bool  # False: the primary was not seen, so the last known one was taken, else the first of the inventory


def topology_of(resource: Resource, observation: Observation | None, to_site: str, was: str | None = None) -> Topology:
    """Nodes of a move of `resource` to `to_site`. `was`: the node last seen as primary, for when none is seen now."""
    nodes = {node.node: node for node in observation.nodes} if observation else {}
    from_site = resource.dr_site if to_site == resource.home_site else resource.home_site
    here = [one for one in resource.endpoints if one.site == to_site]
    there = [one for one in resource.endpoints if one.site == from_site]
    known = next((one for one in there if _role(nodes.get(one.node)) is Role.PRIMARY), None)
    primary = known or next((one for one in there if one.node == was), there[0])
    chosen = min(here, key=lambda one: (_unfit(nodes.get(one.node), primary, resource), here.index(one)))
    others = tuple(one for one in resource.endpoints if one.node not in {primary.node, chosen.node})
    return Topology(primary=primary, chosen=chosen, others=others, seen=known is not None)


def standbys_of(endpoints: Sequence[Endpoint]) -> str:
    """Nodes as people read them."""
    return ", ".join(one.place for one in endpoints) or "none"


def _role(node: NodeObservation | None) -> Role | None:
    return node.facts.role if node and node.facts else None


def _unfit(node: NodeObservation | None, primary: Endpoint, resource: Resource) -> int:
    """0: a standby that follows at once; more: delayed, fed by another standby, not seen as a standby."""
    facts = node.facts if node else None
    if facts is None or facts.role is not Role.STANDBY:
        return 3
    if _cascades(facts, primary, resource):
        return 2
    return 1 if facts.replay_delay_s else 0


def _cascades(facts: NodeFacts, primary: Endpoint, resource: Resource) -> bool:
    """Its WAL comes from another standby of ours."""
    upstream = facts.upstream
    if upstream is None or upstream.sender_host is None:
        return False
    sender = (upstream.sender_host, upstream.sender_port)
    standbys = {(one.host, one.port) for one in resource.endpoints if one.node != primary.node}
    return sender in standbys
