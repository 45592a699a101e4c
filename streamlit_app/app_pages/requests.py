"""Requests: what needs the reader, what they asked for, all; with ?id= one request."""

from __future__ import annotations

import streamlit as st

from bc_lib.services.requests.listing import list_requests, mine, waiting_on
from streamlit_app import acts, deps, watching
from streamlit_app.app_pages import common, request_parts, reviewing
from streamlit_app.components import freshness
from streamlit_app.components import requests as pieces
from streamlit_app.components import run as run_pieces
from streamlit_app.components.html import Html, join, tag
from streamlit_app.presenters import requests as shown
from streamlit_app.presenters.inbox import headline, tasks
from streamlit_app.presenters.run_words import frozen_words


@st.fragment(run_every=common.RENEW_S)
def _own() -> None:
    actor = common.reader()
    if actor is None:
        return
    found = acts.look(lambda gate: (waiting_on(gate, actor), mine(gate, actor, limit=20)))
    if found is None:
        return
    inbox, own = found
    st.html(
        join(
            tag("h1", headline(inbox, actor.roles)),
            freshness.line(inbox.now, None),
            _frozen(),
            pieces.waiting(tasks(inbox, actor.roles)),
            pieces.listed(
                "Asked for by you",
                [shown.line(each, own.now) for each in own.requests],
                "You have asked for nothing. Operators raise a request on a resource's or group's page.",
            ),
            tag("h2", "All requests"),
        )
    )


def _frozen() -> Html | None:
    found = watching.activity()
    return run_pieces.banner(frozen_words(found.frozen, found.now)) if found else None


@st.fragment(run_every=common.RENEW_S)
def _all(states: tuple[str, ...], text: str) -> None:
    if common.reader(quiet=True) is None:
        return
    found = deps.screens().recall.get("requests", lambda: list_requests(deps.screens().parts.gate))
    if found is None:
        return
    lines = shown.chosen(found.value.requests, found.value.now, states, text)
    empty = "No request is like that." if found.value.requests else "Nobody has asked for anything yet."
    st.html(pieces.plain(lines, empty))


def _filters() -> tuple[tuple[str, ...], str]:
    with st.container(horizontal=True, key="bc-filters", vertical_alignment="center"):
        text = st.text_input(
            "Find",
            key="q",
            bind="query-params",
            placeholder="Number, system, person",
            width=260,
            label_visibility="collapsed",
        )
        states = st.pills(
            "State",
            list(shown.CHOICES),
            key="state",
            bind="query-params",
            selection_mode="multi",
            format_func=str.capitalize,
            width="content",
            label_visibility="collapsed",
        )
    return tuple(states), text or ""


if request_id := st.query_params.get("id", ""):
    request_parts.page(request_id)
elif number := st.query_params.get("review", ""):
    reviewing.page(number)
else:
    acts.tell()
    _own()
    _all(*_filters())
