"""Is the target fed by this primary, seen from both ends: same identifier, timeline and "streaming" do not show it.

A clone of the primary looks the same. What tells is the primary's own sender: its slot or name, and positions that lie
between what it has sent and what was confirmed to it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from bc_lib.connectors.postgresql.execution import statements
from bc_lib.connectors.postgresql.execution.link import Link
from bc_lib.connectors.postgresql.execution.marker import OtherHistory
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain import feed_ends
from bc_lib.domain.lsn import position
from bc_lib.domain.observation import Reach
from bc_lib.domain.words import size

TRIES, AGAIN_S, ARRIVES_S, POLL_S = 3, 0.2, 5.0, 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """`fed` None: the standby receives nothing now, or one of them could not be asked (`unseen`)."""

    fed: bool | None
    sentence: str
    figure: str = ""
    unseen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Receiver:
    status: str
    slot: str
    name: str
    received: int | None
    sender: str


def look(old: Link, target: Link) -> Feed:
    """Whether `old` feeds `target`. A refusal is looked at again: a receiver that has just begun anew is nowhere yet.

    Raises Trouble where one of them cannot be asked.
    """
    found = _look(old, target)
    for _ in range(TRIES - 1):
        if found.fed is not False:
            break
        time.sleep(AGAIN_S)
        found = _look(old, target)
    return found


def arrives(old: Link, target: Link, within_s: float = ARRIVES_S) -> None:
    """Wait until what `old` has written by now is received by `target`, and no more than that.

    Raises OtherHistory where the target holds what `old` never wrote, Trouble where nothing arrives in time.
    """
    (marker,) = old.row(statements.WRITTEN)
    until = time.monotonic() + within_s
    while True:
        receiver = _receiver(target)
        if (receiver.received or 0) >= (position(str(marker)) or 0):
            break
        if time.monotonic() > until:
            raise Trouble(
                Reach.ERROR,
                f"{target.endpoint.place} did not receive in {within_s:.0f} s what {old.endpoint.place} wrote.",
            )
        time.sleep(POLL_S)
    (now,) = old.row(statements.WRITTEN)
    if (receiver.received or 0) > (position(str(now)) or 0):
        raise OtherHistory(_ahead(old, target, receiver, position(str(now)) or 0))


def _look(old: Link, target: Link) -> Feed:
    before = _receiver(target)
    if before.status != "streaming":
        return Feed(fed=None, sentence=f"{target.endpoint.place} receives nothing now.")
    senders = old.rows(statements.SENDERS)
    (written,) = old.row(statements.WRITTEN)
    after = _receiver(target)
    here, there = old.endpoint.node, target.endpoint.node
    if not feed_ends.was_written(before.received, position(str(written))):
        return Feed(
            fed=False,
            sentence=_ahead(old, target, before, position(str(written)) or 0),
            figure=f"it receives from {before.sender}",
        )
    asked = f"slot {before.slot}" if before.slot else f"name {before.name}"
    mine = [
        # One that catches up sends again from the beginning of a segment.
        (before.received if state == "catchup" else position(sent), position(flushed))
        for name, slot, state, sent, flushed in senders
        if feed_ends.named_alike(before.name or None, before.slot, str(name or ""), slot, slots=True)
    ]
    if not mine:
        return Feed(
            fed=False,
            sentence=f"{here} lists no sender for {there} ({asked}), which receives from {before.sender}.",
            figure=f"{len(senders)} senders at {here}",
        )
    if not any(_between(before, after, sent, flushed) for sent, flushed in mine):
        return Feed(
            fed=False,
            sentence=f"{here} sends to somebody else under the {asked} of {there}, which receives from "
            f"{before.sender}: the positions do not fit.",
            figure=asked,
        )
    return Feed(fed=True, sentence=f"{here} lists the sender of {there}.", figure=asked)


def _between(before: _Receiver, after: _Receiver, sent: int | None, flushed: int | None) -> bool:
    """The standby cannot hold more than was sent later, nor confirm more than it holds later still."""
    if before.received is None or after.received is None or sent is None:
        return False
    return feed_ends.was_written(before.received, sent) and feed_ends.was_received(flushed, after.received)


def _receiver(target: Link) -> _Receiver:
    status, slot, name, received, sender, hidden = target.row(statements.FED)
    if hidden:
        raise unreadable(target)
    return _Receiver(
        status=str(status or ""),
        slot=str(slot or ""),
        name=str(name or ""),
        received=position(received),
        sender=str(sender or "an unknown server"),
    )


def unreadable(target: Link) -> Trouble:
    """A receiver that we may not read: who sends to it is not known, and that nobody does is not either."""
    return Trouble(
        Reach.ERROR,
        f"Whether anybody sends to {target.endpoint.place} may not be read there; grant pg_monitor to the execution "
        "account (sql/grants/postgresql_execution.sql).",
    )


def _ahead(old: Link, target: Link, receiver: _Receiver, written: int) -> str:
    more = size((receiver.received or 0) - written)
    return (
        f"{target.endpoint.place} holds {more} that {old.endpoint.place} never wrote: it has followed another server "
        f"({receiver.sender})."
    )
