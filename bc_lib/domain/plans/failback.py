"""Is the first primary ready to be the primary again? Its own health comes before anybody is asked (FR-038, F18)."""

from __future__ import annotations

from bc_lib.domain.assessment import Assessment
from bc_lib.domain.inventory import Resource
from bc_lib.domain.observation import Observation, Role
from bc_lib.domain.plans.topology import Topology
from bc_lib.domain.words import size

STREAMING = "streaming"


def not_ready(resource: Resource, nodes: Topology, seen: Observation | None, last: Assessment | None) -> str | None:
    """A phrase that follows "because", with the missing bytes where they are known; None where it is a live standby."""
    node = next((one for one in seen.nodes if one.node == nodes.chosen.node), None) if seen else None
    name = f"{nodes.chosen.node} of {resource.name}"
    missing = last.lag.received_bytes if last else None
    gap = f"; it lacks {size(missing)}" if missing else ""
    if node is None or node.facts is None:
        return f"{name} was not seen, so nobody knows what it lacks"
    if node.facts.role is not Role.STANDBY:
        return f"{name} is {node.facts.role.value}, not a standby that follows {nodes.primary.node}{gap}"
    if node.facts.upstream is None or node.facts.upstream.status != STREAMING:
        return f"{name} receives nothing from {nodes.primary.node}{gap}"
    return None
