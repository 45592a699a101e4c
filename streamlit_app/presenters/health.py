"""The watcher watched: our own processes, the outbox, the database (decision 14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.assessment import Status
from bc_lib.ports.reading import ComponentBeat, OutboxState
from bc_lib.services.estate import Estate
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.words import age, count, duration, listed, moment

GOOD = Mark(key="green", word="Well", meaning="seen within its time")
LATE = Mark(key="red", word="Silent", meaning="not seen within its time")
DEAD = Mark(key="red", word="Trouble", meaning="something needs a hand")
SLOW = Mark(key="yellow", word="Slow", meaning="later than it should be")
NEVER = Mark(key="never", word="Never seen", meaning="no sign of life is recorded")

EXPECTED_S = {"poller": 60.0, "notices": 150.0, "housekeeping": 26 * 3600.0}
OTHERWISE_S = 150.0
WAITING_S = 120.0


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


def health_page(estate: Estate, beats: Sequence[ComponentBeat], outbox: OutboxState, away_since: datetime | None) -> HealthPage:
    """Everything the page says. While the database is away nothing but that is certain."""
    lines = [_database(estate, away_since), _freshness(estate), *_components(beats, estate.now), *_outbox(outbox, estate.now)]
    bad = [line.what for line in lines if line.mark is not GOOD]
    headline = "Everything that watches is well" if not bad else f"Look at: {listed(bad, 4)}"
    return HealthPage(headline=headline, lines=tuple(lines), counts=())


def _database(estate: Estate, away_since: datetime | None) -> Line:
    if away_since is None:
        return Line(what="Shared database", mark=GOOD, figure="answers", detail=f"inventory revision {estate.revision}")
    return Line(what="Shared database", mark=DEAD, figure="does not answer",
                detail=f"last answer {moment(away_since, estate.now)}; everything below is from then")


def _freshness(estate: Estate) -> Line:
    """The observations themselves say whether polling works, whatever a process claims."""
    ages = [view.current.age_s for view in estate.resources if view.current.age_s is not None]
    late = [view.name for view in estate.resources if view.current.status in {Status.STALE, Status.NEVER_SEEN}]
    if not estate.resources:
        return Line(what="Observations", mark=NEVER, figure="nothing watched", detail="add resources: bcctl inventory apply FILE")
    figure = f"newest {age(min(ages))}, oldest {age(max(ages))}" if ages else "none yet"
    detail = f"{count(len(late), 'resource')} without fresh data: {listed(late)}" if late else "all within one interval and 5 s"
    return Line(what="Observations", mark=LATE if late else GOOD, figure=figure, detail=detail)


def _components(beats: Sequence[ComponentBeat], now: datetime) -> list[Line]:
    known = {beat.component for beat in beats}
    silent = [Line(what=_title(name), mark=NEVER, figure="never", detail="no sign of life is recorded; is it running?")
              for name in EXPECTED_S if name not in known]
    return [_component(beat, now) for beat in sorted(beats, key=lambda b: (b.component, b.instance))] + silent


def _component(beat: ComponentBeat, now: datetime) -> Line:
    passed = (now - beat.beat_at).total_seconds()
    allowed = EXPECTED_S.get(beat.component, OTHERWISE_S)
    details = ", ".join(f"{key} {value}" for key, value in beat.details.items() if isinstance(value, str | int | float))
    shown = f"{beat.instance}; expected every {duration(allowed)} at most" + (f"; {details}" if details else "")
    return Line(what=_title(beat.component), mark=GOOD if passed <= allowed else LATE, figure=age(passed), detail=shown)


def _title(component: str) -> str:
    return component.replace("_", " ").replace("-", " ").capitalize()


def _outbox(outbox: OutboxState, now: datetime) -> list[Line]:
    waited = (now - outbox.oldest_waiting_at).total_seconds() if outbox.oldest_waiting_at else None
    late = waited is not None and waited > WAITING_S
    last = f"last delivered {age((now - outbox.last_delivered_at).total_seconds())}" if outbox.last_delivered_at else "none delivered yet"
    waiting = Line(what="Notices waiting", mark=SLOW if late else GOOD, figure=str(outbox.waiting),
                   detail=f"oldest waits {duration(waited)}; {last}" if waited is not None else last)
    dead = Line(what="Notices given up", mark=DEAD if outbox.dead else GOOD, figure=str(outbox.dead),
                detail=f"last error: {outbox.last_error}" if outbox.last_error else "no error recorded")
    return [waiting, dead]
