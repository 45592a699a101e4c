"""What we can do with each platform: what is offered, planned and refused is decided by these sheets alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bc_lib.domain.inventory import Platform


class Support(StrEnum):
    """How far a capability goes."""

    UNKNOWN = "unknown"
    UNSUPPORTED = "unsupported"  # the platform cannot
    NOT_IMPLEMENTED = "not_implemented"  # the platform can, we do not yet
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """The sheet of a platform. Its connector shows the same one; a mechanism is there exactly where it `moves`."""

    monitor: Support
    marker: Support
    heartbeat: Support
    switchover: Support
    failover: Support
    failback: Support
    rehearsal: Support
    monitor_only_reason: str | None = None

    @property
    def moves(self) -> bool:
        """Whether moves of it are offered at all."""
        return Support.FULL in {self.switchover, self.failover}


SHEETS: Mapping[Platform, Capabilities] = {
    Platform.POSTGRESQL: Capabilities(
        monitor=Support.FULL,
        marker=Support.FULL,
        heartbeat=Support.FULL,
        switchover=Support.FULL,
        failover=Support.FULL,
        failback=Support.FULL,
        rehearsal=Support.FULL,
    ),
    Platform.HTTP: Capabilities(
        monitor=Support.FULL,
        marker=Support.UNSUPPORTED,
        heartbeat=Support.UNSUPPORTED,
        switchover=Support.UNSUPPORTED,
        failover=Support.UNSUPPORTED,
        failback=Support.UNSUPPORTED,
        rehearsal=Support.UNSUPPORTED,
        monitor_only_reason="An HTTP application has no role change of its own; it moves with the databases it "
        "depends on.",
    ),
}
MOVABLE = frozenset(platform for platform, sheet in SHEETS.items() if sheet.moves)
