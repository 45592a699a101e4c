"""The watcher watched: our own processes, the outbox, the database (decision 14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.assessment import Status
from bc_lib.ports.reading import ComponentBeat, OutboxState
from bc_lib.services.estate import Estate
from bc_lib.services.own_health import HealthItem, component_items, outbox_item
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.words import age, count, listed, moment
from streamlit_app.troubles import AWAY

GOOD = Mark(key="green", word="Well", meaning="seen within its time")
LATE = Mark(key="red", word="Silent", meaning="not seen within its time")
DEAD = Mark(key="red", word="Trouble", meaning="something needs a hand")
SLOW = Mark(key="yellow", word="Trouble", meaning="works, and reports trouble")
NEVER = Mark(key="never", word="Never seen", meaning="no sign of life is recorded")

MARKS = {Status.GREEN: GOOD, Status.YELLOW: SLOW, Status.RED: DEAD, Status.STALE: LATE, Status.NEVER_SEEN: NEVER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that is watched."""

    what: str
    mark: Mark
    figure: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthPage:
    """The whole page."""

    headline: str
    lines: tuple[Line, ...]
    counts: tuple[tuple[Mark, int], ...]


def health_page(
    estate: Estate, beats: Sequence[ComponentBeat], outbox: OutboxState, away_since: datetime | None, why: str = AWAY
) -> HealthPage:
    """Everything the page says. While nothing can be read nothing but that, and `why`, is certain."""
    lines = [
        _database(estate, away_since, why),
        _freshness(estate),
        *_components(beats, estate.now),
        _outbox(outbox, estate.now),
    ]
    worst = ("red", "yellow", "never")
    ill = sorted((line for line in lines if line.mark is not GOOD), key=lambda line: worst.index(line.mark.key))
    bad = [line.what for line in ill]
    headline = "Everything that watches is well" if not bad else f"Look at: {listed(bad, 4)}"
    return HealthPage(headline=headline, lines=tuple(lines), counts=())


def _database(estate: Estate, away_since: datetime | None, why: str) -> Line:
    if away_since is None:
        return Line(what="Shared database", mark=GOOD, figure="answers", detail=f"inventory revision {estate.revision}")
    trouble = "" if why == AWAY else f"{why}; "
    return Line(
        what="Shared database",
        mark=DEAD,
        figure="does not answer" if why == AWAY else "cannot be read",
        detail=f"{trouble}last answer {moment(away_since, estate.now)}; everything below is from then",
    )


def _freshness(estate: Estate) -> Line:
    """The observations themselves say whether polling works, whatever a process claims."""
    ages = [view.current.age_s for view in estate.resources if view.current.age_s is not None]
    late = [view.name for view in estate.resources if view.current.status in {Status.STALE, Status.NEVER_SEEN}]
    if not estate.resources:
        return Line(
            what="Observations",
            mark=NEVER,
            figure="nothing watched",
            detail="add resources: bcctl inventory apply FILE",
        )
    figure = f"newest {age(min(ages))}, oldest {age(max(ages))}" if ages else "none yet"
    detail = (
        f"{count(len(late), 'resource')} without fresh data: {listed(late)}"
        if late
        else "all within one interval and 5 s"
    )
    return Line(what="Observations", mark=LATE if late else GOOD, figure=figure, detail=detail)


def _components(beats: Sequence[ComponentBeat], now: datetime) -> list[Line]:
    return [_component(item, now) for item in component_items(now, beats)]


def _component(item: HealthItem, now: datetime) -> Line:
    figure = age((now - item.seen_at).total_seconds()) if item.seen_at else "never"
    return Line(what=_title(item.name), mark=MARKS[item.status], figure=figure, detail=item.text)


def _title(component: str) -> str:
    return component.replace("_", " ").replace("-", " ").capitalize()


def _outbox(outbox: OutboxState, now: datetime) -> Line:
    item = outbox_item(now, outbox)
    last = age((now - item.seen_at).total_seconds()) if item.seen_at else "never"
    return Line(what="Outbox", mark=MARKS[item.status], figure=f"last delivered {last}", detail=item.text)
