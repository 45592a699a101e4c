"""Looks closely at audit rows that do not simply continue the chain, and says which record is to blame."""

from __future__ import annotations

import json
from hashlib import sha256

from bc_lib.domain.audit import AuditRow, Head
from bc_lib.domain.audit_findings import ChainReport, Wrong, records

GENESIS = bytes(32)


def said_number(body: bytes) -> int | None:
    """The number that a stored record itself states; None where it is no record."""
    try:
        number = json.loads(body)["seq"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return number if isinstance(number, int) else None


def fits(row: AuditRow) -> bool:
    """True where the row's hash is that of its content."""
    return sha256(row.prev_hash + row.body).digest() == row.hash


class Walk:
    """Where we are in the chain: the number and hash (None: cannot be told) that the next row must continue."""

    def __init__(self, report: ChainReport, start: tuple[int, bytes], head: Head | None) -> None:
        self._report = report
        self._head = head
        self._previous: AuditRow | None = None
        self._number = start[0]
        self._last: bytes | None = start[1]
        self._before: bytes | None = None  # the hash that the previous row continued
        self._shift = 0  # by how much rows were renumbered after an inserted or removed one
        self._moved: dict[int, bytes] = {}  # records that were met elsewhere
        self._put_in = False  # the row before was a forged one between two

    def passed(self, row: AuditRow) -> None:
        """`row` continues the chain."""
        self._previous, self._before = row, self._last
        self._number, self._last = row.seq, row.hash

    def look(self, row: AuditRow, following: AuditRow | None) -> tuple[int, bytes | None]:
        """Note what is wrong with `row` or beside it; the number and hash to go on from."""
        said, whole = said_number(row.body), fits(row)
        if self._inserted(row, following):
            self._report.add(
                row.seq, Wrong.FORGED, f"Record {row.seq} is forged: the record after it continues the one before it."
            )
            self._put_in = True
            return self._number, self._last
        if not whole:
            return self._unfit(row)
        if said is None:
            self._report.add(row.seq, Wrong.FORGED, f"Record {row.seq} is forged: it is no record of this log.")
            return self._go(row, row.seq - self._shift, row.hash)
        if said != row.seq - self._shift:
            return self._displaced(row, said, following)
        return self._in_place(row)

    def finish(self) -> None:
        """Compare the end with the database's own."""
        head, number = self._head, self._number
        if head is None:
            return
        if number < head.seq:
            self._report.add(
                number + 1,
                Wrong.TAIL_CUT,
                f"{records(number + 1, head.seq)} missing: the end of the log was cut off.",
                head.seq,
            )
        elif number > head.seq:
            self._report.add(
                head.seq + 1,
                Wrong.FORGED,
                f"{records(head.seq + 1, number)} forged: behind the end of the log, "
                "not written through it (or its end was set back).",
                number,
            )
        elif self._last is not None and self._last != head.hash:
            self._report.add(
                number,
                Wrong.REWRITTEN,
                f"Record {number} was rewritten with its hash: the end of the log remembers another.",
            )

    def _go(self, row: AuditRow, number: int, last: bytes | None) -> tuple[int, bytes | None]:
        self._previous, self._before = row, self._last
        self._number, self._last = number, last
        return number, last

    def _inserted(self, row: AuditRow, following: AuditRow | None) -> bool:
        """The chain goes on without `row`: what follows continues the row before it."""
        return (
            following is not None
            and self._last is not None
            and following.prev_hash == self._last
            and following.prev_hash != row.hash
            and row.prev_hash != following.hash
        )

    def _unfit(self, row: AuditRow) -> tuple[int, bytes | None]:
        number = row.seq - self._shift
        self._gap(number)
        if self._head is not None and number > self._head.seq:
            self._report.add(
                row.seq,
                Wrong.FORGED,
                f"Record {row.seq} is forged: behind the end of the log, with a hash that does not fit.",
            )
        else:
            self._report.add(
                row.seq, Wrong.CHANGED, f"Record {row.seq} was changed: its content and its hash do not fit."
            )
        return self._go(row, max(number, self._number), row.hash)

    def _in_place(self, row: AuditRow) -> tuple[int, bytes | None]:
        number = row.seq - self._shift
        if number <= self._number:
            self._report.add(row.seq, Wrong.FORGED, f"Record {row.seq} stands there twice; one of the two is forged.")
            return self._go(row, self._number, row.hash)
        if not self._gap(number) and self._last is not None and row.prev_hash != self._last:
            self._broken(row)
        return self._go(row, number, row.hash)

    def _displaced(self, row: AuditRow, said: int, following: AuditRow | None) -> tuple[int, bytes | None]:
        """A whole record at another place than it says."""
        after = said_number(following.body) if following is not None else None
        if after is None or (following is not None and after - said == following.seq - row.seq):
            return self._renumbered(row, said)
        place = row.seq - self._shift
        if place in self._moved:
            return self._go(row, place, self._moved.pop(place))  # the other half of an exchange that is noted
        self._moved[said] = row.hash
        self._report.add(
            row.seq,
            Wrong.REORDERED,
            f"Record {row.seq} holds what was written as record {said}: records were reordered.",
        )
        return self._go(row, place, None)

    def _renumbered(self, row: AuditRow, said: int) -> tuple[int, bytes | None]:
        """From `row` on, all records stand elsewhere: one was put in or taken out before."""
        previous, place = self._previous, row.seq - self._shift
        if place in self._moved:
            return self._go(row, place, self._moved.pop(place))
        self._shift = row.seq - said
        if said <= self._number and previous is not None:
            self._report.add(
                previous.seq,
                Wrong.FORGED,
                f"Record {previous.seq} is forged: the record after it, written as "
                f"number {said}, does not continue it.",
            )
        elif not self._gap(said) and not self._put_in:
            self._report.add(said, Wrong.REORDERED, f"Record {said} stands under the number {row.seq}.")
        self._put_in = False
        return self._go(row, said, row.hash)

    def _gap(self, number: int) -> bool:
        first, last = self._number + 1, number - 1
        if first > last:
            return False
        self._report.add(first, Wrong.MISSING, f"{records(first, last)} missing: deleted from the log.", last)
        return True

    def _broken(self, row: AuditRow) -> None:
        """`row` is whole and in its place, but remembers another hash of the record before."""
        previous = self._previous
        if previous is None:
            self._report.add(row.seq, Wrong.REWRITTEN, f"Record {row.seq} does not continue the beginning of the log.")
        elif row.prev_hash == self._before:
            self._report.add(
                previous.seq,
                Wrong.FORGED,
                f"Record {previous.seq} is forged: record {row.seq} continues the one before it.",
            )
        else:
            self._report.add(
                previous.seq,
                Wrong.REWRITTEN,
                f"Record {previous.seq} was rewritten with its hash: record {row.seq} remembers another.",
            )
