"""Drills: what was tested, the calendar, schedules, blackouts, calendar feeds; with ?schedule= one schedule."""

from __future__ import annotations

from datetime import date

import streamlit as st

from bc_lib.domain.authorization import Verb
from bc_lib.domain.denial import Denial
from bc_lib.domain.schedules.values import ScheduleState
from bc_lib.services.requests.asking import Known, known
from bc_lib.services.schedules.feeds import list_feeds
from bc_lib.services.schedules.upcoming import Calendar, calendar_between
from bc_lib.services.schedules.view import Listed, ScheduleView, listed, shown
from streamlit_app import acts, deps
from streamlit_app.app_pages import common, drill_acts, drill_form, pressing
from streamlit_app.components import drills as pieces
from streamlit_app.components import freshness
from streamlit_app.components.coverage import coverage_section
from streamlit_app.components.html import tag
from streamlit_app.components.tables import table
from streamlit_app.presenters import drill_month, drills
from streamlit_app.presenters.choices import may

NO_BLACKOUT = "None: every date is asked for."
FEEDS = (
    "A feed shows these dates in a calendar program. Its address is secret and shown once; "
    "whoever has it can read every date, until it is revoked."
)


def _all() -> None:
    actor = common.reader(quiet=True)
    wanted = st.query_params.get("month", "")
    _head(wanted)
    who = acts.look(lambda gate: known(gate, actor)) if actor else None
    if actor is None or who is None:
        return
    if may(who, Verb.CHANGE_SCHEDULE):
        _buttons()
    coverage_section()
    _month(wanted)
    _schedules()
    _blackouts(who)
    _feeds()


@st.fragment(run_every=common.CHART_S)
def _head(wanted: str) -> None:
    if common.reader() is None:
        return
    found = _read(wanted)
    if found is None:
        return
    calendar, items = found
    made = deps.screens()
    beats = made.recall.get("beats", made.parts.reader.beats)
    seen = max((each.beat_at for each in (beats.value if beats else ()) if each.component == "schedules"), default=None)
    silent = drills.unwatched(seen, calendar.now) if items.items else None
    fresh = freshness.line(calendar.now, None)
    st.html(pieces.head(drills.headline(calendar, items), fresh, drills.troubles(calendar), silent))


@st.fragment(run_every=common.CHART_S)
def _month(wanted: str) -> None:
    found = _read(wanted) if common.reader(quiet=True) else None
    if found:
        st.html(pieces.month(drill_month.month(found[0], _first_of(wanted, found[0].now.date()))))


@st.fragment(run_every=common.CHART_S)
def _schedules() -> None:
    found = _read("") if common.reader(quiet=True) else None
    if found:
        st.html(pieces.schedules(drills.schedule_lines(found[1], found[0].trouble)))


def _read(wanted: str) -> tuple[Calendar, Listed] | None:
    """The month and all schedules, read for all sessions together; months are counted by the database's clock."""
    made = deps.screens()

    def read() -> tuple[Calendar, Listed]:
        gate, first = made.parts.gate, _first_of(wanted, made.parts.gate.store.read.now().date())
        return calendar_between(gate, made.calendar, *drill_month.stretch(first)), listed(gate, made.calendar)

    found = made.recent.get(("drills", wanted[:7]), read)
    if found is None:
        st.html(tag("p", common.NOTHING, class_="bc-trouble", role="alert"))
        return None
    return found.value


def _first_of(wanted: str, today: date) -> date:
    return drill_month.month_of(wanted[:7], today)


def _buttons() -> None:
    with st.container(horizontal=True, key="bc-acts", vertical_alignment="center"):
        if st.button("Add a schedule…", type="primary", key="schedule-add") and pressing.open_one():
            drill_form.dialog()
        if st.button("Add a blackout…", key="blackout-add") and pressing.open_one():
            drill_acts.blackout()


def _blackouts(who: Known) -> None:
    found = acts.look(lambda gate: (gate.store.read.schedules.blackouts(), gate.store.read.now()))
    if found is None:
        return
    rows = drills.blackout_rows(found[0], found[1].date())
    st.html(tag("h2", "Blackouts") + table(drills.BLACKOUT_HEAD, [cells for _, cells in rows], NO_BLACKOUT))
    if not rows or not may(who, Verb.CHANGE_SCHEDULE):
        return
    with st.container(horizontal=True, key="bc-blackouts"):
        for number, cells in rows:
            if st.button(f"End blackout {number}…", key=f"blackout-{number}") and pressing.open_one():
                drill_acts.end(number, cells)


def _feeds() -> None:
    st.html(tag("h2", "Calendar feeds") + tag("p", FEEDS, class_="bc-quiet"))
    try:
        found = acts.look(lambda gate: list_feeds(gate, deps.current_actor()))
    except Denial as denial:
        st.html(tag("p", denial.sentence, class_="bc-note"))
        return
    if found is None:
        return
    if found:
        rows = [(f"{each.id}", each.title, each.name, f"{each.at:%Y-%m-%d %H:%M} UTC") for each in found]
        st.html(table(("Feed", "Title", "Of", "Made"), rows, ""))
    with st.container(horizontal=True, key="bc-feeds"):
        if st.button("Make a feed…", key="feed-add") and pressing.open_one():
            drill_acts.feed()
        for each in found:
            if st.button(f"Revoke feed {each.id}", key=f"feed-{each.id}"):
                drill_acts.revoke(each.id)


def _one(schedule: str) -> None:
    try:
        found = acts.look(lambda gate: (_view(schedule), known(gate, deps.current_actor())))
    except Denial as denial:
        st.html(tag("h1", "There is no such schedule.") + tag("p", denial.sentence, class_="bc-asof"))
        return
    if found is None:
        return
    view, who = found
    _shown(schedule)
    if not may(who, Verb.CHANGE_SCHEDULE) or view.schedule.state is ScheduleState.REMOVED:
        return
    with st.container(horizontal=True, key="bc-acts", vertical_alignment="center"):
        if st.button("Change…", key="schedule-change") and pressing.open_one():
            drill_form.dialog(view.schedule)
        for to in drill_acts.TURNS[view.schedule.state]:
            words = f"{drill_acts.WORDS[to]}…"
            if st.button(words, key=f"schedule-{to.value}") and pressing.open_one():
                drill_acts.turn_dialog(view.schedule, to)


@st.fragment(run_every=common.CHART_S)
def _shown(schedule: str) -> None:
    if common.reader() is None:
        return
    found = acts.look(lambda gate: (_view(schedule), gate.store.read.now()))
    if found:
        st.html(pieces.schedule(drills.schedule_page(found[0], found[1]), freshness.line(found[1], None)))


def _view(schedule: str) -> ScheduleView:
    made = deps.screens()
    return shown(made.parts.gate, made.calendar, schedule, 5)


pressing.begin()
acts.tell()
if one := st.query_params.get("schedule", ""):
    _one(one)
else:
    _all()
pressing.end()
