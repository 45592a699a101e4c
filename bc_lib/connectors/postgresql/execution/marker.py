"""Where a standby stands against the last record of a server that was stopped: before it, at its end, or beyond.

Beyond is a different history: nothing comes after a shutdown checkpoint, so whoever holds more has it from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.lsn import position

# Of a shutdown checkpoint: header, length bytes, struct CheckPoint (the same size from 13 to 18).
RECORD_BYTES, ALIGN = 24 + 2 + 88, 8
SHORT_HEADER, LONG_HEADER = 24, 40  # at the beginning of a page, of a segment
KNOWN = range(13, 19)
# More than the longest such record of any version, for those whose record we do not know.
TOLERANCE_BYTES = 512


class OtherHistory(Exception):
    """The standby cannot have what it holds from the server that was stopped; the message is one sentence."""


def end_of(marker: str, page_bytes: int, segment_bytes: int) -> int:
    """The position right after the shutdown checkpoint that begins at `marker`, page headers included."""
    at, left = position(marker) or 0, RECORD_BYTES
    while left > (room := page_bytes - at % page_bytes):
        left -= room
        at += room
        at += SHORT_HEADER if at % segment_bytes else LONG_HEADER
    return at + -(-left // ALIGN) * ALIGN


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a cluster writes its log. `version` as 180006."""

    version: int
    page_bytes: int
    segment_bytes: int

    def last(self, marker: str) -> int:
        """The furthest position of a standby that holds `marker` and nothing more."""
        if self.version // 10000 in KNOWN:
            return end_of(marker, self.page_bytes, self.segment_bytes)
        return (position(marker) or 0) + TOLERANCE_BYTES

    def holds(self, marker: str, replayed: str | None, received: str | None) -> bool | None:
        """True at the end of the record at `marker`, False before it, None beyond it or between two of its ends."""
        first, last = position(marker) or 0, self.last(marker)
        at, got = position(replayed) or 0, position(received) or 0
        if max(at, got) > last or (first < at < last and self.version // 10000 in KNOWN):
            return None
        return at > first
