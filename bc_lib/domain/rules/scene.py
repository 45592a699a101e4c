"""What the rules look at: one observation, sorted by who is what, with what is remembered beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bc_lib.domain.inventory import Resource
from bc_lib.domain.memory import Memory, OwnMove
from bc_lib.domain.observation import NodeFacts, NodeObservation, Observation, Reach, Role
from bc_lib.domain.one_server import Pair, again, shared
from bc_lib.domain.words import clock

SILENCE_S = 35.0
"""A connected receiver or sender silent for longer gives no sign of life.

PostgreSQL asks an idle peer for one after half of its 60 s time-out, so on a healthy idle pair
nothing is older than about 30 s.
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A node that answered with facts, which were read after `at` and before `until` (None: not known)."""

    name: str
    site: str
    at: datetime
    latency_s: float | None
    facts: NodeFacts
    until: datetime | None = None
    title: str = ""

    @property
    def place(self) -> str:
        """Where it is, as people read it."""
        return self.title or self.name

    def read_before(self, other: Seen) -> bool:
        """Whether all of it was certainly read before anything of `other`."""
        return self.until is not None and self.until <= other.at

    def moment(self, own: datetime) -> datetime | None:
        """A time by this node's own clock, by the monitor's; None where the node's clock is not known."""
        return None if self.facts.node_time is None else self.at + (own - self.facts.node_time)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One round. `source`: the one primary seen; `lost_primary`: the unseen node that should be it.

    `twins`: nodes that are one server; the second of two primaries that are one is not counted.
    """

    resource: Resource
    memory: Memory
    moves: tuple[OwnMove, ...]
    now: datetime
    seen: tuple[Seen, ...]
    unseen: tuple[NodeObservation, ...]
    primaries: tuple[Seen, ...]
    standbys: tuple[Seen, ...]
    source: Seen | None
    lost_primary: NodeObservation | None
    active_site: str | None
    cold: bool = False
    twins: tuple[Pair, ...] = ()
    strangers: frozenset[str] = frozenset()  # nodes at whose address another cluster's primary answers; not seen

    @property
    def doubtful(self) -> frozenset[str]:
        """Nodes whose names lead to one server with another's: whose answer it is cannot be said."""
        return frozenset(node.node for pair in self.twins for node in pair)

    @property
    def other_site(self) -> str:
        """Where it would move to: away from where the primary is, or was last, or belongs."""
        at = self.active_site or (self.lost_primary.site if self.lost_primary else self.resource.home_site)
        return self.resource.dr_site if at != self.resource.dr_site else self.resource.home_site

    def at_address(self, host: str | None, port: int | None) -> str | None:
        """The node that the inventory has at this address; None where it has none, or more than one."""
        names = {one.node for one in self.resource.endpoints if (one.host, one.port) == (host, port)}
        return names.pop() if host is not None and len(names) == 1 else None

    def place(self, node: NodeObservation) -> str:
        """Where a node is, as people read it."""
        return self.resource.place(node.node)

    @property
    def candidates(self) -> tuple[Seen, ...]:
        """Standbys seen at the other site."""
        return tuple(node for node in self.standbys if node.site == self.other_site)


def look(resource: Resource, observation: Observation, memory: Memory, moves: tuple[OwnMove, ...] = ()) -> Scene:
    """Sort an observation. A node of the inventory that is absent from it counts as a failed check."""
    told = (*observation.nodes, *_absent(resource, observation))
    strangers = frozenset(node.node for node in told if _is_stranger(node, told, memory))
    nodes = tuple(_unseen(node, memory) if node.node in strangers else node for node in told)
    seen = tuple(
        _seen(node, node.facts, resource) for node in nodes if node.reach is Reach.OK and node.facts is not None
    )
    unseen = tuple(node for node in nodes if node.reach is not Reach.OK or node.facts is None)
    twins = shared(nodes)
    twice = again(twins)
    primaries = tuple(node for node in seen if node.facts.role is Role.PRIMARY and node.name not in twice)
    source = primaries[0] if len(primaries) == 1 else None
    return Scene(
        resource=resource,
        memory=memory,
        moves=moves,
        now=observation.observed_at,
        seen=seen,
        unseen=unseen,
        primaries=primaries,
        standbys=tuple(node for node in seen if node.facts.role is Role.STANDBY),
        source=source,
        lost_primary=None if primaries else _lost_primary(resource, unseen, memory),
        active_site=source.site if source else None,
        cold=observation.cold,
        twins=twins,
        strangers=strangers,
    )


def _is_stranger(node: NodeObservation, nodes: tuple[NodeObservation, ...], memory: Memory) -> bool:
    """Whether another cluster's primary answers where we knew ours. One that its peer copied is a new pair of ours."""
    known, mine = memory.node(node.node), _identity(node)
    if known is None or None in (known.system_identifier, mine) or known.system_identifier == mine:
        return False
    leads = node.facts is not None and node.facts.role is Role.PRIMARY
    return leads and all(_identity(peer) != mine for peer in nodes if peer.node != node.node)


def _identity(node: NodeObservation) -> str | None:
    return node.facts.system_identifier if node.facts else None


def _unseen(node: NodeObservation, memory: Memory) -> NodeObservation:
    known = memory.node(node.node)
    was = f"{known.system_identifier} when last seen at {clock(known.seen_at)}" if known else "another"
    error = f"its system identifier is {_identity(node)} and was {was}"
    return replace(node, reach=Reach.ERROR, facts=None, error=error)


def _seen(node: NodeObservation, facts: NodeFacts, resource: Resource) -> Seen:
    place = resource.place(node.node)
    return Seen(node.node, node.site, node.observed_at, node.latency_s, facts, node.answered_at, place)


def _absent(resource: Resource, observation: Observation) -> Iterator[NodeObservation]:
    looked_at = {(node.site, node.node) for node in observation.nodes}
    for endpoint in resource.endpoints:
        if (endpoint.site, endpoint.node) not in looked_at:
            yield NodeObservation(
                node=endpoint.node,
                site=endpoint.site,
                observed_at=observation.observed_at,
                reach=Reach.ERROR,
                error="it was not looked at in this round",
            )
    covered = {endpoint.site for endpoint in resource.endpoints} | {node.site for node in observation.nodes}
    for site in (resource.home_site, resource.dr_site):
        if site not in covered:
            yield NodeObservation(
                node=site,
                site=site,
                observed_at=observation.observed_at,
                reach=Reach.ERROR,
                error="the inventory names no endpoint at this site",
            )


def _lost_primary(resource: Resource, unseen: tuple[NodeObservation, ...], memory: Memory) -> NodeObservation | None:
    """The unseen node that was the primary when last seen; else the one at home; else any."""

    def likeness(node: NodeObservation) -> tuple[bool, float, bool]:
        known = memory.node(node.node)
        was = known is not None and known.role is Role.PRIMARY
        return was, known.seen_at.timestamp() if known and was else 0.0, node.site == resource.home_site

    return max(unseen, key=likeness, default=None)


def streaming(standby: Seen) -> bool | None:
    """Whether this standby receives from its upstream now, as it sees itself. None: not known."""
    upstream = standby.facts.upstream
    if upstream is None:
        return None
    if upstream.status != "streaming":
        return False
    return upstream.last_message_age_s is None or upstream.last_message_age_s <= SILENCE_S


def sends_to(source: Seen, standby_name: str, others: int) -> bool | None:
    """Whether `source` still hears from the unseen standby. None: it cannot be told.

    Names decide where they match; else every connected downstream beyond those `others` that we see
    ourselves may be the one we look for. The age of the last reply is not read here: it compares two
    nodes' clocks, and PostgreSQL drops a dead peer from the list by itself after wal_sender_timeout.
    """
    if not source.facts.lists_standbys:
        return None
    live = [item for item in source.facts.downstreams if item.state != "backup"]
    if any(item.application_name == standby_name for item in live):
        return True
    return len(live) > others
