"""Overview: counts, what waits on you, worst first."""

from __future__ import annotations

import streamlit as st

from bc_lib.domain.inventory import Environment
from bc_lib.services.requests.asking import known
from bc_lib.services.requests.inbox import open_waits
from bc_lib.services.requests.listing import open_to
from streamlit_app import deps, watching
from streamlit_app.app_pages import common
from streamlit_app.components import freshness, requests
from streamlit_app.components import overview as pieces
from streamlit_app.components import run as run_pieces
from streamlit_app.components.html import Html, join, tag
from streamlit_app.presenters.inbox import tasks
from streamlit_app.presenters.overview import Filters, overview
from streamlit_app.presenters.request_words import STATE
from streamlit_app.presenters.run import progress_line
from streamlit_app.presenters.run_words import frozen_words
from streamlit_app.troubles import UNREAD


def _filters() -> Filters:
    reading = common.read(quiet=True)
    known = {view.current.resource.environment for view in reading.estate.resources} if reading else set(Environment)
    with st.container(horizontal=True, key="bc-filters", vertical_alignment="center"):
        text = st.text_input(
            "Find",
            key="q",
            bind="query-params",
            placeholder="Find a name, owner, group",
            width=260,
            label_visibility="collapsed",
        )
        tiers = st.pills(
            "Tier",
            [1, 2],
            key="tier",
            bind="query-params",
            selection_mode="multi",
            width="content",
            format_func="Tier {}".format,
            label_visibility="collapsed",
        )
        environments = st.pills(
            "Environment",
            [each.value for each in Environment if each in known],
            key="env",
            bind="query-params",
            selection_mode="multi",
            width="content",
            label_visibility="collapsed",
        )
    return Filters(text=text, tiers=tuple(tiers), environments=tuple(environments), every_row="all" in st.query_params)


@st.fragment(run_every=common.RENEW_S)
def _top() -> None:
    reading = common.read()
    if not reading:
        return
    page = overview(reading.estate, Filters())
    st.html(
        join(
            *_runs(),
            tag("h1", page.headline),
            freshness.line(reading.estate.now, reading.away_since, page.ages, why=reading.why),
            pieces.counts(page),
            _waiting(),
        )
    )


def _runs() -> tuple[Html | None, ...]:
    """What is under way is the first thing, and that starts are frozen."""
    found = watching.activity()
    if found is None:
        return ()
    lines = [(request, progress_line(run), STATE[request.state]) for request, run in found.running]
    return run_pieces.banner(frozen_words(found.frozen, found.now)), run_pieces.running(lines)


def _waiting() -> Html:
    """What the reader can move on, read for them alone and kept a few seconds."""
    made, actor = deps.screens(), common.reader(quiet=True)
    if actor is None:
        return Html("")
    all_ = made.recall.get("waits", lambda: open_waits(made.parts.gate))
    who = made.recall.get(("known", actor.issuer, actor.subject, actor.roles), lambda: known(made.parts.gate, actor))
    if all_ is None or who is None:
        return requests.waiting((), UNREAD)
    old = "As last known; it cannot be read now." if all_.old or who.old else None
    return requests.waiting(tasks(open_to(all_.value, who.value), who.value.roles), old)


@st.fragment(run_every=common.RENEW_S)
def _list(filters: Filters) -> None:
    reading = common.read(quiet=True)
    if not reading:
        return
    marks, old = watching.marks()
    page = overview(reading.estate, filters, marks, old=old)
    st.html(join(pieces.cards(page), pieces.groups(page), pieces.table(page), pieces.more(page)))


_top()
_list(_filters())
