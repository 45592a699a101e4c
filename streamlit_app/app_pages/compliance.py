"""Compliance: what was drilled in a range of dates, with which result, and what never was."""

from __future__ import annotations

from datetime import date

import streamlit as st

from bc_lib.domain.denial import Denial
from bc_lib.services.compliance.report import Days, days_of, report
from streamlit_app import acts, deps
from streamlit_app.app_pages import common
from streamlit_app.components import audit, compliance
from streamlit_app.components.html import tag
from streamlit_app.presenters.compliance import address, compliance_page


def _range(today: date) -> Days | None:
    with st.container(horizontal=True, key="bc-filters", vertical_alignment="bottom"):
        first = st.date_input("From (UTC)", value=None, key="from", bind="query-params", width=170, format="YYYY-MM-DD")
        last = st.date_input("To, included", value=None, key="to", bind="query-params", width=170, format="YYYY-MM-DD")
    try:
        return days_of(first, last, today)
    except Denial as denial:
        st.html(tag("p", denial.sentence, class_="bc-trouble", role="alert"))
        return None


def _page() -> None:
    head = st.container()
    now = acts.look(lambda gate: gate.store.read.now())
    days = _range(now.date()) if now else None
    if days is None:
        return
    screens = deps.screens()
    found = acts.look(
        lambda _: report(screens.parts.evidence.read, days, screens.parts.drill_periods_s, screens.drilled)
    )
    if found is None:
        return
    ways = audit.exports(*(address("/compliance/export", days, format=form) for form in ("csv", "json")))
    page = compliance_page(found)
    head.html(compliance.head(page))
    st.html(compliance.page(page, ways))


if common.reader() is not None:
    _page()
