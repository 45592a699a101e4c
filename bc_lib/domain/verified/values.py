"""What is known about the last recovery test of a resource or group. Times are aware UTC, ages and periods seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.states import RequestType, State

DAY_S = 86_400.0


class Verified(StrEnum):
    """Only VERIFIED is good, and only while it is not overdue. UNKNOWN: a drill succeeded, but what it tested can't be
    compared with what there is now. WATCHED: nothing here can move it, so no drill of it is ever due."""

    NEVER = "never drilled"
    CHANGED = "changed since the last drill"
    FAILED = "failed"
    UNKNOWN = "not known"
    VERIFIED = "verified"
    WATCHED = "watched only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A live drill that ended. `succeeded` is False for everything else than Succeeded, indeterminate included.

    `plan` is what was executed.
    """

    request: str
    ended_at: datetime
    succeeded: bool
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The verified state. `age_s`: since `drill` ended. `overdue`: no live drill succeeded within `period_s`, so also
    where there never was one. `changes`: sentences."""

    state: Verified
    sentence: str
    period_s: float
    overdue: bool
    drill: str | None = None
    age_s: float | None = None
    changes: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether one may rely on it now."""
        return self.state is Verified.VERIFIED and not self.overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as lists of them show it, with who took part.

    `drill` is rehearsal, live or empty. `where`: the target site as people read it. `members`: the resources of its
    plan. `agreed`, `denied`, `confirmed`: persons on the plan that counted last; `decided`: persons who decided about
    its run. `outcome`: only where it failed. `pack`: the digest of its evidence pack's manifest; empty: none is made.
    """

    request: str
    type: RequestType
    drill: str
    scope: Scope
    members: tuple[str, ...]
    target_site: str
    where: str
    tier: int
    environment: str
    reason: str
    ticket: str
    state: State
    outcome: str
    asked_at: datetime
    state_since: datetime
    asked_by: str
    agreed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()
    executor: str = ""
    breakglass: bool = False
    pack: str = ""

    @property
    def live(self) -> bool:
        """Whether it is a live drill: the only kind that counts as a recovery test."""
        return self.type is RequestType.DRILL and self.drill == "live"

    @property
    def ended_at(self) -> datetime | None:
        """None while it is not over."""
        return self.state_since if self.state.over else None
