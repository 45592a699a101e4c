"""The script of every page: who is it, the bar, the page."""

from __future__ import annotations

from streamlit_app import shell

shell.run()
