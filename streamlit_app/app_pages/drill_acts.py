"""Small acts of the Drills page: pause, resume, remove; blackouts; calendar feeds. The services decide and audit."""

from __future__ import annotations

from datetime import date
from functools import cache
from zoneinfo import available_timezones

import streamlit as st

from bc_lib.domain.schedules.values import Blackout, Schedule, ScheduleState
from bc_lib.services.schedules.blackouts import add_blackout, end_blackout
from bc_lib.services.schedules.edit import turn
from bc_lib.services.schedules.feeds import add_feed, revoke_feed
from streamlit_app import acts, deps
from streamlit_app.components.html import tag
from streamlit_app.components.requests import told
from streamlit_app.presenters.drill_words import what

ACTIVE, PAUSED, REMOVED = ScheduleState.ACTIVE, ScheduleState.PAUSED, ScheduleState.REMOVED
TURNS = {ACTIVE: (PAUSED, REMOVED), PAUSED: (ACTIVE, REMOVED)}
WORDS = {ACTIVE: "Resume", PAUSED: "Pause", REMOVED: "Remove"}
MEANS = {
    ACTIVE: "Its dates become requests again, from now on. You count as a requester of what it asks for.",
    PAUSED: "Its dates become no requests until it is resumed. Whoever was told of a date is told that it is off.",
    REMOVED: "It ends for good; its record stays. Whoever was told of a date is told that it is off.",
}
DONE = {ACTIVE: "resumed", PAUSED: "paused", REMOVED: "removed"}


def turn_dialog(schedule: Schedule, to: ScheduleState) -> None:
    """Pause, resume or remove one, from the version that was looked at."""
    st.dialog(f"{WORDS[to]} {schedule.id}?", on_dismiss="rerun")(_turn)(schedule, to)


def _turn(schedule: Schedule, to: ScheduleState) -> None:
    st.html(tag("p", tag("b", f"{what(schedule.spec)}: {schedule.spec.title}. "), MEANS[to]))
    with st.form(f"bc-turn-{schedule.id}", border=False, enter_to_submit=False):
        note = st.text_input("Why (optional, one line)", key=f"note-{schedule.id}", max_chars=200)
        pressed = st.form_submit_button(WORDS[to], type="primary")
    if pressed:
        key = acts.key(f"{schedule.id}-{schedule.version}-{to.value}")
        after = acts.act(
            lambda gate, actor: turn(
                gate, deps.screens().calendar, actor, schedule.id, schedule.version, to, key, note.strip()
            ),
            lambda done: f"{done.id} is {DONE[to]}.",
        )
        closed(after is not None)


@st.dialog("Add a blackout", on_dismiss="rerun")
def blackout() -> None:
    """Days on which nothing is asked for."""
    st.html(tag("p", "Dates on these days are skipped and recorded; whoever was told of one is told that it is off."))
    schedules = acts.look(lambda gate: gate.store.read.schedules.list()) or ()
    with st.form("bc-blackout", border=False, enter_to_submit=False):
        first = st.date_input("First day", value=None, key="blackout-first", format="YYYY-MM-DD")
        last = st.date_input("Last day, included (empty: one day)", value=None, key="blackout-last",
                             format="YYYY-MM-DD")  # fmt: skip
        zone = zone_box("blackout-zone", "UTC")
        of = st.selectbox("Of", ["", *(each.id for each in schedules)], key="blackout-of",
                          format_func=lambda each: each or "every schedule")  # fmt: skip
        reason = st.text_input("Reason (one line)", key="blackout-reason", max_chars=200)
        pressed = st.form_submit_button("Add it", type="primary")
    if not pressed:
        return
    if not isinstance(first, date):
        st.html(told("Choose the first day. Nothing was stored.", good=False))
        return
    end_day = last if isinstance(last, date) else first
    wanted = Blackout(id=0, schedule=of or None, first_day=first, last_day=end_day, zone=zone, reason=reason.strip(),
                      by="")  # fmt: skip
    done = acts.act(
        lambda gate, actor: add_blackout(gate, deps.screens().calendar, actor, wanted),
        lambda made: f"Blackout {made.id} stands.",
    )
    closed(done is not None)


def end(number: int, cells: tuple[str, str, str, str]) -> None:
    """End one blackout."""
    st.dialog(f"End blackout {number}?", on_dismiss="rerun")(_end)(number, cells)


def _end(number: int, cells: tuple[str, str, str, str]) -> None:
    st.html(tag("p", tag("b", f"{cells[0]}, {cells[1]}: {cells[2]}. "), "Dates in it are asked for again."))
    if st.button("End it", type="primary", key=f"end-{number}"):
        done = acts.act(
            lambda gate, actor: end_blackout(gate, deps.screens().calendar, actor, number),
            lambda ended: f"Blackout {ended.id} has ended.",
        )
        closed(done is not None)


@st.dialog("Make a calendar feed", on_dismiss="rerun")
def feed() -> None:
    """Its address is shown here and nowhere else."""
    with st.form("bc-feed", border=False, enter_to_submit=False):
        title = st.text_input("Title", value="Disaster recovery drills", key="feed-title", max_chars=200)
        pressed = st.form_submit_button("Make it", type="primary")
    if not pressed:
        return
    made = acts.act(
        lambda gate, actor: add_feed(gate, actor, title.strip()),
        lambda new: f"Feed {new.feed.id} is made. Copy its address now: it is not shown again.",
    )
    acts.tell()
    if made is not None:
        st.code(made.address, language=None, wrap_lines=True)
        st.html(tag("p", "Give it to your calendar program as a subscription.", class_="bc-quiet"))


def revoke(number: int) -> None:
    """Its address opens nothing from now on."""
    acts.act(lambda gate, actor: revoke_feed(gate, actor, number), lambda done: f"Feed {done.id} is revoked.")
    st.rerun()


def zone_box(key: str, chosen: str) -> str:
    """A time zone of the IANA database."""
    known = zones()
    place = known.index(chosen) if chosen in known else known.index("UTC")
    return st.selectbox("Time zone", known, index=place, key=key) or "UTC"


@cache
def zones() -> tuple[str, ...]:
    """Names of the IANA database as people use them: places, and UTC."""
    return tuple(sorted(each for each in available_timezones() if "/" in each or each == "UTC"))


def closed(done: bool) -> None:
    """What an act changed is shown from the database; a refusal is told in the dialog, which stays."""
    if done:
        deps.screens().recent.forget_all()
        st.rerun()
    acts.tell()
