"""What the HTTP connector can do: watch."""

from __future__ import annotations

from bc_lib.ports.connector import Capabilities, Support

CAPABILITIES = Capabilities(
    monitor=Support.FULL,
    marker=Support.UNSUPPORTED,
    heartbeat=Support.UNSUPPORTED,
    switchover=Support.UNSUPPORTED,
    failover=Support.UNSUPPORTED,
    failback=Support.UNSUPPORTED,
    rehearsal=Support.UNSUPPORTED,
    dry_run=Support.UNSUPPORTED,
    monitor_only_reason="An HTTP application has no role change of its own; it moves with the databases it depends on.",
)
