"""Break-glass grants as people look at them: open ones first, overdue ones at the top."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.breakglass import Grant
from bc_lib.services.gate import Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantView:
    """A grant at a moment; `overdue`: its review should have been recorded by now."""

    grant: Grant
    overdue: bool


def list_grants(gate: Gate) -> tuple[GrantView, ...]:
    """Every grant: overdue, open, reviewed, each newest first."""
    now: datetime = gate.store.read.now()
    views = [GrantView(grant=each, overdue=each.open and now >= each.review_due) for each in gate.store.read.grants()]
    return tuple(sorted(views, key=lambda view: (not view.overdue, not view.grant.open)))
