"""Figures that could not be read, and what hangs on each: a verdict, the status, or nothing (decisions 11 and 22)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bc_lib.domain.assessment import Reason
from bc_lib.domain.observation import Role
from bc_lib.domain.rules.scene import Scene, Seen
from bc_lib.domain.words import one_line

SHOWN = 5
ALWAYS_TOLD = frozenset({"system_identifier", "timeline", "current_lsn", "replayed_lsn", "replay_paused", "upstream"})
"""A server of that role always has these: without one it was not told, whether the connector says so or not."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A field of NodeFacts and what people call it. `verdict`: a rule takes a verdict from it, else the status only."""

    field: str
    words: str
    verdict: bool


AT_PRIMARY = (
    Figure("system_identifier", "system identifier", True),
    Figure("timeline", "timeline", True),
    Figure("current_lsn", "current position", True),
    Figure("downstreams", "list of standbys", True),
    Figure("slots", "replication slots", True),
    Figure("sync_standby_names", "synchronous_standby_names", True),
    Figure("read_only", "default_transaction_read_only", False),
    Figure("sync_waiters", "commits that wait for a standby", False),
    Figure("archive_failures_since", "state of archiving", False),
    Figure("oldest_transaction_s", "oldest transaction", False),
    Figure("prepared_transactions", "prepared transactions", False),
    Figure("oldest_prepared_s", "age of prepared transactions", False),
    Figure("collation_version", "collation version", False),
)
AT_STANDBY = (
    Figure("system_identifier", "system identifier", True),
    Figure("timeline", "timeline", True),
    Figure("received_lsn", "received position", True),
    Figure("replayed_lsn", "replayed position", True),
    Figure("replay_paused", "replay paused", True),
    Figure("replay_delay_s", "recovery_min_apply_delay", True),
    Figure("upstream", "WAL receiver", True),
    Figure("slots", "replication slots", False),
    Figure("collation_version", "collation version", False),
)
ELSEWHERE = {
    "role": "CHECK_FAILED",
    "settings": "LIMITS_UNKNOWN, for those that decide",
    "heartbeat": "HEARTBEAT_UNKNOWN",
    "node_time": "HEARTBEAT_UNKNOWN",
}
"""Fields whose absence another rule says."""


def judge(scene: Scene) -> Iterator[Reason]:
    """Up to one reason a node and weight."""
    for node in scene.seen:
        deciding = _deciding(scene, node)
        absent = [figure for figure in deciding if _absent(node, figure)]
        yield from _reason("FIGURES_MISSING", node, [figure for figure in absent if figure.verdict])
        yield from _reason("FIGURES_UNREAD", node, [figure for figure in absent if not figure.verdict])
        known = {figure.field for figure in deciding}
        rest = [Figure(name, name, False) for name in node.facts.missing if name not in known]
        yield from _reason("FIGURES_HIDDEN", node, rest)


def _deciding(scene: Scene, node: Seen) -> tuple[Figure, ...]:
    if node.facts.role is Role.STANDBY:
        return AT_STANDBY
    return AT_PRIMARY if node in scene.primaries else ()


def _absent(node: Seen, figure: Figure) -> bool:
    if figure.field in node.facts.missing:
        return True
    return figure.field in ALWAYS_TOLD and getattr(node.facts, figure.field) is None


def _reason(code: str, node: Seen, absent: list[Figure]) -> Iterator[Reason]:
    if absent:
        named = [f"{ascii(figure.words)[1:-1]}{_why(node, figure)}" for figure in absent[:SHOWN]]
        more = f" and {len(absent) - SHOWN} more" if len(absent) > SHOWN else ""
        text = f"{node.place} answered, but could not be read: {', '.join(named)}{more}."
        yield Reason(code=code, node=node.name, text=text)


def _why(node: Seen, figure: Figure) -> str:
    why = node.facts.missing_why.get(figure.field)
    return f" ({one_line(why)})" if why else ""
