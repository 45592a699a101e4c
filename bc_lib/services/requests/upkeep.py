"""What must happen to requests without a person: agreed changes, expiry, voiding, counted refusals. For a job."""

from __future__ import annotations

from bc_lib.services.changes.upkeep import change_upkeep
from bc_lib.services.gate import Gate
from bc_lib.services.requests.expire import expire_due
from bc_lib.services.requests.repeats import record_repeats
from bc_lib.services.requests.void import tell_together, void_changed


def upkeep(gate: Gate) -> str:
    """One pass; says in one line what it did. What was agreed first: this pass then voids what it changed."""
    ended = change_upkeep(gate)
    done = f"{expire_due(gate)} expired, {void_changed(gate)} voided, {record_repeats(gate)} counted refusals recorded"
    told = tell_together(gate)
    return f"{done}, {ended} proposals ended" + (f", {told} requests told of again" if told else "")
