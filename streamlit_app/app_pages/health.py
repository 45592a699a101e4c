"""Health: who watches the watcher."""

from __future__ import annotations

import streamlit as st

from bc_lib.ports.reading import OutboxState
from streamlit_app import deps
from streamlit_app.app_pages import common
from streamlit_app.components import freshness, tables
from streamlit_app.components.html import join, tag
from streamlit_app.presenters.health import health_page

EMPTY = OutboxState(waiting=0, oldest_waiting_at=None, dead=0, last_delivered_at=None, last_error=None)


@st.fragment(run_every=common.RENEW_S)
def _page() -> None:
    reading = common.read()
    if not reading:
        return
    made = deps.screens()
    beats = made.recall.get("beats", made.parts.reader.beats)
    outbox = made.recall.get("outbox", made.parts.reader.outbox)
    page = health_page(
        reading.estate, beats.value if beats else (), outbox.value if outbox else EMPTY, reading.away_since
    )
    st.html(join(tag("h1", page.headline), freshness.line(reading.estate.now, reading.away_since), tables.health(page)))


_page()
