"""What the PostgreSQL connector can do today."""

from __future__ import annotations

from bc_lib.ports.connector import Capabilities, Support

CAPABILITIES = Capabilities(
    monitor=Support.FULL,
    marker=Support.FULL,
    heartbeat=Support.FULL,
    switchover=Support.NOT_IMPLEMENTED,
    failover=Support.NOT_IMPLEMENTED,
    failback=Support.NOT_IMPLEMENTED,
    rehearsal=Support.NOT_IMPLEMENTED,
    dry_run=Support.NOT_IMPLEMENTED,
    monitor_only_reason="Moving a PostgreSQL resource is not built yet; it is watched only.",
)
