"""Break-glass (SEC-006): one emergency, one use, an hour at most, and a review that is owed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bc_lib.domain.requests.plan import Scope

MAX_MINUTES = 60
FRESH_SIGN_IN = timedelta(minutes=15)
SECURITY_PREFIX = "security"
SECURITY_LEAST = 2
INCIDENT = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*\Z", re.ASCII)
INCIDENT_LENGTH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A grant. It is open until a review with findings is recorded, used or not.

    `voided`: the runner found no valid proof of it, so it never was one and no review is owed.

    `took_part`: persons who may not review it: its holder, and who asked for or confirmed what it was used on.
    """

    id: int
    incident: str
    reason: str
    scope: Scope
    holder: int
    holder_name: str
    granted_at: datetime
    expires_at: datetime
    review_due: datetime
    used_by: str | None
    used_at: datetime | None
    used_revision: int | None = None
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    findings: str | None = None
    took_part: tuple[int, ...] = ()
    voided: bool = False

    @property
    def open(self) -> bool:
        """True until reviewed."""
        return self.reviewed_at is None and not self.voided

    def covers(self, request_id: str, revision: int) -> bool:
        """Whether it stands in for the approvers of this plan revision."""
        return self.used_by == request_id and self.used_revision == revision

    def usable(self, scope: Scope, person: int, now: datetime) -> bool:
        """Whether `person` may use it now for a request about `scope`."""
        return (
            not self.voided
            and self.used_by is None
            and now < self.expires_at
            and self.scope == scope
            and self.holder == person
        )


def incident_fits(incident: str) -> bool:
    """Whether it looks like an incident reference."""
    return len(incident) <= INCIDENT_LENGTH and INCIDENT.match(incident) is not None


def blocking(grants: Iterable[Grant], incident: str, now: datetime) -> Grant | None:
    """The overdue review of an earlier incident that blocks a grant for `incident`; never one of the same incident."""
    return next(
        (
            grant
            for grant in sorted(grants, key=lambda each: each.review_due)
            if grant.open and now >= grant.review_due and grant.incident.upper() != incident.upper()
        ),
        None,
    )
