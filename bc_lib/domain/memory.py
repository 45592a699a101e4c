"""What a rule must remember from the round before: small, frozen, stored with the current status."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bc_lib.domain.loss.values import Basis, Ended
from bc_lib.domain.observation import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A position that the primary had reached by `at`: whoever holds it holds all that was written until then."""

    at: datetime
    lsn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A primary's positions by time on one timeline, oldest first; dense where young, sparse where old."""

    node: str
    timeline: int | None
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeMemory:
    """Last known good facts of one node.

    `ahead_s`: how far its clock is at most ahead of ours. `held_until`: everything that the primary `held_of` had
    acknowledged until then, by our clock, is at this standby; it never goes back while that primary stays the same.
    `ended`: a primary was first seen unable to acknowledge, without a sign of life since; `out_of_reach_at`: since when
    nobody has seen whether it lives.
    """

    node: str
    role: Role
    seen_at: datetime
    timeline: int | None = None
    system_identifier: str | None = None
    received_lsn: str | None = None
    replayed_lsn: str | None = None
    replay_moved_at: datetime | None = None  # when replayed_lsn last changed, or was at the received one
    replay_conflicts: int | None = None
    current_lsn: str | None = None  # a primary's position when last seen
    sync_names: str | None = None  # a primary's synchronous_standby_names when last seen
    streaming_at: datetime | None = None  # when this standby was last seen receiving from `fed_by`
    fed_by: str | None = None  # the node that listed the sender of that connection
    receiver_began_at: datetime | None = None  # of that connection, by the standby's clock
    not_fed: bool = False  # when last seen beside its primary, somebody else fed it
    missing_since: datetime | None = None  # age of the oldest write that it lacked at `received_lsn`
    diverged_lsn: str | None = None  # where it stood when it was proven to have another history than its primary
    archive_waits: tuple[str, ...] = ()  # last archived file, the position then, since when a later one waits
    limits_needed: dict[str, str] = field(default_factory=dict)  # a primary's limits; those a standby's WAL asks for
    ahead_s: float | None = None
    held_until: datetime | None = None
    held_by: Basis | None = None
    held_of: str = ""
    ended: Ended | None = None
    out_of_reach_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMove:
    """A move of a resource that stands in our journal (decision 19): roles may change while it lasts.

    `ended_at` None: it is not over. `nodes`: those whose role it changes, there or back.
    """

    began_at: datetime
    ended_at: datetime | None
    nodes: tuple[str, ...]

    def explains(self, node: str, seen_before: datetime, seen_now: datetime) -> bool:
        """Whether a change of `node` between two looks is this move's."""
        over = self.ended_at is not None and self.ended_at < seen_before
        return node in self.nodes and self.began_at <= seen_now and not over


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Per resource. `unrequested` keeps a role change that nobody asked for until somebody acknowledges it."""

    nodes: tuple[NodeMemory, ...] = ()
    unrequested_at: datetime | None = None
    unrequested_text: str | None = None
    lag_level: str | None = None  # hysteresis: the level the lag stands at (warn, critical)
    trail: Trail | None = None

    def node(self, name: str) -> NodeMemory | None:
        """The memory of one node, if any."""
        return next((entry for entry in self.nodes if entry.node == name), None)
