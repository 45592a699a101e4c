"""Policies, to read: who must agree to what."""

from __future__ import annotations

import streamlit as st

from bc_lib.services.requests.policy import show_policy
from streamlit_app import acts
from streamlit_app.app_pages import common
from streamlit_app.components import tables
from streamlit_app.components.html import join, tag
from streamlit_app.presenters.policies import HEAD, policies_page

EMPTY = "There is no rule, so nobody can approve anything. An administrator must add one."


def _page() -> None:
    if common.reader() is None:
        return
    policy = acts.look(show_policy)
    if policy is None:
        return
    page = policies_page(policy)
    st.html(
        join(
            tag("h1", page.headline),
            tag(
                "p",
                "The first rule that covers a request decides. The person who asked never counts.",
                class_="bc-asof",
            ),
            tables.table(HEAD, page.rows, EMPTY),
            tag("p", "This page only shows the rules; it changes none.", class_="bc-quiet"),
        )
    )


_page()
