"""The evidence about a loss, and about two writers: no platform is named, positions are opaque (decision 21).

Times are aware UTC by our own clock (the shared database's); whoever reads a time off another clock takes its offset
out first, to the side that makes the loss larger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Relation(StrEnum):
    """What must hold between the target's marker and the source's for nothing to be missing."""

    EQUAL = "equal"
    AT_LEAST = "at least"
    SUBSET = "subset"  # all of the source's set is in the target's


class Basis(StrEnum):
    """How it is known up to when the target holds everything."""

    COMMIT = "commit"  # the newest commit that the target has applied, by the time that the source gave it
    HEARTBEAT = "heartbeat"  # the newest beat that the target shows
    POSITION = "position"  # the source's position was read, and the target holds it
    LAG = "lag"  # measured while both were seen


class EndKind(StrEnum):
    """How a source was first seen unable to acknowledge. OUT_OF_REACH proves nothing: it may go on for others."""

    REFUSED = "refused"  # its host answered that nobody listens, and no standby receives from it
    STOPPED = "stopped"  # by the word of its host
    STARTED_AGAIN = "started again"  # it was up again after it had been seen down; stopped by the word of its host
    OUT_OF_REACH = "out of reach"


class Certainty(StrEnum):
    """How much the evidence carries."""

    PROVEN = "proven"  # nothing that was acknowledged is missing
    EXCEPTED = "proven but for what is not replicated"
    BOUNDED = "bounded"  # what may be missing lies between two moments
    UNPROVEN = "cannot be bounded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A position as its platform writes it (LSN, GTID set, optime), and when it was read."""

    value: str
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The moment when the source was first seen unable to acknowledge, without a sign of life since.

    `down_since`: its host says that it was not started again after that. Between two looks nobody else sees it.
    """

    kind: EndKind
    at: datetime
    down_since: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCarried:
    """Data that replication does not carry. `size_bytes` None: not known."""

    name: str
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LossProof:
    """Everything that bears on what `target` lacks of what `source` acknowledged; a move was made or is thought of.

    `kind`: what the platform calls its marker. `holds`: whether the relation holds, by the platform's own order; None:
    it cannot be told. `final`: the source acknowledged nothing after its marker. `held_until`: everything acknowledged
    until then is at the target, known by `basis`. `ended` None: the source may acknowledge still; the figure is then of
    `seen_at`. `alive_at`: when the source was last seen to take writes; `ahead_s`: how far its clock is at most ahead
    of ours. `least_bytes`: certainly missing. `unknown`: a clause that says why there is no bound, where the maker
    knows. `source_place` and `target_place`: both as people read them.
    """

    resource: str
    source: str
    target: str
    kind: str = ""
    relation: Relation = Relation.AT_LEAST
    at_source: Marker | None = None
    at_target: Marker | None = None
    holds: bool | None = None
    final: bool = False
    held_until: datetime | None = None
    basis: Basis | None = None
    ended: Ended | None = None
    seen_at: datetime | None = None
    alive_at: datetime | None = None
    ahead_s: float | None = None
    least_bytes: int | None = None
    not_carried: tuple[NotCarried, ...] = ()
    unknown: str = ""
    source_place: str = ""
    target_place: str = ""

    @property
    def old(self) -> str:
        """The source as people read it."""
        return self.source_place or self.source

    @property
    def new(self) -> str:
        """The target as people read it."""
        return self.target_place or self.target

    @property
    def nothing_missing(self) -> bool:
        """Whether all that is replicated is at the target: the source's last marker was met there."""
        return self.final and self.holds is True

    @property
    def window_s(self) -> float | None:
        """Seconds in which it acknowledged what may be missing; 0 where nothing is. None: not known."""
        if self.nothing_missing:
            return 0.0
        until = self.ended.at if self.ended else self.seen_at
        if self.held_until is None or until is None:
            return None
        return max(0.0, (until - self.held_until).total_seconds())

    @property
    def outage_began_at(self) -> datetime | None:
        """The newest moment at which clients certainly could write; None while they may, or where none is known."""
        known = [each for each in (self.held_until, self.alive_at) if each is not None]
        return min(max(known), self.ended.at) if known and self.ended is not None else None


class FenceKind(StrEnum):
    """What keeps the old source from acknowledging beside the new one (decision 15)."""

    STOPPED = "stopped"
    READ_ONLY = "read-only"
    NETWORK = "network"
    PRIVILEGE = "privilege"
    ROUTER = "router"
    NOT_PROVABLE = "not provable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """`since`: proven then, or out of sight since then where it is not provable. `word`: of people, in a clause."""

    resource: str
    source: str
    kind: FenceKind
    since: datetime | None = None
    word: str = ""
    source_place: str = ""

    @property
    def old(self) -> str:
        """The source as people read it."""
        return self.source_place or self.source
