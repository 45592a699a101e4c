"""What the schedules' task runs: one look, and one line about it."""

from __future__ import annotations

from bc_lib import bootstrap_schedules
from bc_lib.jobs import holder_name


def look() -> str:
    """Dates that have come become requests; stakeholders are told ahead."""
    return bootstrap_schedules.run_due(holder_name())
