"""WAL that a rewind reads at the server that is rewound: from the fork back to the last checkpoint before it.

A server removes it at its next checkpoint, and one ends crash recovery: a primary that is killed within a spread
checkpoint has moved its slots past the last finished one already. The new primary has what is missing, since the slot
that a run makes there before the promotion begins no later than that checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

# For crash recovery: its checkpoint removes nothing (PostgreSQL 13 and newer).
KEEP_ALL = ("-c", "wal_keep_size=1TB")
LISTED = "SELECT n FROM pg_ls_dir('pg_wal', true, false) AS n"
CHUNK = 8 * 1024 * 1024
NAME = 24
PARTIAL = ".bc-partial"


def missing(here: Iterable[str], there: Iterable[str], timeline: int) -> list[str]:
    """File names in pg_wal of the new primary: older than everything of the old one, which was on `timeline`."""
    own = [name for name in here if _is_segment(name, timeline)]
    if not own:
        return []
    oldest = min(name[8:] for name in own)
    return sorted(name for name in there if _is_segment(name, timeline) and name[8:] < oldest)


def chunks(size: int) -> Iterator[str]:
    """Statements that give a segment of `size` bytes in base64, piece by piece; `{name}` is its name."""
    for offset in range(0, size, CHUNK):
        length = min(CHUNK, size - offset)
        yield f"SELECT encode(pg_read_binary_file('pg_wal/{{name}}', {offset}, {length}, false), 'base64')"


def _is_segment(name: str, timeline: int) -> bool:
    """A whole segment of that history: its own timeline or one before it."""
    try:
        return len(name) == NAME and int(name[8:], 16) >= 0 and 0 < int(name[:8], 16) <= timeline
    except ValueError:
        return False
