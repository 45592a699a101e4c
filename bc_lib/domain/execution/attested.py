"""What people attest of a manual step: done, not done, or done with the marker that they read at the target."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bc_lib.domain.execution.actions import Action

DONE, NOT_DONE = "done", "not-done"
FORM = re.compile(r"done@(?P<marker>[0-9A-F]{1,8}/[0-9A-F]{1,8})\Z", re.ASCII)
# Facts of a step that people did; the mechanism reads them.
BY, MARKER, WAIVED = "attested_by", "marker", "waived"
# A person acts there, and a mechanism can see whether it is so.
BY_HAND = frozenset({Action.STOP, Action.REJOIN})


@dataclass(frozen=True, slots=True)
class Attested:
    """`marker`: the shutdown checkpoint of a stopped server, as pg_controldata prints it; None: not given."""

    done: bool
    marker: str | None = None


def attested(value: str, action: str) -> Attested | None:
    """What the value of an attestation says about a step of that action; None: nothing that is known."""
    if value in {DONE, NOT_DONE}:
        return Attested(value == DONE)
    match = FORM.match(value) if action == Action.STOP else None
    return Attested(True, match["marker"]) if match else None
