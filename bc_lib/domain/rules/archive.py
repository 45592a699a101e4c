"""Archiving of WAL at the primary: it fails, or it hangs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from bc_lib.domain.assessment import Reason
from bc_lib.domain.lsn import position
from bc_lib.domain.observation import Archive
from bc_lib.domain.rules.scene import Scene, Seen
from bc_lib.domain.words import clock, count, duration

SINCE = 2  # place of the time in what is remembered
_SEGMENT = re.compile(r"[0-9A-F]{8}([0-9A-F]{8})([0-9A-F]{8})", re.ASCII)
HANGS_S = 120.0
"""A finished segment is archived within seconds where the command works; a failed one is told as that."""


def judge(scene: Scene) -> Iterator[Reason]:
    """One reason at most."""
    source = scene.source
    if source is None:
        return
    since = source.facts.archive_failures_since
    if since is not None:
        text = f"Archiving WAL at {source.place} has failed since {clock(since)}."
        yield Reason(code="ARCHIVE_FAILING", node=source.name, text=text)
        return
    waits = waits_s(scene, source)
    if waits is not None and waits > HANGS_S:
        archive = source.facts.archive
        many = count(archive.waiting, "segment") if archive is not None and archive.waiting else "Segments"
        yield Reason(
            code="ARCHIVE_HANGS",
            node=source.name,
            figures={"waits_s": round(waits, 1), "segments": archive.waiting if archive else None},
            text=f"{many} of WAL at {source.place} {'waits' if archive and archive.waiting == 1 else 'wait'} for the "
            f"archive, the oldest for {duration(waits)}, and archiving tells no error: it hangs or is too slow.",
        )


def waits_s(scene: Scene, source: Seen) -> float | None:
    """Seconds for which the oldest finished segment has waited; None: none waits, or it cannot be told."""
    facts = source.facts
    if facts.archive is None or facts.archive.mode == "off":
        return None
    if facts.archive.waiting is not None:
        since, now = facts.archive.waiting_since, facts.node_time
        return max(0.0, (now - since).total_seconds()) if since is not None and now is not None else None
    kept = remembered(scene, source)
    waits = len(kept) > SINCE
    return (scene.now - datetime.fromisoformat(kept[SINCE])).total_seconds() if waits else None


def remembered(scene: Scene, node: Seen) -> tuple[str, ...]:
    """What to keep where waiting segments may not be listed: the last archived file, where the WAL ended when it was
    first seen to be the last, and (once a segment was finished after both) since when that waits.
    """
    archive, written = node.facts.archive, node.facts.current_lsn
    if archive is None or archive.mode == "off" or archive.waiting is not None or written is None:
        return ()
    before, last = scene.memory.node(node.name), archive.last_wal or ""
    known = before.archive_waits if before else ()
    if len(known) < SINCE or known[0] != last:
        known = (last, written)
    if len(known) == SINCE and _finished(archive, known[1], written):
        known = (*known, scene.now.isoformat())
    return known


def _finished(archive: Archive, mark: str, written: str) -> bool:
    """Whether a segment was finished after the last archived one, or after `mark` where its name says nothing."""
    size, now, then = archive.segment_bytes, position(written), position(mark)
    if not size or now is None or then is None:
        return False
    named = _SEGMENT.match(archive.last_wal or "")
    done = (int(named[1], 16) << 32) // size + int(named[2], 16) if named else then // size - 1
    return now // size > done + 1
