"""Logical slots (change data capture, subscriptions): what a move leaves behind, and who can hold up a stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.lsn import behind
from bc_lib.domain.observation import Downstream, NodeFacts, Slot

QUIET_S = 10.0
"""A consumer that has only just connected may not have confirmed anything yet."""

HELD_UP_BYTES = 16 << 20
"""A consumer that has confirmed less than this short of what it was sent is taken to be working."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicalSlot:
    """A slot of the primary and what becomes of it when a standby takes over."""

    slot: Slot
    why: str  # a clause that says why it is left behind; empty where the standby holds a finished copy of it

    def words(self) -> str:
        """`cdc (pgoutput, database orders): ...`."""
        about = ", ".join(part for part in (self.slot.plugin, _of(self.slot.database)) if part)
        return f"{self.slot.name}{f' ({about})' if about else ''}: {self.why or 'synchronised'}"

    @property
    def synchronised(self) -> bool:
        """Whether a move takes it along."""
        return not self.why


def logical_slots(source: NodeFacts, standby: NodeFacts | None) -> tuple[LogicalSlot, ...]:
    """Each logical slot of `source`, by name; `standby` None: what it holds is not known."""
    return tuple(_fate(slot, standby) for slot in source.slots if slot.logical and not slot.temporary)


def holds_up_stop(sender: Downstream, node_time: datetime | None) -> bool:
    """Whether a stop would wait for this logical consumer: it never confirmed, or is far behind what it was sent.

    A stopping server waits until each consumer has confirmed everything; only its connection's end or a kill ends that.
    """
    if sender.flushed_lsn is not None:
        return (behind(sender.sent_lsn, sender.flushed_lsn) or 0) > HELD_UP_BYTES
    if sender.began_at is None or node_time is None:
        return True
    return (node_time - sender.began_at).total_seconds() > QUIET_S


def finished(copy: Slot) -> bool:
    """Whether a standby's slot is a copy that a promotion makes good."""
    return bool(copy.synced) and not copy.temporary and copy.wal_status != "lost"


def _fate(slot: Slot, standby: NodeFacts | None) -> LogicalSlot:
    return LogicalSlot(slot=slot, why=_left_behind(slot, standby))


def _left_behind(slot: Slot, standby: NodeFacts | None) -> str:
    if slot.wal_status == "lost":
        return "it is lost already"
    if not slot.failover:
        none = "this version has no failover slots, which begin with PostgreSQL 17"
        return none if slot.failover is None else "it is no failover slot"
    if standby is None or "slots" in standby.missing:
        return "whether the standby holds a copy is not known"
    copy = next((one for one in standby.slots if one.name == slot.name), None)
    if copy is None or not copy.synced:
        return "the standby holds no synchronised copy of it; see sync_replication_slots there"
    return "" if finished(copy) else "its copy at the standby is not finished, or invalid"


def _of(database: str | None) -> str | None:
    return f"database {database}" if database else None
