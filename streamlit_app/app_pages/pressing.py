"""Buttons and dialogs beside pieces that renew themselves: no press is lost, and no open dialog is closed by a tick."""

from __future__ import annotations

import streamlit as st

OPEN = "bc-dialog-open"
WHOLE = "bc-whole-page"


def begin() -> None:
    """A run of the whole page begins. It closes every dialog; opening one says so with `open_one`."""
    st.session_state[OPEN] = False
    st.session_state[WHOLE] = True


def end() -> None:
    """All buttons of the page stand."""
    st.session_state[WHOLE] = False


def open_one() -> bool:
    """True where a dialog may open now: two buttons can be true in one run, and only one dialog can be shown."""
    if st.session_state.get(OPEN):
        return False
    st.session_state[OPEN] = True
    return True


def renew(*, changed: bool) -> None:
    """Called by a piece that renews itself: run the whole page where other buttons must stand there."""
    # Not while somebody reads a dialog; and never within a run of the whole page, which would be given up, and with
    # it the press that it was made for.
    if changed and not st.session_state.get(OPEN) and not st.session_state.get(WHOLE):
        st.rerun()
