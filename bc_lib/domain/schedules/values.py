"""A schedule as its editors say it, and what became of its dates. Instants are aware UTC by the database's clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType

DEFAULT_LASTS_S = 3600.0
NOT_SAID = 0.0
DEFAULT_CATCH_UP_S = 3600.0
SCHEDULABLE = (RequestType.DRILL, RequestType.SWITCHOVER, RequestType.FAILBACK)


class ScheduleState(StrEnum):
    """Active: its dates become requests. Paused: they do not. Removed: for good, kept for the record."""

    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


class Tag(StrEnum):
    """What a request is besides its type (US-006)."""

    PLANNED_ROTATION = "planned-rotation"


TAG_WORDS = {Tag.PLANNED_ROTATION: "Planned Rotation"}


class Outcome(StrEnum):
    """What became of a date. Requested: a request was made. Missed: nobody looked in time. Refused: no request could be
    made then. Skipped: it fell into a blackout."""

    REQUESTED = "requested"
    MISSED = "missed"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreNotice:
    """Tell a stakeholder list, which is a channel of the inventory, `lead_s` seconds before each date."""

    channel: str
    lead_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What is asked for and when. `starts` is local time in `zone`, without one of its own.

    `rule`: the value of an RFC 5545 RRULE; None: once, at `starts`. `target_site` None: the site that is not active
    when it falls due. `lasts_s`: how long the people and the group are taken to be busy with it; NOT_SAID until it is
    stored. `catch_up_s`: a date that is noticed later than this is missed. `window_after_s`, `window_s`: the request
    may start in a window that opens so long after the date, and lasts so long; both or neither.
    """

    title: str
    type: RequestType
    scope: Scope
    reason: str
    zone: str
    starts: datetime
    rule: str | None = None
    drill: str | None = None
    tag: Tag | None = None
    target_site: str | None = None
    ticket: str | None = None
    lasts_s: float = NOT_SAID
    catch_up_s: float = DEFAULT_CATCH_UP_S
    window_after_s: float | None = None
    window_s: float | None = None
    notices: tuple[PreNotice, ...] = ()
    site_title: str = field(default="", compare=False)

    @property
    def where(self) -> str:
        """The site that it goes to, as people read it."""
        return self.site_title or self.target_site or "the site that is not active then"

    @property
    def busy_s(self) -> float:
        """How long after a date its group is spoken for: its length, or until its window closes."""
        return max(self.lasts_s, (self.window_after_s or 0.0) + (self.window_s or 0.0))

    @property
    def what(self) -> str:
        """`live drill of payments`, `Planned Rotation (switchover) of orders-db`."""
        kind = f"{self.drill} {self.type.value}" if self.drill == "live" else self.drill or self.type.value
        return f"{TAG_WORDS[self.tag]} ({kind}) of {self.scope.name}" if self.tag else f"{kind} of {self.scope.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The newest version of a schedule. `editor` is the person behind (`issuer`, `subject`) who made it."""

    id: str
    version: int
    state: ScheduleState
    spec: Spec
    editor: int
    editor_name: str
    issuer: str
    subject: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blackout:
    """Days, in `zone`, both included, on which nothing is asked for. `schedule` None: by no schedule."""

    id: int
    schedule: str | None
    first_day: date
    last_day: date
    zone: str
    reason: str
    by: str
    ended_at: datetime | None = None

    def concerns(self, schedule: str | None) -> bool:
        """Whether it stands and is about this schedule."""
        return self.ended_at is None and self.schedule in {None, schedule}


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A date that was dealt with. `request` is set where one was made."""

    schedule: str
    due_at: datetime
    version: int
    outcome: Outcome
    code: str | None
    because: str | None
    at: datetime
    request: str | None


def spec_json(spec: Spec) -> dict[str, Any]:
    """The spec as JSON, for the audit's before and after, and for --json."""
    return {
        "title": spec.title,
        "type": spec.type.value,
        "drill": spec.drill,
        "tag": spec.tag.value if spec.tag else None,
        "scope": {"kind": spec.scope.kind, "name": spec.scope.name},
        "target_site": spec.target_site,
        "reason": spec.reason,
        "ticket": spec.ticket,
        "zone": spec.zone,
        "starts": spec.starts.isoformat(),
        "rule": spec.rule,
        "lasts_s": spec.lasts_s,
        "catch_up_s": spec.catch_up_s,
        "window_after_s": spec.window_after_s,
        "window_s": spec.window_s,
        "notices": [{"channel": each.channel, "lead_s": each.lead_s} for each in spec.notices],
    }


def changes_json(schedule: Schedule | None) -> Mapping[str, Any]:
    """What the audit compares of two versions."""
    return {"state": schedule.state.value, **spec_json(schedule.spec)} if schedule else {}
