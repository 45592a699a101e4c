"""Words and marks that every page about requests shares."""

from __future__ import annotations

from datetime import datetime

from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.requests.policy import Need
from bc_lib.domain.requests.state_words import STATE_WORDS
from bc_lib.domain.requests.states import Decision, RequestType, State
from bc_lib.domain.requests.values import Request
from bc_lib.domain.role_words import role_words
from bc_lib.domain.schedules.values import TAG_WORDS, Tag
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.words import duration, moment

_MEANS = {
    State.DRAFT: ("never", "not asked for yet"),
    State.PENDING_APPROVAL: ("wait", "somebody must approve or deny"),
    State.APPROVED: ("agreed", "somebody must confirm it with the typed phrase"),
    State.READY_TO_START: ("go", "confirmed; the runner may start it"),
    State.RUNNING: ("go", "steps are being done"),
    State.HELD: ("wait", "a human must decide"),
    State.STOPPING: ("over", "it stops where that is safe"),
    State.SERVICE_RESTORED: ("agreed", "clients write again; something is owed"),
    State.SUCCEEDED: ("agreed", "done, and nothing is owed"),
    State.FAILED: ("no", "finished without success"),
    State.REJECTED: ("no", "a required role said no"),
    State.EXPIRED: ("over", "nobody acted in time"),
    State.CANCELLED: ("over", "the requester took it back"),
}
STATE = {state: Mark(key=key, word=STATE_WORDS[state], meaning=meaning) for state, (key, meaning) in _MEANS.items()}
DECISION = {
    Decision.APPROVE: Mark(key="agreed", word="Approved", meaning="agreed to this plan"),
    Decision.DENY: Mark(key="no", word="Denied", meaning="said no"),
}
VOID = Mark(key="over", word="Void", meaning="does not count any more")
TYPES = {
    RequestType.FAILOVER: "Urgent: leave a site that fails. What the other site has not received can be lost",
    RequestType.SWITCHOVER: "Planned: writes stop first, then the other site takes over",
    RequestType.FAILBACK: "Return to the home site after a failover",
    RequestType.DRILL: "An exercise",
}
DRILLS = {DrillKind.REHEARSAL: "Rehearsal", DrillKind.LIVE: "Live drill"}
DRILL_MEANS = {
    DrillKind.REHEARSAL: "Everything but the effects: clients notice nothing, and it does not count as a recovery test",
    DrillKind.LIVE: "A real switchover, a hold at the other site and the way back: clients notice both moves",
}


def title(request: Request) -> str:
    """`Failover of orders-db to Amsterdam`, `Live drill of payments to Amsterdam`."""
    if request.drill in set(DrillKind):
        return f"{DRILLS[DrillKind(request.drill)]} of {request.scope.name} to {request.where}"
    return f"{request.type.value.capitalize()} of {request.scope.name} to {request.where}"


def tags(request: Request) -> tuple[str, ...]:
    """What it is beside its type (US-006, US-008): `Planned Rotation`, `Drill`."""
    drill = ("Drill",) if request.type is RequestType.DRILL else ()
    return ((TAG_WORDS[Tag(request.tag)],) if request.tag else ()) + drill


def needs_words(needs: tuple[Need, ...]) -> str:
    """`one Approver-IT and one Approver-Business`."""
    numbers = {1: "one", 2: "two", 3: "three"}
    return " and ".join(f"{numbers.get(need.count, need.count)} {role_words(need.role)}" for need in needs)


def left(until: datetime | None, now: datetime) -> str | None:
    """`23 h 59 min left, until 06:12:01 UTC`; None where no clock runs."""
    if until is None:
        return None
    seconds = (until - now).total_seconds()
    if seconds <= 0:
        return f"time was up at {moment(until, now)}"
    return f"{duration(float(int(seconds) or 1))} left, until {moment(until, now)}"
