"""Is the first primary ready to be the primary again? Its own health comes before anybody is asked (FR-038, F18)."""

from __future__ import annotations

from bc_lib.domain.assessment import Assessment
from bc_lib.domain.inventory import Resource
from bc_lib.domain.observation import NodeFacts, NodeObservation, Observation, Role
from bc_lib.domain.plans.topology import Topology
from bc_lib.domain.words import size

STREAMING = "streaming"


def not_ready(resource: Resource, nodes: Topology, seen: Observation | None, last: Assessment | None) -> str | None:
    """A phrase that follows "because", with the missing bytes where they are known; None where it is a live standby."""
    node, primary = (_seen(seen, each) for each in (nodes.chosen.node, nodes.primary.node))
    name = f"{nodes.chosen.place} of {resource.name}"
    missing = last.lag.received_bytes if last else None
    gap = f"; it lacks {size(missing)}" if missing else ""
    if node is None or node.facts is None:
        return f"{name} was not seen, so nobody knows what it lacks"
    if node.facts.role is not Role.STANDBY:
        return f"{name} is {node.facts.role.value}, not a standby that follows {nodes.primary.place}{gap}"
    if node.facts.upstream is None or node.facts.upstream.status != STREAMING:
        return f"{name} receives nothing from {nodes.primary.place}{gap}"
    if primary is not None and primary.facts is not None and _sends_nothing(primary.facts):
        # A receiver that is refused and tries again says "streaming" for a moment each time.
        return f"{nodes.primary.place} sends nothing to {name}{gap}"
    return None


def _seen(seen: Observation | None, name: str) -> NodeObservation | None:
    return next((one for one in seen.nodes if one.node == name), None) if seen else None


def _sends_nothing(primary: NodeFacts) -> bool:
    """False where we may not see it."""
    return primary.lists_standbys and all(one.state != STREAMING for one in primary.downstreams)
