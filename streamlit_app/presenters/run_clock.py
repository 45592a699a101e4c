"""The clocks of a run: for how long clients could not write against the target, and since when it is unprotected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.execution.run import Run
from bc_lib.domain.execution.stated import outage
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.words import capital
from streamlit_app.presenters.run_words import REHEARSED, at_ms, taken
from streamlit_app.presenters.words import UNKNOWN, duration, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`key` is that of a mark; `fill` is how much of the target is used, 0 to 1; None where no bar is drawn."""

    name: str
    figure: str
    detail: str
    key: str
    fill: float | None = None
    ticking: bool = False


def clocks(run: Run, plan: Plan, rto_s: float | None, now: datetime) -> tuple[Clock, ...]:
    """Outage first, then the time without a standby, where there is such a time."""
    if plan.type is RequestType.DRILL and plan.drill != "live":
        return (Clock(name="Outage", figure="none", detail=f"No clock runs: {REHEARSED}.", key="over"),)
    return tuple(each for each in (_outage(run, rto_s, now), _unprotected(run, now)) if each)


def _outage(run: Run, rto_s: float | None, now: datetime) -> Clock:
    target = f"RTO target {duration(rto_s)}" if rto_s is not None else "no RTO target is set"
    began, ended, since = run.outage_began_at, run.restored_at, outage(run)
    said = f" {since.sentence}" if since and since.sentence else ""
    if began is None:
        over = run.ended_at is not None
        word = "Clients' writes were not stopped" if over else "Clients can still write; it begins when that ends"
        return Clock(name="Outage", figure="none" if over else "not begun", detail=f"{word} ({target}).", key="over")
    if ended is not None:
        took = (ended - began).total_seconds()
        if took < 0:
            return Clock(
                name="Outage", figure=UNKNOWN, detail="Its two ends were timed by clocks that differ.", key="blind"
            )
        late = rto_s is not None and took > rto_s
        met = "" if rto_s is None else f"missed by {duration(took - rto_s)}: " if late else "met: "
        detail = f"{met}{target}. Clients could not write from {at_ms(began)} to {at_ms(ended)}.{said}"
        return Clock(name="Outage", figure=taken(took), detail=capital(detail), key="no" if late else "agreed",
                     fill=_fill(took, rto_s))  # fmt: skip
    if run.ended_at is not None:
        lasted = f"Clients' writes ended {at_ms(began)}, and no write was acknowledged before the run was over.{said}"
        return Clock(name="Outage", figure="not ended", detail=lasted, key="no")
    return _running(began, rto_s, target, now, said)


def _running(began: datetime, rto_s: float | None, target: str, now: datetime, said: str) -> Clock:
    passed = max(0.0, (now - began).total_seconds())
    left = "" if rto_s is None else (
        f" {duration(rto_s - passed)} left." if passed <= rto_s else f" Over by {duration(passed - rto_s)}."
    )  # fmt: skip
    return Clock(
        name="Outage",
        figure=_counted(passed),
        detail=f"Clients cannot write since {at_ms(began)} ({target}).{left}{said}",
        key="no" if rto_s is not None and passed > rto_s else "go",
        fill=_fill(passed, rto_s),
        ticking=True,
    )


def _unprotected(run: Run, now: datetime) -> Clock | None:
    since = run.unprotected_since
    if since is None:
        return None
    return Clock(
        name="Unprotected",
        figure=_counted(max(0.0, (now - since).total_seconds())),
        detail=f"Since {moment(since, now)} no standby follows: another loss of the primary would lose data.",
        key="no",
        ticking=True,
    )


def _counted(seconds: float) -> str:
    """Whole seconds, so that a clock which is shown every second does not tremble."""
    return duration(float(int(seconds))) if seconds >= 1 else "under 1 s"


def _fill(seconds: float, rto_s: float | None) -> float | None:
    return None if not rto_s else min(1.0, seconds / rto_s)
