"""Resource: verdicts, both sites, 24 hours, history."""

from __future__ import annotations

import streamlit as st

from bc_lib.ports.reading import Metric
from streamlit_app import deps, watching
from streamlit_app.app_pages import common
from streamlit_app.components import chart, freshness, verified
from streamlit_app.components import resource as pieces
from streamlit_app.components.html import join, tag
from streamlit_app.presenters.resource import history, resource_page
from streamlit_app.presenters.trend import HOURS, NAMES, metrics, trend
from streamlit_app.troubles import UNREAD


@st.fragment(run_every=common.RENEW_S)
def _now(name: str) -> None:
    reading = common.read(quiet=True)
    view = reading.estate.resource(name) if reading else None
    if reading and view:
        page = resource_page(view, reading.estate, common.explained(name))
        more = f"seen {page.age}, {page.seen_at}" + (f" · so since {page.since}" if page.since else "")
        fresh = freshness.line(reading.estate.now, reading.away_since, more, why=reading.why)
        tested = watching.recovery("resource", name)
        st.html(
            join(
                common.standing([name]),
                pieces.head(page, fresh, tested),
                common.raise_request("resource", name, reading),
                pieces.verdicts(page.verdicts),
                verified.panel(tested),
                pieces.lag(page),
                pieces.sites(page),
                pieces.findings(page),
            )
        )


@st.fragment(run_every=common.CHART_S)
def _trend(name: str, metric: Metric, log: bool) -> None:
    reading = common.read(quiet=True)
    view = reading.estate.resource(name) if reading else None
    if not reading or not view:
        return
    end = reading.estate.now
    found = deps.screens().recall.get(
        ("trend", name, metric), lambda: deps.screens().parts.reader.trend(name, metric, end - common.hours(HOURS), end)
    )
    shown = trend(view.current.resource, metric, found.value if found else (), end)
    if not shown.stretches:
        st.html(
            tag(
                "p",
                "Nothing is recorded in the last 24 hours." if found else UNREAD,
                class_="bc-quiet",
            )
        )
        return
    dark = st.context.theme.type == "dark"
    st.plotly_chart(
        chart.figure(shown, chart.DARK if dark else chart.LIGHT, log=log),
        theme=None,
        key="bc-trend",
        config=chart.CONFIG,
        alt=shown.alt,
    )
    st.html(tag("p", shown.alt, " As last known." if found and found.old else None, class_="bc-quiet bc-small"))


@st.fragment(run_every=common.CHART_S)
def _history(name: str) -> None:
    reading = common.read(quiet=True)
    found = deps.screens().recall.get(("changes", name), lambda: deps.screens().parts.reader.changes(name))
    if reading:
        st.html(
            join(
                pieces.history(history(found.value if found else (), reading.estate)),
                common.last_runs("resource", [name]),
            )
        )


def _page(name: str) -> None:
    reading = common.read()
    view = reading.estate.resource(name) if reading else None
    if not reading or not view:
        common.missing("resource", name, reading)
        return
    _now(name)
    offered = metrics(view.current.resource)
    st.html(
        tag("h2", f"Last {HOURS} hours" if len(offered) > 1 else f"Last {HOURS} hours: {NAMES[offered[0]].lower()}")
    )
    with st.container(horizontal=True, key="bc-trend-choice", vertical_alignment="center"):
        metric = (
            st.segmented_control(
                "Figure",
                offered,
                key="trend",
                default=offered[0],
                format_func=NAMES.__getitem__,
                required=True,
                label_visibility="collapsed",
                width="content",
            )
            if len(offered) > 1
            else offered[0]
        )
        log = st.toggle("Logarithmic", key="log")
    _trend(name, metric or offered[0], log)
    _history(name)


_page(st.query_params.get("name", ""))
