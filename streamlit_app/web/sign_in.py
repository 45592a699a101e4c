"""The sign-in as plain HTTP: only a response of ours can set a cookie that scripts cannot read.

A deep link survives in the form's `next`, which is only ever a path of this site.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bc_lib.ports.sign_on import SignOnRefused
from streamlit_app.components.sign_in import leaving, page
from streamlit_app.deps import COOKIE, Screens

FORM_LIMIT = 4096


def routes(screens: Callable[[], Screens]) -> list[Route]:
    """Routes of sign-in and sign-out."""

    async def show(request: Request) -> Response:
        wanted = safe_next(request.query_params.get("next"))
        if screens().admits(request.cookies.get(COOKIE)):
            return RedirectResponse(wanted, status_code=303)
        return _form(screens(), wanted)

    async def choose(request: Request) -> Response:
        if int(request.headers.get("content-length") or FORM_LIMIT + 1) > FORM_LIMIT:
            return _form(screens(), "/", "That did not come from this page; choose again.", 403)
        form = await request.form()
        wanted, subject = safe_next(str(form.get("next") or "")), str(form.get("person") or "")
        now = datetime.now(UTC)
        try:
            actor = screens().parts.sign_on.actor(subject, now)
        except SignOnRefused as refused:
            return _form(screens(), wanted, str(refused), 403)
        response = RedirectResponse(wanted, status_code=303)
        response.set_cookie(
            COOKIE,
            screens().tickets.issue(actor.subject, now),
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
            max_age=8 * 3600,
            path="/",
        )
        return response

    async def ask(request: Request) -> Response:
        """By POST only, so that no picture and no link on another page signs anybody out."""
        if not screens().admits(request.cookies.get(COOKIE)):
            return RedirectResponse("/sign-in", status_code=303)
        return HTMLResponse(leaving(), headers={"cache-control": "no-store"})

    async def leave(request: Request) -> Response:
        await run_in_threadpool(screens().sign_out, request.cookies.get(COOKIE))
        response = RedirectResponse("/sign-in", status_code=303)
        response.delete_cookie(COOKIE, path="/")
        return response

    return [
        Route("/sign-in", show, methods=["GET"]),
        Route("/sign-in", choose, methods=["POST"]),
        Route("/sign-out", ask, methods=["GET"]),
        Route("/sign-out", leave, methods=["POST"]),
    ]


def safe_next(wanted: str | None) -> str:
    """`wanted` where it is a path of this site, else the overview."""
    if (
        not wanted
        or not wanted.startswith("/")
        or wanted.startswith(("//", "/\\", "/sign-"))
        or not wanted.isprintable()
    ):
        return "/"
    parts = urlsplit(wanted)
    return wanted if not parts.scheme and not parts.netloc and "\\" not in wanted else "/"


def _form(made: Screens, wanted: str, trouble: str = "", status: int = 200) -> Response:
    try:
        people = tuple(made.parts.sign_on.offered())
    except SignOnRefused as refused:
        people, trouble, status = (), str(refused), 403
    return HTMLResponse(
        page(people, wanted, trouble, made.parts.environment), status_code=status, headers={"cache-control": "no-store"}
    )
