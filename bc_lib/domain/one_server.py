"""Two names that lead to one server: a virtual address, a forwarder, both address families of one host."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from bc_lib.domain.observation import NodeFacts, NodeObservation, Observation
from bc_lib.domain.words import clock

Pair = tuple[NodeObservation, NodeObservation]


def same_server(one: NodeFacts, other: NodeFacts) -> bool:
    """Whether both answers come from one server: its start, to the microsecond, and its cluster.

    A copy of the data started elsewhere has another start. Where the identifier is hidden from us the start decides.
    """
    if one.started_at is None or one.started_at != other.started_at:
        return False
    return None in (one.system_identifier, other.system_identifier) or one.system_identifier == other.system_identifier


def shared(nodes: Iterable[NodeObservation]) -> tuple[Pair, ...]:
    """Each pair of nodes that is one server, in the order of the inventory."""
    seen = [node for node in nodes if node.facts is not None]
    return tuple(
        (one, other)
        for one, other in combinations(seen, 2)
        if one.facts is not None and other.facts is not None and same_server(one.facts, other.facts)
    )


def faults(observation: Observation) -> list[str]:
    """One sentence a pair."""
    return [sentence(one, other) for one, other in shared(observation.nodes)]


def sentence(one: NodeObservation, other: NodeObservation) -> str:
    """What is wrong and where to mend it."""
    since = one.facts.started_at if one.facts else None
    started = f", running since {clock(since)}" if since else ""
    return f"{one.node} and {other.node} are one server under two names{started}: correct their endpoints."
