"""Policies: who must agree to what, and changes of it that wait for a second administrator."""

from __future__ import annotations

import streamlit as st

from bc_lib.services.policy.topic import POLICY
from bc_lib.services.requests.policy import show_policy
from streamlit_app import acts
from streamlit_app.app_pages import common, proposal_parts
from streamlit_app.components import tables
from streamlit_app.components.html import join, tag
from streamlit_app.components.resource import code
from streamlit_app.presenters.policies import HEAD, policies_page

EMPTY = "There is no rule, so nobody can approve anything. An administrator must add one."
HOW = (
    "Nobody changes these rules alone: one administrator proposes a file (`bcctl policy propose FILE`), another "
    "agrees here or with `bcctl policy agree`."
)


def _page() -> None:
    actor = common.reader()
    if actor is None:
        return
    policy = acts.look(show_policy)
    if policy is None:
        return
    page = policies_page(policy)
    st.html(
        join(
            tag("h1", page.headline),
            tag("p", "The first rule that covers a request decides. The person who asked never counts."),
        )
    )
    proposal_parts.waiting(POLICY, actor)
    st.html(join(tables.table(HEAD, page.rows, EMPTY), tag("p", *code(HOW), class_="bc-note")))


_page()
