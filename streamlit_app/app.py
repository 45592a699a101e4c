"""The server: Streamlit's pages behind a sign-in, with /metrics and /healthz on the same port.

streamlit run streamlit_app/app.py
"""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware

from streamlit_app import deps
from streamlit_app.web import plumbing
from streamlit_app.web.slow import limit_headers

limit_headers()
app = st.App(
    "main.py",
    routes=plumbing.routes(deps.screens),
    middleware=[Middleware(plumbing.Gate, admits=plumbing.admits(deps.screens))],
    on_script_error=plumbing.on_script_error,
)
