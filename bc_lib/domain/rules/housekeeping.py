"""The nodes' own troubles that stand in the way of a move, or will: slots, archive, transactions, waits, time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bc_lib.domain.assessment import Reason
from bc_lib.domain.observation import Slot
from bc_lib.domain.rules.scene import Scene, Seen
from bc_lib.domain.words import clock, count, duration, size

RETAINED_WAL_BYTES = 1 << 30
LATENCY_S = 0.5
COLD_FACTOR = 4.0
"""A round over fresh connections adds the sign-in's round trips, so its answers may take that much longer."""

LONG_TRANSACTION_S = 600.0
OLD_PREPARED_S = 300.0


def judge(scene: Scene) -> Iterator[Reason]:
    """Reasons from every node, and from the primary's own figures."""
    for node in scene.seen:
        yield from slow(scene, node)
        yield from _hidden(node)
    for node in scene.standbys:
        # Nobody streams from such a slot, so it grows until somebody drops it: one that a move left behind, say.
        yield from _retained(scene, node, tuple(slot for slot in node.facts.slots if not slot.active))
    if scene.source is not None:
        yield from _figures(scene.source)
        yield from _slots(scene, scene.source)
        yield from _archive(scene.source)
        yield from _transactions(scene, scene.source)
        yield from _waiters(scene.source)


def slow(scene: Scene, node: Seen) -> Iterator[Reason]:
    """A node that answers later than latency_warn."""
    limit = scene.resource.thresholds.latency_warn_s
    limit = (LATENCY_S if limit is None else limit) * (COLD_FACTOR if scene.cold else 1.0)
    if node.latency_s is not None and node.latency_s > limit:
        yield Reason(
            code="SLOW",
            node=node.name,
            figures={"latency_s": round(node.latency_s, 3), "limit_s": limit},
            text=f"{node.name} took {duration(node.latency_s)} to answer, over the warning level of {duration(limit)}.",
        )


def _hidden(node: Seen) -> Iterator[Reason]:
    if node.facts.missing:
        names = ", ".join(ascii(name)[1:-1] for name in node.facts.missing[:5])
        yield Reason(
            code="FIGURES_HIDDEN",
            node=node.name,
            text=f"Our account may not read some figures at {node.name}: {names}.",
        )


def _figures(source: Seen) -> Iterator[Reason]:
    if source.facts.current_lsn is None:
        yield Reason(
            code="FIGURES_MISSING",
            node=source.name,
            text=f"{source.name} answered, but its current position could not be read.",
        )


def _slots(scene: Scene, source: Seen) -> Iterator[Reason]:
    for slot in source.facts.slots:
        if slot.wal_status == "lost":
            text = f"The replication slot {_shown(slot)} lost the WAL its standby needs."
            yield Reason(code="SLOT_LOST", node=source.name, text=text)
    yield from _retained(scene, source, tuple(slot for slot in source.facts.slots if slot.wal_status != "lost"))


def _retained(scene: Scene, node: Seen, slots: Sequence[Slot]) -> Iterator[Reason]:
    limit = scene.resource.thresholds.retained_wal_warn_bytes
    limit = RETAINED_WAL_BYTES if limit is None else limit
    for slot in slots:
        kept = slot.retained_bytes
        if slot.wal_status == "unreserved" or (kept is not None and kept > limit):
            amount = (
                f"holds back {size(kept)} of WAL"
                if kept is not None
                else "holds back WAL that the server is about to drop"
            )
            yield Reason(
                code="RETAINED_WAL",
                node=node.name,
                figures={"retained_bytes": kept, "limit_bytes": limit},
                text=f"The replication slot {_shown(slot)} {amount}; the warning level is {size(limit)}.",
            )


def _shown(slot: Slot) -> str:
    return ascii(slot.name)[1:-1]


def _archive(source: Seen) -> Iterator[Reason]:
    since = source.facts.archive_failures_since
    if since is not None:
        yield Reason(
            code="ARCHIVE_FAILING",
            node=source.name,
            text=f"Archiving WAL at {source.name} has failed since {clock(since)}.",
        )


def _transactions(scene: Scene, source: Seen) -> Iterator[Reason]:
    facts = source.facts
    limit = scene.resource.thresholds.long_transaction_warn_s
    limit = LONG_TRANSACTION_S if limit is None else limit
    if facts.oldest_transaction_s is not None and facts.oldest_transaction_s > limit:
        yield Reason(
            code="LONG_TRANSACTION",
            node=source.name,
            figures={"age_s": round(facts.oldest_transaction_s, 1), "limit_s": limit},
            text=f"A transaction at {source.name} has been open for {duration(facts.oldest_transaction_s)}.",
        )
    oldest = facts.oldest_prepared_s
    if facts.prepared_transactions and (oldest is None or oldest > OLD_PREPARED_S):
        age = "of unknown age" if oldest is None else f"open for up to {duration(oldest)}"
        yield Reason(
            code="PREPARED_TRANSACTION",
            node=source.name,
            figures={"count": facts.prepared_transactions, "oldest_s": oldest},
            text=f"{count(facts.prepared_transactions, 'prepared transaction')} at {source.name}, {age}.",
        )


def _waiters(source: Seen) -> Iterator[Reason]:
    waiting = source.facts.sync_waiters
    answered = any(
        item.sync_state in {"sync", "quorum"} and item.state == "streaming" for item in source.facts.downstreams
    )
    if waiting and not answered:
        yield Reason(
            code="SYNC_WAITERS",
            node=source.name,
            figures={"waiters": waiting},
            text=f"{count(waiting, 'session')} at {source.name} {'waits' if waiting == 1 else 'wait'} "
            "for a synchronous standby, and none is connected.",
        )
