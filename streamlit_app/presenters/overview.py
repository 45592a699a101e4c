"""The overview: what is wrong, what must I do, how old is this (US-001)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bc_lib.domain.assessment import Status
from bc_lib.domain.current import Current, last_status
from bc_lib.domain.groups import WORST_FIRST
from bc_lib.services.estate import Estate, GroupView, ResourceView
from streamlit_app.presenters.marks import STATUS, Mark, answer, rank
from streamlit_app.presenters.verified import Marks, Tested, recovery
from streamlit_app.presenters.words import age, count, duration, listed, moment

MAX_CARDS = 60
MAX_ROWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the reader asked to see; empty means everything."""

    text: str = ""
    tiers: tuple[int, ...] = ()
    environments: tuple[str, ...] = ()
    every_row: bool = False

    @property
    def active(self) -> bool:
        """True where something is hidden."""
        return bool(self.text.strip() or self.tiers or self.environments)

    def admits(self, view: ResourceView) -> bool:
        """Text is looked for in the name, owner, platform and groups."""
        resource = view.current.resource
        words = " ".join((resource.name, resource.owner, resource.platform.value, *view.groups)).lower()
        return (
            all(part in words for part in self.text.lower().split())
            and (not self.tiers or resource.tier in self.tiers)
            and (not self.environments or resource.environment.value in self.environments)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """Replay lag measured against the RPO target: `fill` and `target` are shares (0 to 1) of one scale that holds both.

    Both are None where there is nothing to draw; `over` says that the lag is past the target.
    """

    text: str
    fill: float | None = None
    target: float | None = None
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One resource in words."""

    name: str
    status: Mark
    tier: int
    facts: str
    reasons: tuple[str, ...]
    gauge: Gauge
    switch_over: Mark
    fail_over: Mark
    age: str
    seen_at: str
    last_known: str | None
    tested: Tested


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """One group: its verdict and the member that decides it."""

    name: str
    status: Mark
    tier: int
    members: int
    worst: tuple[str, ...]
    reason: str
    switch_over: Mark
    fail_over: Mark
    tested: Tested


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The whole page."""

    headline: str
    ages: str
    counts: tuple[tuple[Mark, int], ...]
    cards: tuple[Card, ...]
    rows: tuple[Card, ...]
    groups: tuple[GroupLine, ...]
    more: int
    hidden: int
    total: int


def overview(estate: Estate, filters: Filters, marks: Marks | None = None, *, old: bool = False) -> Overview:
    """Everything the page says about `estate`, as far as `filters` admit it. Counts and headline ignore filters.

    `marks`: the recovery tests, None where they could not be read; `old`: read before the database went away.
    """
    ordered = sorted(estate.resources, key=_worst_first)
    shown = [view for view in ordered if filters.admits(view)]
    bad = [view for view in shown if view.current.status is not Status.GREEN]
    rest = [*bad[MAX_CARDS:], *(view for view in shown if view.current.status is Status.GREEN)]
    tally = Counter(view.current.status for view in estate.resources)
    chosen = {name for view in shown for name in view.groups}
    groups = [view for view in estate.groups if not filters.active or view.group.name in chosen]
    return Overview(
        headline=headline(ordered),
        ages=ages(ordered),
        counts=tuple((STATUS[status], tally[status]) for status in WORST_FIRST),
        cards=tuple(card(view, estate, marks, old=old) for view in bad[:MAX_CARDS]),
        rows=tuple(card(view, estate, marks, old=old) for view in (rest if filters.every_row else rest[:MAX_ROWS])),
        groups=tuple(
            group_line(view, marks, old=old)
            for view in sorted(groups, key=lambda v: (rank(v.assessment.status), v.group.tier, v.group.name))
        ),
        more=0 if filters.every_row else max(0, len(rest) - MAX_ROWS),
        hidden=len(ordered) - len(shown),
        total=len(ordered),
    )


def headline(worst_first: Sequence[ResourceView]) -> str:
    """One sentence: what is wrong, worst first."""
    if not worst_first:
        return "Nothing is watched yet."
    bad = [view for view in worst_first if view.current.status is not Status.GREEN]
    if not bad:
        return f"All {count(len(worst_first), 'resource')} within limits."
    return "; ".join(_phrases(bad)) + "."


def ages(views: Sequence[ResourceView]) -> str:
    """How old the newest and the oldest observation are."""
    known = [view.current.age_s for view in views if view.current.age_s is not None]
    if not known:
        return "nothing observed yet"
    if max(known) - min(known) < 1:
        return f"observed {age(max(known))}"
    return f"observed {age(min(known))}, the oldest {age(max(known))}"


def _phrases(bad: Sequence[ResourceView]) -> Iterable[str]:
    for status in WORST_FIRST:
        names = [view.name for view in bad if view.current.status is status]
        if names:
            yield f"{STATUS[status].word}: {listed(names)}"


def card(view: ResourceView, estate: Estate, marks: Marks | None = None, *, old: bool = False) -> Card:
    """One resource."""
    current, resource = view.current, view.current.resource
    known = last_status(current) if not current.status.known and current.status is not Status.BLIND else None
    return Card(
        name=resource.name,
        status=STATUS[current.status],
        tier=resource.tier,
        facts=f"{resource.platform.value} · {resource.environment.value} · {resource.owner}",
        reasons=tuple(reason.text for reason in current.reasons),
        gauge=gauge(current),
        switch_over=answer(current.could_switch_over),
        fail_over=answer(current.could_fail_over),
        age=age(current.age_s),
        seen_at=moment(current.observed_at, estate.now) if current.observed_at else "never observed",
        last_known=f"Last known: {STATUS[known].word.lower()}, {moment(current.observed_at, estate.now)}"
        if known
        else None,
        tested=recovery(marks, "resource", resource.name, old=old),
    )


def gauge(current: Current) -> Gauge:
    """Lag against RPO. A lag that is not fresh is said to be old and never drawn."""
    lag = current.last.lag.replayed_s if current.last else None
    target = current.resource.rpo_s
    if current.last is None or current.status in {Status.STALE, Status.NEVER_SEEN}:
        return Gauge(text="lag not known now")
    if target is None:
        return Gauge(text=f"lag {duration(lag)}" if lag is not None else "no RPO target")
    if lag is None:
        return Gauge(text=f"lag not known, RPO {duration(target)}")
    scale = max(lag, target) or 1.0
    return Gauge(
        text=f"lag {duration(lag)} of RPO {duration(target)}",
        fill=lag / scale,
        target=target / scale,
        over=lag > target,
    )


def group_line(view: GroupView, marks: Marks | None = None, *, old: bool = False) -> GroupLine:
    """One group."""
    judged = view.assessment
    return GroupLine(
        name=view.group.name,
        status=STATUS[judged.status],
        tier=view.group.tier,
        members=len(view.group.members),
        worst=judged.worst_members if judged.status is not Status.GREEN else (),
        reason=judged.reasons[0].text if judged.reasons else "",
        switch_over=answer(judged.could_switch_over),
        fail_over=answer(judged.could_fail_over),
        tested=recovery(marks, "group", view.group.name, old=old),
    )


def _worst_first(view: ResourceView) -> tuple[int, int, str]:
    return rank(view.current.status), view.current.resource.tier, view.name
