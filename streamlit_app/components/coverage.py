"""Coverage of critical systems: each with every way it can be tried, what is overdue first (US-008)."""

from __future__ import annotations

import streamlit as st

from streamlit_app import watching
from streamlit_app.components.html import Html, join, link, tag
from streamlit_app.components.resource import pairs
from streamlit_app.components.verified import short
from streamlit_app.presenters.coverage import CoverageLine, CoveragePage, Try, coverage_page
from streamlit_app.troubles import UNREAD


def coverage_section() -> None:
    """Reads and shows it; the caller has checked who is reading."""
    found, old = watching.coverage()
    if found is None:
        st.html(join(tag("h2", "Coverage"), tag("p", UNREAD, class_="bc-trouble", role="alert")))
        return
    st.html(section(coverage_page(found, old=old), UNREAD + " As last known:" if old else None))


def section(page: CoveragePage, trouble: str | None = None) -> Html:
    """The section's HTML."""
    return tag(
        "section",
        tag("h2", "Coverage of critical systems"),
        tag("p", trouble, class_="bc-trouble", role="alert") if trouble else None,
        tag("p", page.headline, class_="bc-reason"),
        tag("ul", *(_line(each) for each in page.lines), class_="bc-groups"),
    )


def _line(line: CoverageLine) -> Html:
    shown = line.tested
    return tag(
        "li",
        tag("div", link(line.kind, line.name, class_="bc-name", name=line.name), short(shown),
            tag("span", line.facts, class_="bc-tier")),
        tag("p", shown.sentence, class_="bc-reason"),
        tag("ul", *(tag("li", each) for each in shown.changes), class_="bc-changes") if shown.changes else None,
        pairs(tuple((each.scenario, _try(each)) for each in line.tries)),
        class_=f"bc-edge-{shown.mark.key}",
    )  # fmt: skip


def _try(each: Try) -> Html:
    if each.request is None:
        return tag("span", each.text, class_="bc-quiet")
    return join(
        link("requests", each.request, id=each.request),
        f" {each.text}. ",
        tag("span", f"{each.who}.", class_="bc-quiet bc-small"),
    )
