"""What the form of a schedule offers, and the rule that a choice stands for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.plans.movable import moving_scopes
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.schedules.values import NOT_SAID, Spec

KINDS = {
    "Rehearsal": (RequestType.DRILL, DrillKind.REHEARSAL.value),
    "Live drill": (RequestType.DRILL, DrillKind.LIVE.value),
    "Planned rotation": (RequestType.SWITCHOVER, None),
    "Failback": (RequestType.FAILBACK, None),
}
LENGTHS = {
    "1 h, or less where dates are closer": NOT_SAID,
    "30 min": 1800.0,
    "2 h": 7200.0,
    "4 h": 14_400.0,
    "8 h": 28_800.0,
}
LEADS = {"1 d before": 86_400.0, "1 h before": 3600.0, "1 w before": 604_800.0, "2 w before": 1_209_600.0}
NOT_CHOSEN = datetime.fromisoformat("2000-01-01")
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Repeat(StrEnum):
    """How often."""

    ONCE = "once"
    DAILY = "every day"
    WEEKLY = "every week"
    MONTHLY = "every month on the same day"
    WEEKDAY = "every month on the same weekday, such as the first Sunday"
    QUARTERLY = "every three months on the same weekday"
    YEARLY = "every year"
    OWN = "by a rule of your own"


def rule_for(repeat: Repeat, starts: datetime, own: str) -> str | None:
    """The RFC 5545 rule of a choice, for a first date; None: once."""
    weekday = f"{_number(starts)}{CODES[starts.weekday()]}"
    return {
        Repeat.ONCE: None,
        Repeat.DAILY: "FREQ=DAILY",
        Repeat.WEEKLY: "FREQ=WEEKLY",
        Repeat.MONTHLY: "FREQ=MONTHLY",
        Repeat.WEEKDAY: f"FREQ=MONTHLY;BYDAY={weekday}",
        Repeat.QUARTERLY: f"FREQ=MONTHLY;INTERVAL=3;BYDAY={weekday}",
        Repeat.YEARLY: "FREQ=YEARLY",
        Repeat.OWN: own.strip().upper().removeprefix("RRULE:"),
    }[repeat]


def repeat_of(spec: Spec) -> Repeat:
    """The choice that a stored rule is."""
    own = (each for each in Repeat if each is not Repeat.OWN and rule_for(each, spec.starts, "") == spec.rule)
    return next(own, Repeat.OWN)


def blank(kind: str, scope: Scope) -> Spec:
    """A schedule of which only what and of what is known."""
    type_, drill = KINDS[kind]
    return Spec(title="", type=type_, drill=drill, scope=scope, reason="", zone="UTC", starts=NOT_CHOSEN)


def scopes(inventory: Inventory) -> list[Scope]:
    """Groups, then resources; nothing that is watched only."""
    return list(moving_scopes(inventory))


def named(scope: Scope) -> str:
    """`group payments`."""
    return f"{scope.kind} {scope.name}"


def _number(starts: datetime) -> int:
    """Which of its weekdays in the month; the fifth is the last."""
    number = (starts.day - 1) // 7 + 1
    return number if number < 5 else -1
