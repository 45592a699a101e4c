"""One run: shown live in pieces that only display, decided with buttons that stand outside of them."""

from __future__ import annotations

import streamlit as st

from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.run import RunActKind
from bc_lib.services.requests.asking import Known, known
from streamlit_app import acts, deep, deps, run_verbs, watching
from streamlit_app.app_pages import common, pressing
from streamlit_app.components import freshness
from streamlit_app.components import run as pieces
from streamlit_app.components.html import join, link, tag
from streamlit_app.components.requests import told
from streamlit_app.presenters.run import run_page
from streamlit_app.presenters.run_alerts import alert_lines
from streamlit_app.presenters.run_choices import Choice, missing_in, run_choices, said_value, told_choices
from streamlit_app.presenters.run_words import VALUE
from streamlit_app.runs import RunSeen, read_run

CLOCK_S, STEPS_S = 1, 2
AGAIN = (
    "It failed over a short while ago, so this failover does not start before somebody has acknowledged it here, or "
    "the block period is over."
)
MARKER = "Shutdown checkpoint that pg_controldata prints there, such as 0/3000148 (optional)"
_DONE = "Recorded. The runner takes it up by itself."


def page(request_id: str) -> None:
    """The whole page."""
    pressing.begin()
    deep.begin()
    watching.forget(request_id)  # so that the pieces below do not show what is older than the buttons
    acts.tell()
    actor = common.reader()
    if actor is None:
        return
    try:
        found = acts.look(lambda gate: (read_run(gate, deps.screens().parts.runs, request_id), known(gate, actor)))
    except Denial:
        st.html(
            tag("h1", "There is no such run.")
            + tag("p", "Choose one of the ", link("requests", "requests"), ".", class_="bc-asof")
        )
        return
    if found is None:
        return
    seen, who = found
    offered = run_choices(seen, who)
    _top(request_id, offered, who)
    _clocks(request_id)
    rest = st.container()
    if offered:
        with st.container(key="bc-decide"):
            if lead_line := told_choices(offered):
                st.html(tag("p", lead_line, class_="bc-inbar"))
            with st.container(horizontal=True, key="bc-decide-acts", vertical_alignment="center"):
                buttons(seen, offered)
    deep.end()
    with rest:
        _steps(request_id)
        _below(request_id)
    pressing.end()


@st.fragment(run_every=STEPS_S)
def _top(request_id: str, offered: tuple[Choice, ...], who: Known) -> None:
    if common.reader() is None:
        return
    found = watching.run(request_id)
    if found is None:
        return
    fresh = freshness.line(found.seen.now, found.away_since)
    st.html(pieces.head(run_page(found.seen), fresh, watching.airflow_link(found.seen.request)))
    pressing.renew(changed=run_choices(found.seen, who) != offered)


@st.fragment(run_every=CLOCK_S)
def _clocks(request_id: str) -> None:
    seen = _seen(request_id)
    if seen is not None and (shown := run_page(seen).clocks):
        st.html(pieces.clocks(shown))


@st.fragment(run_every=STEPS_S)
def _steps(request_id: str) -> None:
    if (seen := _seen(request_id)) is not None:
        st.html(pieces.body(run_page(seen)))


@st.fragment(run_every=common.RENEW_S)
def _below(request_id: str) -> None:
    if (seen := _seen(request_id)) is not None:
        changes = watching.explained(seen)
        told_here = pieces.alerts(alert_lines(changes, seen.now)) if changes is not None else pieces.unread_alerts()
        st.html(join(told_here, pieces.more(run_page(seen))))


def _seen(request_id: str) -> RunSeen | None:
    """For a piece that only displays: who reads is asked anew each time (A09)."""
    found = watching.run(request_id) if common.reader(quiet=True) is not None else None
    return found.seen if found else None


def buttons(seen: RunSeen, offered: tuple[Choice, ...]) -> None:
    """One button a decision, within a row; the request page shows those from before the start."""
    if any(each.kind is RunActKind.ACKNOWLEDGE and each.said_by is None for each in offered):
        st.html(tag("p", AGAIN, class_="bc-note"))
    for each in offered:
        key = f"{each.kind.value}-{each.step}-{seen.request.id}-{'-'.join(each.values)}"
        urgent = each.kind is not RunActKind.STOP
        pressed = st.button(each.label, type="primary" if urgent else "secondary", key=key)
        check = each.values[0] if each.kind is RunActKind.OVERRIDE else ""
        if (pressed and pressing.open_one()) or deep.wants(each.kind.value, step=each.step, check=check):
            st.dialog(each.label.rstrip("…"), on_dismiss="rerun")(_dialog)(seen, each)


def _dialog(seen: RunSeen, choice: Choice) -> None:
    """What is decided, who said it already, and the decision on the revision that is shown."""
    request = seen.request
    tail = f"{request.id}-{request.plan_revision}-{choice.kind.value}-{choice.step}"
    st.html(join(tag("p", choice.asked), tag("p", choice.said_by, class_="bc-note") if choice.said_by else None))
    with st.form(f"bc-decide-{tail}", border=False, enter_to_submit=False):
        value: str | None = choice.values[0] if len(choice.values) == 1 else ""
        if len(choice.values) > 1:
            value = st.segmented_control("What", choice.values, key=f"value-{tail}", format_func=_said)
        marker = st.text_input(MARKER, key=f"marker-{tail}", max_chars=40) if choice.marker else ""
        needed = "needed" if choice.note else "optional"
        note = st.text_input(f"What was seen or why (one line; {needed})", key=f"note-{tail}", max_chars=400)
        pressed = st.form_submit_button(choice.label.rstrip("…"), type="primary")
    if not pressed:
        return
    if missing := missing_in(choice, value or "", note, marker):
        st.html(told(missing, good=False))
        return
    decision = run_verbs.Decision(
        request=request.id,
        revision=request.plan_revision,
        kind=choice.kind,
        step=choice.step,
        value=said_value(choice, value or "", marker),
        note=note.strip(),
    )
    done = acts.act(lambda gate, actor: run_verbs.decide(gate, actor, decision), lambda _: _DONE)
    if done is None:
        acts.tell()
    else:
        st.rerun()


def _said(value: str) -> str:
    return VALUE.get(value, value).capitalize()
