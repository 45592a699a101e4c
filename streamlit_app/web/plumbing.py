"""Everything the server adds around Streamlit, in one place for app.py and for the tests' own launcher."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

from streamlit_app.deps import Screens
from streamlit_app.web import audit_export, calendar_feed, compliance_export, evidence, open_metrics, script, sign_in
from streamlit_app.web.gate import Gate

LOG = logging.getLogger("bc.pages")

__all__ = ["Gate", "admits", "on_script_error", "routes"]


def routes(screens: Callable[[], Screens]) -> list[BaseRoute]:
    """Our own routes."""
    return [
        *sign_in.routes(screens),
        *open_metrics.routes(screens),
        *audit_export.routes(screens),
        *evidence.routes(screens),
        *calendar_feed.routes(screens),
        *compliance_export.routes(screens),
        *script.routes(),
        Route("/overview", _to_overview),
    ]


def _to_overview(request: Request) -> RedirectResponse:
    """The default page's own name leads to it too."""
    return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/", status_code=307)


def admits(screens: Callable[[], Screens]) -> Callable[[str | None], bool]:
    """Whether a cookie's value belongs to somebody; composes on first use."""
    return lambda token: screens().admits(token)


def on_script_error(error: Exception) -> bool:
    """Log the error and show a sentence instead of a trace."""
    import streamlit as st

    LOG.error("A page failed", exc_info=error)
    st.error(
        "This page could not be shown. Nothing was changed. Reload it; if that does not help, see the log of the pages."
    )
    return True
