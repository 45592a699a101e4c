"""Around every page: identity on every run, style, the bar with navigation and the signed-in person."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from bc_lib.domain.actor import Actor
from bc_lib.ports.sign_on import SignOnRefused
from streamlit_app import deps
from streamlit_app.app_pages.common import refusal
from streamlit_app.components.html import tag
from streamlit_app.web import script

HERE = Path(__file__).parent
STYLE = HERE / "theme.css"
BAR = ("overview", "requests", "drills", "audit", "compliance", "inventory", "policies", "health")


def pages() -> dict[str, st.Page]:
    """All pages by address."""
    titles = {
        "overview": "Overview",
        "requests": "Requests",
        "drills": "Drills",
        "audit": "Audit",
        "compliance": "Compliance",
        "inventory": "Inventory",
        "policies": "Policies",
        "health": "Health",
        "resource": "Resource",
        "group": "Group",
        "run": "Run",
        "ask": "Raise a request",
    }
    return {
        name: st.Page(HERE / "app_pages" / f"{name}.py", title=title, url_path=name, default=name == "overview")
        for name, title in titles.items()
    }


def run() -> None:
    """Check who it is, then run the page that the address names."""
    st.set_page_config(page_title="Business Continuity", layout="wide", initial_sidebar_state="collapsed")
    st.html(STYLE)
    st.html(tag("script", "", src=script.ADDRESS), unsafe_allow_javascript=True)
    known = pages()
    page = st.navigation(list(known.values()), position="hidden")
    try:
        actor = deps.current_actor()
    except SignOnRefused as refused:
        st.html(refusal(refused))
        st.stop()
    _bar(known, actor)
    page.run()


def _bar(known: dict[str, st.Page], actor: Actor) -> None:
    with st.container(
        horizontal=True, key="bc-bar", vertical_alignment="center"
    ):  # on a phone: two rows, see theme.css
        st.html(tag("span", "Business Continuity", class_="bc-brand"), width="content")
        for name in BAR:
            st.page_link(known[name])
        roles = ", ".join(sorted(role.value for role in actor.roles))
        st.html(
            tag(
                "span",
                tag("b", actor.display_name),
                " ",
                tag("span", roles, class_="bc-quiet"),
                " ",
                tag("a", "Sign out", href="/sign-out"),
                class_="bc-person",
            ),
            width="content",
        )
