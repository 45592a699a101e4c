"""Inventory: what waits for a second administrator, and what is watched. It renews with the page."""

from __future__ import annotations

import streamlit as st

from bc_lib.services.inventory.topic import INVENTORY
from streamlit_app.app_pages import common, proposal_parts
from streamlit_app.components import freshness, tables
from streamlit_app.components.html import join, tag
from streamlit_app.presenters.inventory import inventory_page


@st.fragment(run_every=common.CHART_S)
def _head() -> None:
    reading = common.read()
    if reading:
        page = inventory_page(reading.stored.inventory, reading.stored.revision)
        st.html(
            join(
                tag("h1", page.headline),
                tag("p", f"Revision {page.revision}", class_="bc-quiet"),
                freshness.line(reading.estate.now, reading.away_since, why=reading.why),
                tables.change(),
            )
        )


_head()
_actor = common.reader()
if _actor is not None:
    proposal_parts.waiting(INVENTORY, _actor)
_text = st.text_input("Find", key="q", bind="query-params", placeholder="Name, owner, platform", width=260)
_reading = common.read(quiet=True)
if _reading:
    st.html(tables.inventory(inventory_page(_reading.stored.inventory, _reading.stored.revision, _text)))
