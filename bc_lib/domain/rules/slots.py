"""Replication slots: our standbys' own, somebody else's, and logical ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bc_lib.domain.assessment import Reason
from bc_lib.domain.logical_slots import holds_up_stop, logical_slots
from bc_lib.domain.observation import Slot
from bc_lib.domain.rules.scene import Scene, Seen
from bc_lib.domain.words import size

RETAINED_WAL_BYTES = 1 << 30
SHOWN = 5


def judge(scene: Scene) -> Iterator[Reason]:
    """Reasons about the slots of every node seen."""
    for node in scene.standbys:
        # Nobody streams from such a slot, so it grows until somebody drops it: one that a move left behind, say.
        yield from _retained(scene, node, tuple(slot for slot in node.facts.slots if not slot.active))
    if scene.source is not None:
        yield from _lost(scene, scene.source)
        yield from _retained(scene, scene.source, scene.source.facts.slots)
        yield from _logical(scene, scene.source)


def own_slot(standby: Seen) -> str | None:
    """The slot from which a standby receives, or would: its receiver's, else its setting's. None: none or not known."""
    upstream = standby.facts.upstream
    return None if upstream is None else upstream.slot_name or upstream.configured_slot


def _lost(scene: Scene, source: Seen) -> Iterator[Reason]:
    """One reason for each standby whose slot is lost; the slots of others are told, and forbid nothing."""
    owners = {name: standby for standby in scene.standbys if (name := own_slot(standby)) is not None}
    for slot in source.facts.slots:
        if slot.wal_status != "lost":
            continue
        owner = None if slot.logical else owners.get(slot.name)
        if owner is not None:
            text = (
                f"The replication slot {_shown(slot)} of {owner.place} lost the WAL that it needs: it cannot catch up."
            )
            yield Reason(code="SLOT_LOST", node=owner.name, text=text)
        else:
            kind = "logical " if slot.logical else ""
            text = f"The {kind}replication slot {_shown(slot)} at {source.place} lost its WAL; no standby seen uses it."
            yield Reason(code="SLOT_LOST_OTHER", node=source.name, text=text)


def _retained(scene: Scene, node: Seen, slots: Sequence[Slot]) -> Iterator[Reason]:
    limit = scene.resource.thresholds.retained_wal_warn_bytes
    limit = RETAINED_WAL_BYTES if limit is None else limit
    for slot in slots:
        kept = slot.retained_bytes
        if slot.wal_status == "lost":
            continue
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


def _logical(scene: Scene, source: Seen) -> Iterator[Reason]:
    standby = next(iter(scene.candidates), None)
    left = [one.words() for one in logical_slots(source.facts, standby.facts if standby else None) if one.why]
    if left:
        yield Reason(
            code="LOGICAL_SLOTS_LEFT",
            node=source.name,
            figures={"slots": len(left)},
            text=f"A move would not take these logical slots of {source.place} along: {_few(left)}.",
        )
    silent = [one for one in source.facts.logical_senders if holds_up_stop(one, source.facts.node_time)]
    if silent:
        names = [one.slot_name or one.application_name or "(no name)" for one in silent]
        yield Reason(
            code="LOGICAL_SENDER_SILENT",
            node=source.name,
            figures={"senders": len(silent)},
            text=f"Logical consumers at {source.place} do not confirm what they were sent, so a stop of the server "
            f"would wait for them: {_few(names)}.",
        )


def _few(texts: Sequence[str]) -> str:
    shown = [ascii(text)[1:-1] for text in texts[:SHOWN]]
    more = len(texts) - SHOWN
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")


def _shown(slot: Slot) -> str:
    return ascii(slot.name)[1:-1]
