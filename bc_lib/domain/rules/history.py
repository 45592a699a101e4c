"""Whether a standby has the primary's history: system identifier, timeline, fork position, and no byte beyond it.

Two servers can reach the same timeline number by different forks, and a copy that was written to has no fork at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bc_lib.domain.assessment import Reason
from bc_lib.domain.lsn import furthest, position
from bc_lib.domain.memory import NodeMemory
from bc_lib.domain.rules.feeding import Fed, Feed
from bc_lib.domain.rules.scene import Scene, Seen
from bc_lib.domain.words import size


@dataclass(frozen=True, slots=True, kw_only=True)
class Diverged:
    """Proof that a standby has another history than its primary, and where the standby stood then."""

    why: str
    lsn: str | None


def diverged(scene: Scene, standby: Seen, feed: Feed) -> Diverged | None:
    """The proof, new or remembered; None where there is none."""
    before = scene.memory.node(standby.name)
    has = furthest(standby.facts.received_lsn, standby.facts.replayed_lsn)
    why = _proof(scene.source, standby, before) if scene.source is not None else None
    if why is not None:
        kept = before.diverged_lsn if before is not None else None
        return Diverged(why=why, lsn=furthest(has, kept))
    if before is None or before.diverged_lsn is None or _disproved(standby, feed, before, has):
        return None
    return Diverged(why="it was beyond its primary when both were last compared", lsn=before.diverged_lsn)


def judge(scene: Scene, standby: Seen, proof: Diverged | None) -> Iterator[Reason]:
    """The reason for one standby."""
    if proof is None:
        return
    primary = scene.source.place if scene.source is not None else "its primary"
    yield Reason(
        code="DIFFERENT_HISTORY",
        node=standby.name,
        figures={"standby_lsn": proof.lsn},
        text=f"{standby.place} has another history than {primary}: {proof.why}.",
    )


def _proof(source: Seen, standby: Seen, before: NodeMemory | None) -> str | None:
    mine, theirs = source.facts, standby.facts
    if mine.timeline is not None and theirs.timeline is not None:
        if theirs.timeline > mine.timeline:
            return f"it is on timeline {theirs.timeline}, {source.place} on {mine.timeline}"
        forks = position(mine.timeline_began_lsn), position(theirs.timeline_began_lsn)
        if theirs.timeline == mine.timeline and None not in forks and forks[0] != forks[1]:
            return (
                f"both are on timeline {mine.timeline}, which began at {mine.timeline_began_lsn} there "
                f"and at {theirs.timeline_began_lsn} here"
            )
    beyond = _beyond(source, standby, before)
    return f"it holds {size(beyond)} that {source.place} has not written" if beyond else None


def _beyond(source: Seen, standby: Seen, before: NodeMemory | None) -> int:
    """Bytes that the standby certainly held before the primary's position was read, beyond that position.

    Nodes are looked at moments apart: a standby that was read later may rightly be ahead.
    """
    end = position(source.facts.current_lsn)
    has = position(furthest(standby.facts.received_lsn, standby.facts.replayed_lsn))
    if end is None or has is None or has <= end:
        return 0
    if standby.read_before(source):
        return has - end
    held = position(before.received_lsn) if before is not None and before.seen_at < source.at else None
    return max(0, min(has, held) - end) if held is not None else 0


def _disproved(standby: Seen, feed: Feed, before: NodeMemory, has: str | None) -> bool:
    """It was made anew, or it has since replayed what only its primary could send."""
    then, now, replayed = position(before.diverged_lsn), position(has), position(standby.facts.replayed_lsn)
    if then is None or now is None:
        return then is None
    started = standby.moment(standby.facts.started_at) if standby.facts.started_at is not None else None
    anew = now < then and started is not None and started > before.seen_at
    return anew or (feed.state is Fed.BY_PRIMARY and replayed is not None and replayed > then)
