"""What a proof about positions says nothing of: unlogged tables, named the same by the monitor and by a move."""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.domain.loss.values import NotCarried
from bc_lib.domain.words import size

MOST_NAMED = 20
NOT_LOOKED = NotCarried(name="unlogged tables, which could not be looked for")


def unlogged_tables(tables: Sequence[tuple[str, int | None]]) -> tuple[NotCarried, ...]:
    """`tables`: names as people read them with their bytes (None: not known); the most are named, the rest counted."""
    named = tuple(
        NotCarried(name=f"unlogged table {name.removeprefix('public.')}", size_bytes=size_bytes)
        for name, size_bytes in tables[:MOST_NAMED]
    )
    more = len(tables) - MOST_NAMED
    return (*named, NotCarried(name=f"{more} more unlogged tables")) if more > 0 else named


def besides(not_carried: Sequence[NotCarried]) -> str:
    """The sentence about them, after another one; empty where there is nothing."""
    if not not_carried:
        return ""
    named = ", ".join(
        f"{each.name} ({size(each.size_bytes)})" if each.size_bytes is not None else each.name for each in not_carried
    )
    return f" Not replicated at all, and so missing there: {named}."
