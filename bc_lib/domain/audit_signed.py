"""Compares an audit log with what signed checkpoints remember of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bc_lib.domain.audit_findings import ChainReport, Wrong, records

NEVER = 1 << 62


class Signed:
    """Walks `signed` (number and hash, in order) beside the rows. `next`: the next number that was signed."""

    def __init__(self, report: ChainReport, signed: Iterable[tuple[int, bytes]]) -> None:
        self._report = report
        self._signed: Iterator[tuple[int, bytes]] = iter(signed)
        self._wrong: list[list[int]] = []
        self.next = 0
        self._hash = b""
        self._take()

    def _take(self) -> None:
        self.next, self._hash = next(self._signed, (NEVER, b""))

    def compare(self, number: int, row_hash: bytes) -> None:
        """`row_hash` is the hash of record `number`."""
        while self.next < number:
            self._take()
        if self.next != number:
            return
        if self._hash != row_hash:
            if self._wrong and self._wrong[-1][1] == number - 1:
                self._wrong[-1][1] = number
            else:
                self._wrong.append([number, number])
        self._take()

    def finish(self, number: int) -> None:
        """After the last record, `number`."""
        for first, last in self._wrong:
            others = "" if first == last else f", and the chain was rewritten from there to record {last}"
            self._report.add(
                first, Wrong.REWRITTEN, f"Record {first} is not what a signed checkpoint says{others}.", last
            )
        end = 0
        while self.next != NEVER:
            end = self.next
            self._take()
        if end > number:
            self._report.add(
                number + 1,
                Wrong.TAIL_CUT,
                f"{records(number + 1, end)} missing: a signed checkpoint has what was cut off the end of the log.",
                end,
            )
