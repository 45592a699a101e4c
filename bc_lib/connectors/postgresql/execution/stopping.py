"""Who can hold up a clean stop of the primary: consumers of its log that do not confirm, and the archiver.

A server that stops sends everything to everybody who reads its log and waits until they confirm it; then it waits for
the archiver, which works off all that is ready. Neither has a limit but wal_sender_timeout.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from bc_lib.connectors.postgresql.execution import statements
from bc_lib.connectors.postgresql.execution.link import Link
from bc_lib.domain.lsn import behind, position

CONFIRMS_S, POLL_S = 1.5, 0.1
# A sender asks for an answer after half of wal_sender_timeout; without a limit nobody asks, and most report every 10 s.
SLACK_S, SILENT_S = 3.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A sender that has not confirmed what was written `CONFIRMS_S` ago, or is silent. `ends_s`: when the server gives
    it up by itself; None: never. `moves`: it confirmed something meanwhile. `backup`: a base backup; the stop ends it.
    """

    name: str
    slot: str
    logical: bool
    backup: bool
    moves: bool
    behind_bytes: int | None
    ends_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What waits for the archiver. `oldest_s`: how long the oldest segment has been waiting. `fails`: its command ends
    with an error, so that a stop tries three times and goes on."""

    waiting: int
    oldest_s: float
    fails: bool
    configured: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """What a stop would wait for. `archive` None: archiving is off."""

    readers: tuple[Reader, ...]
    archive: Archive | None


def look(old: Link, target_slot: str, target_name: str) -> Stop:
    """At the primary; the target's own sender is judged by its lag. Raises Trouble."""
    (written,) = old.row(statements.WRITTEN)
    first = _rows(old, target_slot, target_name)
    until, last = time.monotonic() + CONFIRMS_S, first
    while _behind(last, str(written)) and time.monotonic() < until:
        time.sleep(POLL_S)
        last = _rows(old, target_slot, target_name)
    readers = []
    for pid in _behind(last, str(written)):
        name, slot, logical, state, confirmed, reply_age, timeout_s = last[pid]
        gives_up = bool(timeout_s) and _silent(last[pid])
        readers.append(
            Reader(
                name=str(name or ""),
                slot=str(slot or ""),
                logical=bool(logical),
                backup=state == "backup",
                moves=pid in first and confirmed != first[pid][4],
                behind_bytes=behind(str(written), confirmed),
                ends_s=max(0.0, float(timeout_s) - float(reply_age or 0)) if gives_up else None,
            )
        )
    return Stop(readers=tuple(readers), archive=_archive(old))


_Row = tuple[object, object, object, object, str | None, float | None, float]


def _rows(old: Link, target_slot: str, target_name: str) -> dict[int, _Row]:
    found = {}
    for pid, name, slot, *rest in old.rows(statements.READERS):
        if not (slot == target_slot if target_slot else name == target_name):
            found[int(pid)] = (name, slot, *rest)
    return found


def _silent(row: _Row) -> bool:
    """The time of an answer is the consumer's own: one that would have been given up already is on another clock."""
    *_, reply_age, timeout_s = row
    if not timeout_s:
        return reply_age is not None and reply_age > SILENT_S
    return reply_age is not None and timeout_s / 2 + SLACK_S < reply_age <= timeout_s + SLACK_S


def _behind(rows: dict[int, _Row], written: str) -> list[int]:
    wanted = position(written) or 0
    return [pid for pid, row in rows.items() if row[3] == "backup" or (position(row[4]) or 0) < wanted or _silent(row)]


def _archive(old: Link) -> Archive | None:
    on, configured, waiting, oldest_s, fails = old.row(statements.ARCHIVING)
    if not on:
        return None
    return Archive(waiting=int(waiting), oldest_s=float(oldest_s or 0), fails=bool(fails), configured=bool(configured))
