"""Links that open the very button: `?act=` with what it is about. Each opens once, and does nothing by itself."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from streamlit_app.app_pages import pressing
from streamlit_app.components.requests import told

NAMES = ("act", "step", "check", "side")
GONE = "What the link led to does not wait for you now: it is done, or another person's."
WANTED = "bc-deep"


def begin() -> None:
    """Take what the address asks for; a reload of the page does not ask again."""
    found = {name: st.query_params[name] for name in NAMES if name in st.query_params}
    for name in found:
        del st.query_params[name]
    if found:
        st.session_state[WANTED] = found


def wants(act: str, **about: str) -> bool:
    """True once, where the link was about this button and a dialog may open now."""
    wanted: Mapping[str, str] = st.session_state.get(WANTED) or {}
    if wanted.get("act") != act or any(value and wanted.get(name, value) != value for name, value in about.items()):
        return False
    del st.session_state[WANTED]
    return pressing.open_one()


def end() -> None:
    """All buttons stand: say so where the one that was asked for is not among them."""
    if st.session_state.pop(WANTED, None):
        st.html(told(GONE, good=False))
