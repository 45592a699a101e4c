"""What stands against the move that somebody thinks of: read again while they look, the runner asked by a button."""

from __future__ import annotations

import streamlit as st

from bc_lib.domain.requests.plan import Plan
from bc_lib.ports.runs import CheckAsked
from bc_lib.services.execution.blockers import ask_check, known_against
from streamlit_app import acts, deps
from streamlit_app.app_pages import common
from streamlit_app.components import ask as pieces
from streamlit_app.presenters.checking import Checking, checking

LOOK_S = 2
LABEL = "Check everything now"


def checks(plan: Plan) -> None:
    """The list and its button."""
    asked = CheckAsked(kind=plan.type, scope=plan.scope, target_site=plan.target_site, drill=plan.drill)
    _shown(asked, plan)
    key = f"check-{plan.type}-{plan.scope.kind}-{plan.scope.name}-{plan.target_site}-{plan.drill}"
    if st.button(LABEL, key=key, help="The runner looks at both sites, read-only. Nothing is requested."):
        acts.act(lambda gate, actor: ask_check(gate, actor, asked), lambda _: "The runner looks at both sites.")
        st.rerun()


@st.fragment(run_every=LOOK_S)
def _shown(asked: CheckAsked, plan: Plan) -> None:
    if common.reader(quiet=True) is None:
        return
    found = acts.look(lambda _: _read(asked, plan))
    if found is not None:
        st.html(pieces.checking(found))


def _read(asked: CheckAsked, plan: Plan) -> Checking:
    read = deps.screens().parts.runs
    return checking(read.check(asked), known_against(read, plan), read.now())
