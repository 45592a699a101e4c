"""Logical slots (change data capture, subscriptions): a promotion does not bring them unless they were synchronised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bc_lib.connectors.postgresql.execution.scene import Pad, Scene
from bc_lib.domain.logical_slots import LogicalSlot, finished, logical_slots
from bc_lib.domain.observation import Slot
from bc_lib.domain.words import size

AGAIN = "Make it anew there, and copy to its consumer what it has not read by then."


def check_logical(scene: Scene, pad: Pad) -> None:
    """Before the move: each by name, with whether the target has a copy of it."""
    target = scene.target.facts
    if scene.old.facts is None:
        if target is not None and target.settings.get("wal_level") == "logical":
            kept = ", ".join(name for name, slot in _logical(target.slots).items() if finished(slot))
            pad.warn(
                "logical-slots",
                f"Which logical slots {scene.old.place} has cannot be asked now; those without a copy at "
                f"{scene.target.place} are left behind.",
                f"copies: {kept or 'none'}",
                AGAIN,
            )
        return
    for one in logical_slots(scene.old.facts, target):
        _told(scene, one, pad)


def carried(scene: Scene) -> list[dict[str, Any]]:
    """For the markers: what the closing list needs to know of now."""
    if scene.old.facts is None:
        return []
    return [
        {"name": slot.name, "plugin": slot.plugin, "database": slot.database, "failover": slot.failover}
        for slot in _logical(scene.old.facts.slots).values()
    ]


def close_logical(scene: Scene, noted: Sequence[Mapping[str, Any]], pad: Pad) -> None:
    """After the move: which came along, and which were left behind. `scene.target` is the new primary."""
    if scene.target.facts is None:
        return
    here, there = _logical(scene.target.facts.slots), _logical(scene.old.facts.slots if scene.old.facts else ())
    for one in noted:
        name = str(one["name"])
        words = f"{name} (database {one.get('database')}, {one.get('plugin')})"
        check = f"logical-slot-{name}"
        left = f" It still keeps log at {scene.old.place}: drop it there." if name in there else ""
        if name in here:
            pad.ok(check, f"The logical slot {words} is at {scene.target.place}; lead its consumer there.{left}")
        else:
            pad.warn(check, f"The logical slot {words} was left behind at {scene.old.place}.{left}", hint=AGAIN)


def _told(scene: Scene, one: LogicalSlot, pad: Pad) -> None:
    slot, check = one.slot, f"logical-slot-{one.slot.name}"
    words = f"The logical slot {slot.name} (database {slot.database}, {slot.plugin})"
    figure = f"{size(slot.retained_bytes)} not read" if slot.retained_bytes else ""
    figure += ("; " if figure else "") + ("in use" if slot.active else "nobody reads it")
    if one.synchronised:
        pad.ok(check, f"{words} is synchronised to {scene.target.place}.", figure)
    else:
        pad.warn(check, f"{words} is left behind by the move: {one.why}.", figure, AGAIN)


def _logical(slots: Sequence[Slot]) -> dict[str, Slot]:
    return {slot.name: slot for slot in slots if slot.logical}
