"""Is this audit log what was written? Pure verification over rows; it names the record that is wrong, and how.

A record's hash is sha256(hash of the record before || stored canonical bytes); the first continues 32 zero bytes.
A row proves itself where its hash fits its content, and its place where the row after it remembers that hash.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from bc_lib.domain.audit import AuditRow, Head
from bc_lib.domain.audit_findings import ChainReport, Finding, Wrong
from bc_lib.domain.audit_signed import Signed
from bc_lib.domain.audit_walk import GENESIS, Walk

__all__ = ["GENESIS", "ChainReport", "Finding", "Wrong", "verify_chain"]

AT_SEQ = 38  # where `"seq": ` stands in a stored record: jsonb puts short keys first, and `at` has a fixed width


def verify_chain(
    rows: Iterable[AuditRow],
    *,
    start: tuple[int, bytes] = (0, GENESIS),
    head: Head | None = None,
    signed: Iterable[tuple[int, bytes]] = (),
) -> ChainReport:
    """Check `rows` (in order of their numbers), which continue `start` (number and hash of the row before).

    `head`: the end as the database keeps it. `signed`: number and hash of records as checkpoints signed them, in order.
    """
    report = ChainReport()
    walk = Walk(report, start, head)
    remembered = Signed(report, signed)
    number, last = start[0], start[1]
    known: bytes | None = last
    source = iter(rows)
    row = next(source, None)
    while row is not None:
        following = next(source, None)
        seq, prev, body, own = row
        number += 1
        report.records += 1
        if (
            prev == known
            and seq == number
            and sha256(prev + body).digest() == own
            and body.startswith(b'"seq": %d,' % seq, AT_SEQ)
        ):
            known = own
            walk.passed(row)
        else:
            number, known = walk.look(row, following)
        if remembered.next <= number and known is not None:
            remembered.compare(number, known)
        row = following
    walk.finish()
    remembered.finish(number)
    report.end = (number, known)
    report.findings.sort(key=lambda found: found.number)
    return report
