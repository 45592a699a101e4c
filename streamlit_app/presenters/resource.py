"""One resource: both verdicts with their reasons, both sites side by side, findings, history (US-002)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bc_lib.domain.assessment import Lag, Reason, Status, Verdict
from bc_lib.domain.current import Current, last_status
from bc_lib.domain.inventory import Platform
from bc_lib.domain.observation import LagSource, Reach
from bc_lib.domain.reasons import TABLE
from bc_lib.ports.reading import StatusChange
from bc_lib.services.estate import Estate, ResourceView
from streamlit_app.presenters.marks import STATUS, Mark, answer
from streamlit_app.presenters.overview import Gauge, gauge
from streamlit_app.presenters.sites import Site, sites
from streamlit_app.presenters.words import UNKNOWN, age, duration, moment, size

SOURCES = {
    LagSource.MARKER: "the standby is at or past the primary's earlier position",
    LagSource.HEARTBEAT: "age of the heartbeat seen at the standby",
    LagSource.REPLAY_LAG: "the primary's own measurement (pg_stat_replication)",
    LagSource.POSITIONS: "when the primary stood where the standby stands now",
    LagSource.REPLAY_TIMESTAMP: "age of the last replayed commit",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A reason in words; `title` and `hint` come from the table of reason codes."""

    code: str
    title: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One verdict."""

    question: str
    answer: Mark
    reasons: tuple[Why, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePage:
    """The whole page but trend and history."""

    name: str
    status: Mark
    facts: tuple[str, ...]
    groups: tuple[str, ...]
    depends_on: tuple[str, ...]
    age: str
    seen_at: str
    since: str | None
    last_known: str | None
    reasons: tuple[Why, ...]
    verdicts: tuple[Judged, ...]
    gauge: Gauge
    lag: tuple[tuple[str, str], ...]
    heartbeat: str | None
    sites: tuple[Site, ...]
    findings: tuple[Why, ...]
    no_findings: str
    as_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the history."""

    at: str
    before: Mark | None
    after: Mark
    text: str


def resource_page(view: ResourceView, estate: Estate, explained: Mapping[str, str] | None = None) -> ResourcePage:
    """Everything the page says about `view` now. `explained`: codes of reasons that a run of ours brings
    about, with its id; what to do about those is that run's business."""
    now, resource, last = view.current, view.current.resource, view.current.last
    status = STATUS[now.status]
    fresh = now.status not in {Status.STALE, Status.NEVER_SEEN}
    return ResourcePage(
        name=resource.name,
        status=status,
        facts=(
            f"Tier {resource.tier}",
            resource.platform.value,
            resource.environment.value,
            resource.owner,
            f"checked every {duration(resource.interval_s)}",
        ),
        groups=view.groups,
        depends_on=resource.depends_on,
        age=age(now.age_s),
        seen_at=moment(now.observed_at, estate.now),
        since=moment(view.stored.since, estate.now) if view.stored and fresh else None,
        last_known=_last_known(now, estate),
        reasons=tuple(_explained(why(reason), explained or {}) for reason in now.reasons),
        verdicts=(judged("Could switch over", now.could_switch_over), judged("Could fail over", now.could_fail_over)),
        gauge=gauge(now),
        lag=_lag(last.lag, resource.rpo_s) if last and resource.platform is Platform.POSTGRESQL else (),
        heartbeat=last.heartbeat_statement if last else None,
        sites=sites(resource, view.stored.observation if view.stored else None, estate, fresh=fresh),
        findings=tuple(why(reason) for reason in (*view.dependencies, *(last.findings if last else ()))),
        no_findings=_no_findings(view),
        as_of="" if fresh or last is None else f", as last seen {moment(now.observed_at, estate.now)}",
    )


def why(reason: Reason) -> Why:
    """A reason with its hint; a code the table does not know keeps its sentence."""
    kind = TABLE.get(reason.code)
    return Why(
        code=reason.code, title=kind.title if kind else reason.code, text=reason.text, hint=kind.hint if kind else ""
    )


def _explained(found: Why, explained: Mapping[str, str]) -> Why:
    run = explained.get(found.code)
    return replace(found, hint=f"Nothing here: run {run} brings it about.") if run else found


def history(changes: Sequence[StatusChange], estate: Estate) -> tuple[Change, ...]:
    """Lines of the history, newest first as given."""
    return tuple(
        Change(
            at=moment(each.at, estate.now),
            before=STATUS[each.before] if each.before else None,
            after=STATUS[each.after],
            text=each.text,
        )
        for each in changes
    )


def judged(question: str, verdict: Verdict) -> Judged:
    """A verdict in words."""
    return Judged(question=question, answer=answer(verdict), reasons=tuple(why(reason) for reason in verdict.reasons))


def _no_findings(view: ResourceView) -> str:
    """Why the list of findings is empty: agreement is only claimed where every node was seen."""
    if view.stored is None:
        return "Nothing was compared yet."
    if any(node.reach is not Reach.OK for node in view.stored.observation.nodes):
        return "None known; not every node could be seen, so the sites were not fully compared."
    return "None."


def _last_known(now: Current, estate: Estate) -> str | None:
    known = last_status(now)
    if known is None or known is now.status:
        return None
    seen = moment(now.observed_at, estate.now)
    return f"Last known: {STATUS[known].word.lower()}, seen {seen}. Below is what was seen then."


def _lag(lag: Lag, rpo_s: float | None) -> tuple[tuple[str, str], ...]:
    return (
        ("Not yet replayed", _both(lag.replayed_s, lag.replayed_bytes)),
        ("Not yet received", _both(lag.received_s, lag.received_bytes)),
        ("RPO target", duration(rpo_s) if rpo_s is not None else "none set"),
        ("Lag is read from", SOURCES[lag.source] if lag.source else UNKNOWN),
    )


def _both(seconds: float | None, amount: int | None) -> str:
    if seconds is None and amount is None:
        return UNKNOWN
    return ", ".join(
        part
        for part in (duration(seconds) if seconds is not None else None, size(amount) if amount is not None else None)
        if part
    )
