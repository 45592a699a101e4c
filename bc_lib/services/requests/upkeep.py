"""What must happen to requests without a person: expiry, voiding, counted refusals. For a job, about every 15 s."""

from __future__ import annotations

from bc_lib.services.gate import Gate
from bc_lib.services.requests.expire import expire_due
from bc_lib.services.requests.repeats import record_repeats
from bc_lib.services.requests.void import void_changed


def upkeep(gate: Gate) -> str:
    """One pass; says in one line what it did."""
    return f"{expire_due(gate)} expired, {void_changed(gate)} voided, {record_repeats(gate)} counted refusals recorded"
