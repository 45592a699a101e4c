"""The screens over fakes: a launcher of its own, so that the product has no switch that leads to fakes.

streamlit run tests/ui/fake_app.py
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import streamlit as st
from starlette.middleware import Middleware

from bc_lib.testing.fake_screens import parts_from_environment
from streamlit_app import deps
from streamlit_app.web import plumbing

deps.install(deps.compose(parts_from_environment(), "a secret for tests only, never for anything else"))

app = st.App(
    str(Path(__file__).parents[2] / "streamlit_app" / "main.py"),
    routes=plumbing.routes(deps.screens),
    middleware=[Middleware(plumbing.Gate, admits=plumbing.admits(deps.screens))],
    on_script_error=plumbing.on_script_error,
)
