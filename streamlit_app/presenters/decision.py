"""What is decided, in the few lines that an approver reads beside the button: effect, loss, outage, who else, the cost
of waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.actor import Role
from bc_lib.domain.requests.states import RequestType, State
from bc_lib.domain.role_words import role_words
from bc_lib.services.requests.estimate import NO_OUTAGE, expected_outage
from bc_lib.services.requests.show import RequestView
from streamlit_app.presenters.request import no_return
from streamlit_app.presenters.request_words import needs_words
from streamlit_app.presenters.words import duration
from streamlit_app.runs import RunSeen

NOTHING_LOST = "nothing: writes stop first, and the other site takes over when it has everything"
REHEARSED = "nothing: a rehearsal moves nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`rows`: name and value; `line`: the same in one line, for a small screen; `urgent`: waiting costs an outage."""

    effect: str
    rows: tuple[tuple[str, str], ...]
    line: str
    urgent: bool


def summary(view: RequestView, seen: RunSeen | None, mine: tuple[Role, ...] = ()) -> Summary:
    """`mine`: roles in which the reader would decide."""
    plan, now = view.plan.plan, seen.now if seen else view.now
    down = down_words(seen.down_since, seen.rto_s, now) if seen and seen.down_since else ""
    lost = _loss(view)
    long = expected_outage(plan, seen.past, view.request.id) if seen else NO_OUTAGE
    rows = (
        ("Lost", " ".join(view.losing.sentences) or lost),
        ("Outage", long),
        ("Waiting costs", down or _idle(view)),
        ("Who else", _others(view, mine)),
        ("Cannot be undone", no_return(plan)),
    )
    loss = f"Loses {lost}" if view.loss else f"Lost: {lost.partition(':')[0]}"
    line = " · ".join(each for each in (loss, down, _others(view, mine)) if each)
    return Summary(effect=plan.effect, rows=rows, line=line, urgent=bool(down))


def down_words(since: datetime, rto_s: float | None, now: datetime) -> str:
    """`Clients cannot write for 4 min 10 s; RTO 15 min: 10 min 50 s left`."""
    passed = max(0.0, (now - since).total_seconds())
    said = f"Clients cannot write for {duration(float(int(passed)))}"
    if rto_s is None:
        return f"{said}; no RTO is set"
    left = rto_s - passed
    rest = f"{duration(float(int(left)))} left" if left > 0 else f"missed by {duration(float(int(-left)))}"
    return f"{said}; RTO {duration(rto_s)}: {rest}"


def _loss(view: RequestView) -> str:
    if view.plan.plan.type is RequestType.DRILL and view.plan.plan.drill != "live":
        return REHEARSED
    return view.loss or NOTHING_LOST


def _idle(view: RequestView) -> str:
    return "no outage is known now" if view.request.state.waiting else ""


def _others(view: RequestView, mine: tuple[Role, ...]) -> str:
    """Who must agree beside the reader."""
    if view.request.state is State.APPROVED:
        return "everybody who must agree has agreed; the confirmation starts it"
    rest = tuple(need for need in view.missing if need.role not in mine[:1] or need.count > 1)
    if not view.missing:
        return ""
    if not rest:
        return f"nobody else: as {role_words(mine[0])} you are the last; then an operator confirms" if mine else ""
    return f"it needs {needs_words(rest)} too, then an operator confirms" if mine else f"it needs {needs_words(rest)}"
