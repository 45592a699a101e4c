"""Doing something on somebody's behalf: who they are is asked anew, the service decides, the page tells."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from bc_lib.domain.actor import Actor
from bc_lib.domain.denial import Denial
from bc_lib.ports.sign_on import SignOnRefused
from bc_lib.services.gate import Gate
from streamlit_app import deps
from streamlit_app.components.requests import told

T = TypeVar("T")
TOLD = "bc-told"
UNSURE = (
    "{why}, so it is not known whether this was recorded. "
    "Look below what is recorded, then try again; the same act never counts twice."
)


def act(
    do: Callable[[Gate, Actor], T], done: Callable[[T], str], refused: Callable[[str], None] | None = None
) -> T | None:
    """Do it and keep what is to be told; None where it was refused, with `refused` told the code.

    The next `tell()` shows it.
    """
    try:
        result = do(deps.screens().parts.gate, deps.acting())
    except Denial as denial:
        if refused:
            refused(denial.code)
        _keep(denial.sentence, good=False)
        return None
    except SignOnRefused as gone:
        _keep(str(gone), good=False)
        return None
    except Exception as error:  # whatever the driver raises: nothing may look done that is not
        _keep(UNSURE.format(why=deps.trouble(error)), good=False)
        return None
    _keep(done(result), good=True)
    return result


def tell() -> None:
    """Show what the acts since the last call did, once."""
    for said, good in st.session_state.pop(TOLD, ()):
        st.html(told(said, good))


def look(read: Callable[[Gate], T]) -> T | None:
    """Read for a page; None after saying why that cannot be read. Raises Denial."""
    try:
        return read(deps.screens().parts.gate)
    except Denial:
        raise
    except Exception as error:  # whatever the driver raises, and faults
        st.html(told(f"{deps.trouble(error)}, so this cannot be shown. Nothing was changed.", good=False))
        return None


def key(of: str) -> str:
    """The idempotency key of a form: the same until `forget_key`, so that pressing twice submits once."""
    return str(st.session_state.setdefault(f"bc-key-{of}", uuid.uuid4().hex))


def unanswered(of: str) -> bool:
    """Whether this form was submitted and no answer came; pressing it again asks for the same, never for a rival."""
    return f"bc-key-{of}" in st.session_state


def forget_key(of: str) -> None:
    """The next submission of this form is another one."""
    st.session_state.pop(f"bc-key-{of}", None)


def _keep(said: str, *, good: bool) -> None:
    st.session_state.setdefault(TOLD, []).append((said, good))
