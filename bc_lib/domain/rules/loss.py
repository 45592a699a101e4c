"""What a failover to one standby could lose now, as evidence: what it holds, and when its primary stopped (FR-012)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bc_lib.domain.loss.beside import NOT_LOOKED, unlogged_tables
from bc_lib.domain.loss.values import Basis, Ended, EndKind, Fence, FenceKind, LossProof, Marker, NotCarried
from bc_lib.domain.lsn import behind, furthest
from bc_lib.domain.memory import NodeMemory
from bc_lib.domain.observation import NodeObservation, Reach, Role
from bc_lib.domain.rules.lag import Link, missing_since
from bc_lib.domain.rules.scene import Scene, Seen, streaming
from bc_lib.domain.rules.trail import extended, held_until
from bc_lib.domain.words import one_line

SAMPLE_NOISE_S = 1.0
"""Two nodes are looked at moments apart; a lag below this cannot be told from none."""
POSITION = "log position"

Held = tuple[datetime, Basis]


def proof(scene: Scene, link: Link) -> LossProof:
    """Of a failover to the standby of `link`."""
    return _of_seen(scene, scene.source, link) if scene.source is not None else _of_lost(scene, link)


def _of_seen(scene: Scene, source: Seen, link: Link) -> LossProof:
    """The primary lives: the figure is of this moment."""
    received = link.lag.received_s
    known = received is not None and link.lag.received_bytes is not None
    window = max(received or 0.0, SAMPLE_NOISE_S)
    return LossProof(
        resource=scene.resource.name,
        source=source.name,
        target=link.standby.name,
        source_place=source.place,
        target_place=link.standby.place,
        kind=POSITION,
        at_source=_marker(source.facts.current_lsn, source.at),
        at_target=_marker(link.received_lsn, link.standby.at),
        held_until=scene.now - timedelta(seconds=window) if known else None,
        basis=Basis.LAG if known else None,
        seen_at=scene.now,
        alive_at=source.at,
        ahead_s=ahead_s(source),
        not_carried=_not_carried(source),
        unknown="" if known else f"how much {link.standby.place} has received is not known",
    )


def _of_lost(scene: Scene, link: Link) -> LossProof:
    """The primary is out of sight: what the standby holds, and when the primary was first seen unable to go on."""
    lost = scene.lost_primary
    known = scene.memory.node(lost.node) if lost else None
    held = held_at(scene, link.standby)
    lacking = behind(known.current_lsn, link.received_lsn) if known and _one_history(link.standby, known) else None
    was_primary = known is not None and known.role is Role.PRIMARY
    return LossProof(
        resource=scene.resource.name,
        source=lost.node if lost else scene.resource.home_site,
        target=link.standby.name,
        source_place=scene.place(lost) if lost else scene.resource.title(scene.resource.home_site),
        target_place=link.standby.place,
        kind=POSITION,
        at_source=_marker(known.current_lsn, known.seen_at) if known else None,
        at_target=_marker(link.received_lsn, link.standby.at),
        held_until=held[0] if held else None,
        basis=held[1] if held else None,
        ended=ended(scene),
        seen_at=scene.now,
        alive_at=known.seen_at if known and was_primary else None,
        ahead_s=known.ahead_s if known and was_primary else None,
        least_bytes=lacking,
        not_carried=_not_carried(link.standby),
    )


def _not_carried(node: Seen) -> tuple[NotCarried, ...]:
    """By the catalog of the primary, or of the standby, which has the names only: of the endpoint's own database."""
    if "unlogged" in node.facts.missing:
        return (NOT_LOOKED,)
    return unlogged_tables([(one_line(each.name[:80]), each.size_bytes) for each in node.facts.unlogged])


def held_at(scene: Scene, standby: Seen) -> Held | None:
    """Until when `standby` holds everything that the primary acknowledged, and how that is known.

    What was held then is held now, unless its position went back: then it is another copy. Without anything newer that
    arrived or was applied no beat and no commit moves it on.
    """
    primary = _primary(scene)
    if primary is None:
        return None
    before = scene.memory.node(standby.name)
    if before is not None and (before.not_fed or before.diverged_lsn is not None):
        return None  # what it holds is another server's
    held = _kept(standby, before, primary.node)
    if held is None or scene.source is not None or before is None or _newer(standby, before):
        found = list(_held_now(scene, standby, primary)) if _one_history(standby, primary) else []
        held = max([*found, *([held] if held else [])], key=lambda each: each[0], default=None)
    since = _lacked_since(scene, standby, primary, before)
    if since is None:
        return held
    return (min(held[0], since), held[1]) if held else (since, Basis.LAG)


def _lacked_since(scene: Scene, standby: Seen, primary: NodeMemory, before: NodeMemory | None) -> datetime | None:
    """What it lacked at the last look at the primary it still lacks, where nothing has arrived: no bound shrinks."""
    if scene.source is not None or before is None or before.seen_at > primary.seen_at:
        return None
    return (
        missing_since(scene, standby, _received(standby)) if behind(primary.current_lsn, _received(standby)) else None
    )


def _kept(standby: Seen, before: NodeMemory | None, primary: str) -> Held | None:
    """What was held at the look before, of the same primary."""
    if before is None or before.held_until is None or before.held_by is None or before.held_of != primary:
        return None
    went_back = behind(before.received_lsn, _received(standby)) != 0
    return None if went_back else (before.held_until, before.held_by)


def _newer(standby: Seen, before: NodeMemory) -> bool:
    """Whether it has received or applied more than at the look before."""
    return (_received(standby), standby.facts.replayed_lsn) != (before.received_lsn, before.replayed_lsn)


def _received(standby: Seen) -> str | None:
    return furthest(standby.facts.received_lsn, standby.facts.replayed_lsn)


def ended(scene: Scene) -> Ended | None:
    """When the primary was first seen unable to acknowledge; None while it answers, or while a standby receives."""
    lost = scene.lost_primary
    if lost is None or lost.reach not in {Reach.REFUSED, Reach.UNREACHABLE}:
        return None
    known, states = scene.memory.node(lost.node), [streaming(node) for node in scene.standbys]
    if True in states:
        return None  # refused on a wrong way, or unseen by us alone: it goes on
    again = any(_received_more(scene, standby) for standby in scene.standbys)
    if known is not None and known.ended is not None and not again:
        return known.ended
    if not states or None in states:
        return None
    kind = EndKind.REFUSED if lost.reach is Reach.REFUSED else EndKind.OUT_OF_REACH
    return Ended(kind=kind, at=lost.answered_at or lost.observed_at)


def _received_more(scene: Scene, standby: Seen) -> bool:
    """Whether something arrived since a look at which it did not stream: its primary was up again in between. What it
    takes from an archive is applied, not received."""
    before, now = scene.memory.node(standby.name), standby.facts.received_lsn
    if before is None or before.received_lsn is None or now is None or before.streaming_at == before.seen_at:
        return False
    return (behind(now, before.received_lsn) or 0) > 0


def out_of_reach(scene: Scene) -> datetime | None:
    """Since when nobody can tell whether the lost primary takes writes; None: it refuses, or a standby hears it."""
    found, lost = ended(scene), scene.lost_primary
    if found is None or lost is None:
        return None
    known = scene.memory.node(lost.node)
    if known is not None and known.out_of_reach_at is not None:
        return known.out_of_reach_at
    if found.kind is EndKind.OUT_OF_REACH:
        return found.at
    return (lost.answered_at or lost.observed_at) if lost.reach is Reach.UNREACHABLE else None


def fence(scene: Scene) -> Fence | None:
    """The risk of two writers, where the lost primary may take writes that nobody sees."""
    since = out_of_reach(scene)
    if since is None or scene.lost_primary is None:
        return None
    return Fence(
        resource=scene.resource.name,
        source=scene.lost_primary.node,
        kind=FenceKind.NOT_PROVABLE,
        since=since,
        source_place=scene.place(scene.lost_primary),
    )


def ahead_s(node: Seen) -> float | None:
    """How far its clock is at most ahead of ours: its answer was made after the look began."""
    return None if node.facts.node_time is None else (node.facts.node_time - node.at).total_seconds()


def primary_name(scene: Scene) -> str:
    """The primary that a standby's `held_until` speaks of."""
    found = _primary(scene)
    return found.node if found else ""


def _primary(scene: Scene) -> NodeMemory | None:
    """The primary as it was last seen, now or before."""
    source = scene.source
    if source is None:
        lost: NodeObservation | None = scene.lost_primary
        known = scene.memory.node(lost.node) if lost else None
        return known if known is not None and known.role is Role.PRIMARY else None
    return NodeMemory(
        node=source.name,
        role=Role.PRIMARY,
        seen_at=source.at,
        timeline=source.facts.timeline,
        system_identifier=source.facts.system_identifier,
        current_lsn=source.facts.current_lsn,
        ahead_s=ahead_s(source),
    )


def _one_history(standby: Seen, primary: NodeMemory) -> bool:
    """Positions of two clusters, or of two timelines, say nothing about each other."""
    pairs = (
        (standby.facts.timeline, primary.timeline),
        (standby.facts.system_identifier, primary.system_identifier),
    )
    return all(None in pair or pair[0] == pair[1] for pair in pairs)


def _held_now(scene: Scene, standby: Seen, primary: NodeMemory) -> Iterator[Held]:
    facts = standby.facts
    stood = held_until(
        extended(scene.memory.trail, scene.source), primary.node, furthest(facts.received_lsn, facts.replayed_lsn)
    )
    if stood is not None:
        yield stood, Basis.POSITION
    if primary.ahead_s is None:
        return  # its clock was never measured, so its times say nothing in ours
    ahead = timedelta(seconds=primary.ahead_s)
    if facts.replayed_at is not None:
        yield facts.replayed_at - ahead, Basis.COMMIT
    beat = facts.heartbeat if scene.resource.heartbeat is not None else None
    if beat is not None and (beat.timeline is None or beat.timeline == primary.timeline):
        yield beat.beat_at - ahead, Basis.HEARTBEAT


def _marker(value: str | None, at: datetime) -> Marker | None:
    return None if value is None else Marker(value=value, read_at=at)
