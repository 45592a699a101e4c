"""Values of alerting: what is remembered between rounds, and the notice that results (FR-020, FR-021)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bc_lib.domain.inventory import Environment


class NoticeKind(StrEnum):
    BREACH = "breach"
    RECOVERY = "recovery"
    VISIBILITY_LOST = "visibility_lost"
    VISIBILITY_BACK = "visibility_back"
    FLAPPING = "flapping"


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell people. `dedup_key` is equal for the same fact told twice, whoever tells it."""

    kind: NoticeKind
    severity: Severity
    resource: str
    tier: int
    environment: Environment
    code: str
    text: str
    occurred_at: datetime
    dedup_key: str
    incident: str  # same for a breach and its recovery: the pager's incident key
    figures: dict[str, float | int | str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A condition being timed. `since`: when it was first seen; `told_at`: None until a notice went out."""

    code: str
    since: datetime
    last_seen: datetime
    told_at: datetime | None = None
    good_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertState:
    """Open conditions by code, and the recent status flips for the flapping rule."""

    pending: tuple[Pending, ...] = ()
    flips: tuple[datetime, ...] = ()
    flapping_since: datetime | None = None
