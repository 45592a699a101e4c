"""The audit log as people read it: one page at a time, newest first; the same cells as an export (FR-042)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bc_lib.domain.audit import COLUMNS, AuditFilter, cells
from bc_lib.ports.audit import AuditReader

PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """`lines`: the texts of domain.audit.COLUMNS. `wanted`: the filter with the end of the log it looked at.

    `older`: hand it to the next call as `before`; None where there is nothing older.
    """

    lines: Sequence[tuple[str, ...]]
    wanted: AuditFilter
    older: int | None


def view(reader: AuditReader, wanted: AuditFilter, *, before: int | None = None, size: int = PAGE) -> AuditPage:
    """One page of the records that `wanted` asks for. Exporting `page.wanted` gives exactly these records."""
    with reader.snapshot() as snapshot:
        upto = wanted.upto if wanted.upto is not None else snapshot.head().seq
        asked = replace(wanted, upto=upto)
        rows = list(snapshot.matching(asked, limit=size + 1, before=before, newest_first=True))
    shown = rows[:size]
    return AuditPage(
        lines=[readable(row.seq, row.body) for row in shown],
        wanted=asked,
        older=shown[-1].seq if len(rows) > size else None,
    )


def readable(seq: int, body: bytes) -> tuple[str, ...]:
    """The cells of a stored record; one that cannot be read is shown with its number and as it stands."""
    try:
        return cells(body)
    except ValueError:
        return (str(seq), *[""] * (len(COLUMNS) - 2), body.decode("utf-8", "replace"))
