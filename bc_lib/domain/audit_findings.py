"""What can be wrong with an audit log, and the report of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

MOST = 100


class Wrong(StrEnum):
    """What happened to a record."""

    CHANGED = "changed"  # its content, hash or link is not what was written
    REWRITTEN = "rewritten"  # it fits itself, but not what others remember of it
    MISSING = "missing"
    REORDERED = "reordered"
    FORGED = "forged"  # it was never written through the log
    TAIL_CUT = "tail cut"


@dataclass(frozen=True, slots=True)
class Finding:
    """Record `number` (to `last`, where it is a range) is wrong; one sentence."""

    number: int
    wrong: Wrong
    text: str
    last: int


@dataclass(slots=True)
class ChainReport:
    """`records` rows were read; `end`: number and hash of the last, the hash None where it cannot be told."""

    records: int = 0
    findings: list[Finding] = field(default_factory=list)
    more: int = 0
    end: tuple[int, bytes | None] = (0, None)

    def add(self, number: int, wrong: Wrong, text: str, last: int | None = None) -> None:
        """Note a finding, once for each record; those beyond MOST are only counted (`more`)."""
        if any(found.number <= number <= found.last for found in self.findings):
            return
        if len(self.findings) >= MOST:
            self.more += 1
            return
        self.findings.append(Finding(number, wrong, text, number if last is None else last))


def records(first: int, last: int) -> str:
    """`Record 5 is`, `Records 5 to 7 are`."""
    return f"Record {first} is" if first == last else f"Records {first} to {last} are"
