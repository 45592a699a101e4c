"""Is this audit log what was written? Pure verification over rows; it names the record that is wrong, and how.

A record's hash is sha256(hash of the record before || stored canonical bytes); the first continues 32 zero bytes.
A row proves itself where its hash fits its content, and its place where the row after it remembers that hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from bc_lib.domain.audit import AuditRow, Head

GENESIS = bytes(32)
AT_SEQ = 38  # where `"seq": ` stands in a stored record: jsonb puts short keys first, and `at` has a fixed width
MOST = 100


class Wrong(StrEnum):
    """What happened to a record."""

    CHANGED = "changed"        # its content, hash or link is not what was written
    REWRITTEN = "rewritten"    # it fits itself, but not what others remember of it
    MISSING = "missing"
    REORDERED = "reordered"
    FORGED = "forged"          # it was never written through the log
    TAIL_CUT = "tail cut"
    COPIES = "copies differ"   # the columns to search by do not say what the record says


@dataclass(frozen=True, slots=True)
class Finding:
    """Record `number` (to `last`, where it is a range) is wrong; one sentence."""

    number: int
    wrong: Wrong
    text: str
    last: int


@dataclass(slots=True)
class ChainReport:
    """What verification found: `records` rows read, `end` the number and hash of the last."""

    records: int = 0
    findings: list[Finding] = field(default_factory=list)
    more: int = 0
    end: tuple[int, bytes] = (0, GENESIS)

    def add(self, number: int, wrong: Wrong, text: str, last: int | None = None) -> None:
        """Note a finding, once for each record, and at most MOST."""
        last = number if last is None else last
        if any(found.number <= number <= found.last for found in self.findings):
            return
        if len(self.findings) >= MOST:
            self.more += 1
            return
        self.findings.append(Finding(number, wrong, text, last))


def verify_chain(rows: Iterable[AuditRow], *, start: tuple[int, bytes] = (0, GENESIS), head: Head | None = None,
                 signed: Iterable[tuple[int, bytes]] = ()) -> ChainReport:
    """Check `rows` (in order of their numbers), which continue `start` (number and hash of the row before).

    `head`: the end as the database keeps it. `signed`: number and hash of records as checkpoints signed them, in order.
    """
    report = ChainReport(end=start)
    walk = _Walk(report, start, head)
    remembered = _Signed(report, signed)
    number, last_hash, count = start[0], start[1], 0
    for row in rows:
        number += 1
        seq, prev, body, own, agree = row
        count += 1
        if prev == last_hash and seq == number and agree and sha256(prev + body).digest() == own \
                and body.startswith(b'"seq": %d,' % seq, AT_SEQ):
            last_hash = own
            walk.passed(row)
        else:
            number, last_hash = walk.look(row)
        if remembered.next <= number:
            remembered.compare(number, last_hash)
    report.records, report.end = count, (number, last_hash)
    walk.finish(number, last_hash)
    remembered.finish(number)
    report.findings.sort(key=lambda found: found.number)
    return report


def said_number(body: bytes) -> int | None:
    """The number that a stored record itself states; None where it is no record."""
    try:
        number = json.loads(body)["seq"]
    except (ValueError, KeyError, TypeError):
        return None
    return number if isinstance(number, int) else None


class _Walk:
    """Looks closely at rows that do not simply continue the chain."""

    def __init__(self, report: ChainReport, start: tuple[int, bytes], head: Head | None) -> None:
        self._report = report
        self._head = head
        self._previous: AuditRow | None = None
        self._before = start[1]    # hash of the row before the previous one
        self._expected, self._last = start
        self._shift = 0            # how far rows were moved by an inserted or removed one
        self._swapped: set[int] = set()

    def passed(self, row: AuditRow) -> None:
        """`row` continues the chain."""
        self._before = self._last
        self._previous, self._last, self._expected = row, row.hash, row.seq

    def look(self, row: AuditRow) -> tuple[int, bytes]:
        """Notes what is wrong with `row` or its surroundings; the number and hash to go on from."""
        said = said_number(row.body)
        fits = sha256(row.prev_hash + row.body).digest() == row.hash
        number = row.seq - self._shift
        if not fits:
            number = self._unfit(row, said)
        elif said != number:
            number = self._displaced(row, said)
        elif number > self._expected + 1:
            self._gap(number)
        elif number <= self._expected:
            self._report.add(row.seq, Wrong.FORGED, f"Record {row.seq} stands there twice: one of the two is forged.")
            number = self._expected
        elif row.prev_hash != self._last:
            self._broken(row)
        if not row.copies_agree and fits:
            self._report.add(row.seq, Wrong.COPIES, f"Record {row.seq}: the columns to search by do not say what the record says.")
        self._before = self._last
        self._previous, self._last, self._expected = row, row.hash, number
        return number, row.hash

    def _unfit(self, row: AuditRow, said: int | None) -> int:
        number = row.seq - self._shift
        if number > self._expected + 1:
            self._gap(number)
        if self._head is not None and number > self._head.seq:
            self._report.add(row.seq, Wrong.FORGED, f"Record {row.seq} is forged: it stands behind the end of the log and its hash does not fit.")
        else:
            place = "" if said == number else " and its stated number"
            self._report.add(row.seq, Wrong.CHANGED, f"Record {row.seq} was changed: its content{place} and its hash do not fit.")
        return max(number, self._expected)

    def _displaced(self, row: AuditRow, said: int | None) -> int:
        """A whole record that says another number than its place."""
        number = row.seq - self._shift
        if said is None:
            self._report.add(row.seq, Wrong.FORGED, f"Record {row.seq} is forged: it is no record of this log.")
            return number
        if row.prev_hash == self._before and said == self._expected and self._previous is not None:
            self._report.add(self._previous.seq, Wrong.FORGED, f"Record {self._previous.seq} is forged: the record that "
                             f"stood there, number {said}, continues the one before it. Later records were moved by one.")
            self._shift = row.seq - said
            return said
        if row.prev_hash != self._last and said == self._expected + 2 and row.seq == self._expected + 1 + self._shift \
                and not self._swapped:
            self._swapped = {self._expected + 1, said}
            self._report.add(row.seq, Wrong.REORDERED, f"Record {row.seq} holds what was written as record {said}: records were reordered.")
            return number
        if said in self._swapped or row.seq in self._swapped:
            self._swapped.discard(said)
            self._swapped.discard(row.seq)
            return number
        self._report.add(row.seq, Wrong.REORDERED, f"Record {row.seq} holds what was written as record {said}: records were reordered.")
        return number

    def _gap(self, number: int) -> None:
        first, last = self._expected + 1, number - 1
        self._report.add(first, Wrong.MISSING, f"{_records(first, last)} missing: {_was(first, last)} deleted.", last)

    def _broken(self, row: AuditRow) -> None:
        """`row` is whole and in its place, but remembers another hash of the record before."""
        previous = self._previous
        if previous is None:
            self._report.add(row.seq, Wrong.REWRITTEN, f"Record {row.seq} does not continue the beginning of the log.")
        elif row.prev_hash == self._before:
            self._report.add(previous.seq, Wrong.FORGED, f"Record {previous.seq} is forged: record {row.seq} continues the one before it.")
        else:
            self._report.add(previous.seq, Wrong.REWRITTEN, f"Record {previous.seq} was rewritten together with its hash: "
                             f"record {row.seq} remembers another.")

    def finish(self, number: int, last_hash: bytes) -> None:
        """Compare the end with the database's own."""
        head = self._head
        if head is None:
            return
        if number < head.seq:
            first = number + 1
            self._report.add(first, Wrong.TAIL_CUT, f"{_records(first, head.seq)} missing: the end of the log was cut off.", head.seq)
        elif number > head.seq:
            first = head.seq + 1
            self._report.add(first, Wrong.FORGED, f"{_records(first, number)} behind the end of the log: not written through it, "
                             "or the end was set back.", number)
        elif last_hash != head.hash:
            self._report.add(number, Wrong.REWRITTEN, f"Record {number} was rewritten together with its hash: the end of the log remembers another.")


class _Signed:
    """Compares rows with what checkpoints signed."""

    def __init__(self, report: ChainReport, signed: Iterable[tuple[int, bytes]]) -> None:
        self._report = report
        self._signed: Iterator[tuple[int, bytes]] = iter(signed)
        self._first_bad: int | None = None
        self._last_bad = 0
        self._take()

    def _take(self) -> None:
        self.next, self._hash = next(self._signed, (_NEVER, b""))

    def compare(self, number: int, row_hash: bytes) -> None:
        """`row_hash` is the hash of record `number`."""
        while self.next < number:
            self._take()
        if self.next == number:
            if self._hash != row_hash:
                self._first_bad = number if self._first_bad is None else self._first_bad
                self._last_bad = number
            self._take()

    def finish(self, number: int) -> None:
        """After the last record."""
        if self._first_bad is not None:
            first, last = self._first_bad, self._last_bad
            others = "" if first == last else f", and so were later ones up to {last}"
            self._report.add(first, Wrong.REWRITTEN, f"Record {first} is not what a signed checkpoint says: the chain was "
                             f"rewritten from there{others}.", last)
        last_signed = 0
        while self.next != _NEVER:
            last_signed = self.next
            self._take()
        if last_signed > number:
            self._report.add(number + 1, Wrong.TAIL_CUT, f"{_records(number + 1, last_signed)} missing: signed checkpoints "
                             "have them, the end of the log was cut off.", last_signed)


_NEVER = 1 << 62


def _records(first: int, last: int) -> str:
    return f"Record {first} is" if first == last else f"Records {first} to {last} are"


def _was(first: int, last: int) -> str:
    return "it was" if first == last else "they were"
