"""Are a receiver and a sender the two ends of one connection? One rule, for watching and for moving (decision 22).

Nothing proves it; what both ends tell may contradict it. A copy of the primary has the same identifier, timelines and
slots, so positions decide: what an end has told earlier, the other one knows later.
"""

from __future__ import annotations

NAME_LENGTH = 63


def named_alike(called: str | None, slot: str | None, sender: str, sender_slot: str | None, *, slots: bool) -> bool:
    """Whether both ends go by the same name and slot; where the standby uses none the sender has none.

    `called`: how the receiver calls itself, None where it could not be read. PostgreSQL cuts long names, and a sender
    shows what is not ASCII in another way. `slots`: whether the slots at the sender could be read.
    """
    renamed = called is not None and called.isascii() and called[:NAME_LENGTH] != sender[:NAME_LENGTH]
    return not renamed and not (slots and (slot or None) != (sender_slot or None))


def was_written(received: int | None, written: int | None) -> bool:
    """What the standby had received (None: nothing) its sender has by now; None: how far it is could not be read."""
    return written is None or (received or 0) <= written


def was_received(confirmed: int | None, received: int | None) -> bool:
    """What had been confirmed to the sender (None: nothing) the standby has by now; None: what it has was not read."""
    return not received or (confirmed or 0) <= received
