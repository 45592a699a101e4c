"""PostgreSQL log positions (`16/B374D848`) as numbers of bytes."""

from __future__ import annotations

import re

_FORM = re.compile(r"([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})\Z", re.ASCII)


def position(text: str | None) -> int | None:
    """Bytes since the beginning of the log; None when not known or not a position at all."""
    match = _FORM.match(text) if text else None
    return (int(match[1], 16) << 32) + int(match[2], 16) if match else None


def text_of(number: int) -> str:
    """A position as PostgreSQL writes it."""
    return f"{number >> 32:X}/{number & 0xFFFFFFFF:X}"


def behind(leader: str | None, follower: str | None) -> int | None:
    """Bytes `follower` is behind `leader`; 0 when it is past it (it was looked at later). None: not known."""
    ahead, back = position(leader), position(follower)
    return None if ahead is None or back is None else max(0, ahead - back)


def furthest(*texts: str | None) -> str | None:
    """The greatest known position; a standby's received position can be behind its replayed one after a restart."""
    known = [(number, text) for text in texts if (number := position(text)) is not None]
    return max(known)[1] if known else None
