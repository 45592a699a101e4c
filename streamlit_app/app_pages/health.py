"""Health: who watches the watcher."""

from __future__ import annotations

import streamlit as st

from bc_lib.domain.actor import Actor
from bc_lib.ports.reading import OutboxState
from bc_lib.services.gate import Gate
from bc_lib.services.requests.asking import known
from streamlit_app import acts, deep, deps, run_verbs, watching
from streamlit_app.app_pages import common, pressing
from streamlit_app.components import freshness, tables
from streamlit_app.components.html import join, tag
from streamlit_app.components.requests import told
from streamlit_app.components.run import banner
from streamlit_app.live import Reading
from streamlit_app.presenters.health import HealthPage, health_page
from streamlit_app.presenters.run_choices import may_freeze
from streamlit_app.presenters.run_words import frozen_words

EMPTY = OutboxState(waiting=0, oldest_waiting_at=None, dead=0, last_delivered_at=None, last_error=None)
MEANS = {
    "freeze": "Nothing starts any more, and runs stop where that is safe. What is half way is finished first.",
    "thaw": "Starts are allowed again. Requests that are confirmed and not over start by themselves.",
}
DONE = {"freeze": "Starts are frozen.", "thaw": "Starts are allowed again."}


@st.fragment(run_every=common.RENEW_S)
def _top() -> None:
    reading = common.read()
    if not reading:
        return
    doing = watching.activity()
    st.html(
        join(
            tag("h1", _look(reading).headline),
            freshness.line(reading.estate.now, reading.away_since, why=reading.why),
            banner(frozen_words(doing.frozen, doing.now)) if doing else None,
        )
    )


@st.fragment(run_every=common.RENEW_S)
def _below() -> None:
    reading = common.read(quiet=True)
    if reading:
        st.html(tables.health(_look(reading)))


def _look(reading: Reading) -> HealthPage:
    made = deps.screens()
    beats = made.recall.get("beats", made.parts.reader.beats)
    outbox = made.recall.get("outbox", made.parts.reader.outbox)
    return health_page(
        reading.estate, beats.value if beats else (), outbox.value if outbox else EMPTY, reading.away_since, reading.why
    )


def _switch() -> None:
    """Freeze or thaw: outside of what renews itself."""
    acts.tell()
    actor, doing = common.reader(quiet=True), watching.activity()
    who = acts.look(lambda gate: known(gate, actor)) if actor and doing else None
    if doing is None or who is None:
        return
    what = "thaw" if doing.frozen else "freeze"
    if not may_freeze(who, frozen=doing.frozen is not None):
        return
    label = "Thaw starts…" if doing.frozen else "Freeze all starts…"
    with st.container(horizontal=True, key="bc-acts"):
        pressed = st.button(label, key=f"switch-{what}")
        if (pressed and pressing.open_one()) or deep.wants(what):
            st.dialog(label.rstrip("…"), on_dismiss="rerun")(_dialog)(what)


def _dialog(what: str) -> None:
    st.html(tag("p", MEANS[what]))
    st.html(join(tag("p", "Type this word exactly:", class_="bc-quiet"), tag("p", what, class_="bc-phrase")))
    with st.form(f"bc-switch-{what}", border=False, enter_to_submit=False):
        typed = st.text_input("Word", key=f"typed-{what}", label_visibility="collapsed", autocomplete="off")
        reason = st.text_input("Reason (one line)", key=f"reason-{what}", max_chars=400)
        pressed = st.form_submit_button(what.capitalize(), type="primary")
    if not pressed:
        return
    if typed.strip() != what or not reason.strip():
        st.html(told(f"Type {what} and give a reason first. Nothing changed.", good=False))
        return
    done = acts.act(lambda gate, actor: _do(gate, actor, what, reason.strip()), DONE.__getitem__)
    deps.screens().recent.forget("activity")
    if done is None:
        acts.tell()
    else:
        st.rerun()


def _do(gate: Gate, actor: Actor, what: str, reason: str) -> str:
    run_verbs.SWITCHES[what](gate, actor, reason)
    return what


pressing.begin()
deep.begin()
_top()
_switch()
deep.end()
pressing.end()
_below()
