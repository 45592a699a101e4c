"""A request as stored (FR-030). Times are aware UTC by the database's clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bc_lib.domain.requests.phrase import confirmation_phrase
from bc_lib.domain.requests.plan import Plan, Scope
from bc_lib.domain.requests.states import RequestType, State


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """What somebody asks for. `key`: the same key from the same person is the same submission (F09).

    `drill`: a DrillKind's value, of drills only; left out it is a rehearsal. `schedule` and `due_at` name the schedule
    and the date that asked, `tag` is a schedules.values.Tag's value; only the schedules' job fills them.
    """

    type: RequestType
    scope: Scope
    target_site: str
    reason: str
    key: str
    ticket: str | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    retry_of: str | None = None
    drill: str | None = None
    schedule: str | None = None
    due_at: datetime | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request. `version` grows with every change; `plan_revision` with every plan, and voids the votes before it.

    `expires_at` is set while somebody must act. `breakglass`: the grant that stood in for approvers. `drill`: a
    DrillKind's value, of drills only. `schedule` and `due_at` say which schedule asked for which date, `tag` what it is
    beside its type; `editors` are the persons who edited that schedule until then, and count as requesters.
    """

    id: str
    type: RequestType
    scope: Scope
    target_site: str
    reason: str
    ticket: str | None
    retry_of: str | None
    window_start: datetime | None
    window_end: datetime | None
    tier: int
    environment: str
    policy_version: int
    policy_position: int
    requester: int
    requester_name: str
    state: State
    version: int
    plan_revision: int
    created_at: datetime
    state_since: datetime
    expires_at: datetime | None
    breakglass: int | None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    drill: str | None = None
    schedule: str | None = None
    due_at: datetime | None = None
    tag: str | None = None
    editors: tuple[int, ...] = ()
    site_title: str = field(default="", compare=False)

    @property
    def where(self) -> str:
        """The site that it moves to, as people read it."""
        return self.site_title or self.target_site

    def asked_by(self, person: int) -> bool:
        """Whether this person asked for it, or edited the schedule that did (S2, S5)."""
        return person == self.requester or person in self.editors

    @property
    def phrase(self) -> str:
        """What must be typed to confirm."""
        return confirmation_phrase(self.type, self.scope.name, self.target_site)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlan:
    """One revision of a request's plan. `because`: why it replaced the one before, and voided its votes."""

    request: str
    revision: int
    digest: str
    plan: Plan
    made_at: datetime
    because: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One entry of a request's history, written by the database with every change of state or plan."""

    at: datetime
    event: str
    before: State | None
    after: State
    person: str | None
    reason: str | None
