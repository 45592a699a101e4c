"""Verifying the whole audit log: one at a time for all sessions, the last result kept for everybody."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bc_lib.services.audit.verify import Verification, verify_log

if TYPE_CHECKING:
    from bc_lib.bootstrap_audit import AuditParts


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A result and when it was had (this process's clock)."""

    found: Verification
    at: datetime


class Verifier:
    """Runs the verification; somebody who asks while it runs gets that run's result."""

    def __init__(self, parts: AuditParts) -> None:
        self._parts = parts
        self._lock = threading.Lock()
        self.last: Verified | None = None

    def run(self) -> Verified:
        """Read and check everything. Raises what reading raises."""
        asked = self.last
        with self._lock:
            if self.last is not None and self.last is not asked:
                return self.last
            parts = self._parts
            found = verify_log(parts.reader, parts.checkpoints, parts.check, parts.keys, witnesses=parts.witnesses)
            self.last = Verified(found=found, at=datetime.now(UTC))
            return self.last
