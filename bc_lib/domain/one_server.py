"""Two names that lead to one server: a virtual address, a forwarder, both address families of one host."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Protocol

from bc_lib.domain.observation import NodeFacts, Observation
from bc_lib.domain.words import clock


class Looked(Protocol):
    """A node of the inventory with what it told; None: nothing."""

    @property
    def node(self) -> str: ...

    @property
    def facts(self) -> NodeFacts | None: ...


Pair = tuple[Looked, Looked]


def same_server(one: NodeFacts, other: NodeFacts) -> bool:
    """Whether both answers come from one server: its start, to the microsecond, and its cluster.

    A copy of the data started elsewhere has another start. Where the identifier is hidden from us the start decides.
    """
    if one.started_at is None or one.started_at != other.started_at:
        return False
    return None in (one.system_identifier, other.system_identifier) or one.system_identifier == other.system_identifier


def shared(nodes: Iterable[Looked]) -> tuple[Pair, ...]:
    """Each pair of nodes that is one server, in the order of the inventory."""
    seen = [node for node in nodes if node.facts is not None]
    return tuple(
        (one, other)
        for one, other in combinations(seen, 2)
        if one.facts is not None and other.facts is not None and same_server(one.facts, other.facts)
    )


def again(pairs: Iterable[Pair]) -> frozenset[str]:
    """The nodes that are not to be counted: another node before them is the same server."""
    return frozenset(other.node for _, other in pairs)


def faults(observation: Observation) -> list[str]:
    """One sentence a pair."""
    return [sentence(one, other) for one, other in shared(observation.nodes)]


def sentence(one: Looked, other: Looked) -> str:
    """What is wrong and where to mend it."""
    since = one.facts.started_at if one.facts else None
    started = f", running since {clock(since)}" if since else ""
    return f"{one.node} and {other.node} are one server under two names{started}: correct their endpoints."
