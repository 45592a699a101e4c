"""Group: one verdict, members in order, waves."""

from __future__ import annotations

import streamlit as st

from streamlit_app import watching
from streamlit_app.app_pages import common
from streamlit_app.components import freshness
from streamlit_app.components import group as pieces
from streamlit_app.components.html import join
from streamlit_app.presenters.group import group_page


@st.fragment(run_every=common.RENEW_S)
def _page(name: str) -> None:
    reading = common.read()
    view = reading.estate.group(name) if reading else None
    if not reading or not view:
        common.missing("group", name, reading)
        return
    marks, old = watching.marks()
    page = group_page(view, reading.estate, marks, old=old)
    fresh = freshness.line(reading.estate.now, reading.away_since, page.ages, why=reading.why)
    names = [member.name for member in view.members]
    ways = common.raise_request("group", name, reading)
    st.html(join(common.standing(names), pieces.page(page, fresh, ways), common.last_runs("group", names)))


_page(st.query_params.get("name", ""))
