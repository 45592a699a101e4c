"""The nodes' own troubles that stand in the way of a move, or will: transactions, waits, time, unlogged tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bc_lib.domain.assessment import Reason
from bc_lib.domain.observation import Unlogged
from bc_lib.domain.rules.scene import Scene, Seen
from bc_lib.domain.words import count, duration, size

LATENCY_S = 0.5
COLD_FACTOR = 4.0
"""A round over fresh connections adds the sign-in's round trips, so its answers may take that much longer."""

LONG_TRANSACTION_S = 600.0
OLD_PREPARED_S = 300.0
SHOWN = 5


def judge(scene: Scene) -> Iterator[Reason]:
    """Reasons from every node, and from the primary's own figures."""
    for node in scene.seen:
        yield from slow(scene, node)
    if scene.source is not None:
        yield from _transactions(scene, scene.source)
        yield from _waiters(scene.source)
        yield from _unlogged(scene.source)


def slow(scene: Scene, node: Seen) -> Iterator[Reason]:
    """A node that answers later than latency_warn."""
    limit = scene.resource.thresholds.latency_warn_s
    limit = (LATENCY_S if limit is None else limit) * (COLD_FACTOR if scene.cold else 1.0)
    if node.latency_s is not None and node.latency_s > limit:
        yield Reason(
            code="SLOW",
            node=node.name,
            figures={"latency_s": round(node.latency_s, 3), "limit_s": limit},
            text=f"{node.place} took {duration(node.latency_s)} to answer, "
            f"over the warning level of {duration(limit)}.",
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
            text=f"A transaction at {source.place} has been open for {duration(facts.oldest_transaction_s)}.",
        )
    oldest = facts.oldest_prepared_s
    if facts.prepared_transactions and (oldest is None or oldest > OLD_PREPARED_S):
        age = "of unknown age" if oldest is None else f"open for up to {duration(oldest)}"
        yield Reason(
            code="PREPARED_TRANSACTION",
            node=source.name,
            figures={"count": facts.prepared_transactions, "oldest_s": oldest},
            text=f"{count(facts.prepared_transactions, 'prepared transaction')} at {source.place}, {age}.",
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
            text=f"{count(waiting, 'session')} at {source.place} {'waits' if waiting == 1 else 'wait'} "
            "for a synchronous standby, and none is connected.",
        )


def _unlogged(source: Seen) -> Iterator[Reason]:
    tables = source.facts.unlogged
    if tables:
        known = sum(table.size_bytes or 0 for table in tables)
        yield Reason(
            code="UNLOGGED_TABLES",
            node=source.name,
            figures={"tables": len(tables), "size_bytes": known},
            text=f"Replication does not carry {unlogged_words(tables)}; a move leaves them empty.",
        )


def unlogged_words(tables: Sequence[Unlogged]) -> str:
    """`the unlogged tables public.cart (32 kB), public.seen (8 kB) and 3 more`: of the database we are connected to."""
    shown = [
        f"{ascii(table.name[:80])[1:-1]} ({'size not known' if table.size_bytes is None else size(table.size_bytes)})"
        for table in tables[:SHOWN]
    ]
    more = f" and {len(tables) - SHOWN} more" if len(tables) > SHOWN else ""
    return f"the unlogged table{'s' if len(tables) > 1 else ''} {', '.join(shown)}{more}"
