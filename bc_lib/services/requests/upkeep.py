"""What must happen to requests without a person: agreed changes, expiry, voiding, counted refusals. For a job."""

from __future__ import annotations

from bc_lib.services.changes.upkeep import change_upkeep
from bc_lib.services.gate import Gate
from bc_lib.services.passes import Pass
from bc_lib.services.requests.expire import expire_due
from bc_lib.services.requests.repeats import record_repeats
from bc_lib.services.requests.void import tell_together, void_changed
from bc_lib.services.requests.words import look_at_words


def upkeep(gate: Gate, done: Pass | None = None) -> str:
    """One pass; says in one line what it did. What was agreed first: this pass then voids what it changed."""
    run = done or Pass(gate.store.read.now)
    unproven = run.part("proofs", lambda: look_at_words(gate, run), 0)
    ended = run.part("agreed changes", lambda: change_upkeep(gate, run), 0)
    expired = run.part("expiry", lambda: expire_due(gate, run), 0)
    voided = run.part("voiding", lambda: void_changed(gate, run), 0)
    repeats = run.part("counted refusals", lambda: record_repeats(gate), 0)
    told = run.part("notices told together", lambda: tell_together(gate, run), 0)
    text = f"{expired} expired, {voided} voided, {repeats} counted refusals recorded, {ended} proposals ended"
    text += f", {unproven} words without proof" if unproven else ""
    return text + (f", {told} requests told of again" if told else "") + str(run)
