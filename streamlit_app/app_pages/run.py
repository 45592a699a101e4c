"""Run: the clock, the steps, what happens if it stops here; decided with buttons outside of what renews itself."""

from __future__ import annotations

import streamlit as st

from streamlit_app.app_pages import run_parts

run_parts.page(st.query_params.get("id", ""))
