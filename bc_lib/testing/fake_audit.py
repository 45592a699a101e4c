"""An audit log in memory, for tests that need no chain; it can be made to fail."""

from __future__ import annotations

from dataclasses import dataclass, field

from bc_lib.domain.audit import AuditEntry
from bc_lib.ports.audit import AuditUnavailable


@dataclass(slots=True)
class FakeAudit:
    """Implements ports.audit.AuditLog. Remembers records of transactions that were rolled back as well."""

    entries: list[AuditEntry] = field(default_factory=list)
    away: bool = False

    def append(self, entry: AuditEntry) -> int:
        """Remember; the number. Raises AuditUnavailable where `away`."""
        if self.away:
            raise AuditUnavailable("The audit log cannot be written (made to fail), so nothing was done.")
        self.entries.append(entry)
        return len(self.entries)

    def verbs(self) -> list[tuple[str, str, str | None]]:
        """Kind, verb and reason code of each record."""
        return [(entry.kind.value, entry.verb, entry.reason_code) for entry in self.entries]
