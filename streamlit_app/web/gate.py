"""Nothing of the application leaves without a valid ticket (TC-001): pages, data and the WebSocket alike.

Written as plain ASGI because it must also stand before the WebSocket, which carries all data of a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from streamlit_app.deps import COOKIE

OPEN = frozenset({"/sign-in", "/sign-out", "/healthz", "/metrics", "/_stcore/health", "/favicon.ico", "/favicon.png"})
OPEN_BELOW = ("/static/",)
FEED = re.compile(r"/calendar/[A-Za-z0-9_-]+\.ics\Z", re.ASCII)  # a calendar program has no cookie: its address is it
HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", b"frame-ancestors 'none'; object-src 'none'; base-uri 'self'"),
)


class Gate:
    """ASGI middleware. `admits` says whether a cookie's value is a valid ticket."""

    def __init__(self, app: ASGIApp, admits: Callable[[str | None], bool]) -> None:
        self.app, self.admits = app, admits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what is open or signed in; send a page to the sign-in, refuse the rest."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
        elif scope["type"] == "http" and _is_open(scope["path"]):
            await self.app(scope, receive, _guarded(send))
        elif self.admits(token(scope)):
            await self.app(scope, receive, _guarded(send) if scope["type"] == "http" else send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "Sign in."})
        else:
            await _turn_away(scope, send)


def token(scope: Scope) -> str | None:
    """The ticket in the request's cookies, if any."""
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get(COOKIE)
            except CookieError:
                return None
            return found.value if found else None
    return None


def _is_open(path: str) -> bool:
    return (
        path in OPEN
        or bool(FEED.match(path))
        or any(path.startswith(prefix) and ".." not in path for prefix in OPEN_BELOW)
    )


async def _turn_away(scope: Scope, send: Send) -> None:
    if scope["method"] in {"GET", "HEAD"} and not scope["path"].startswith("/_stcore/"):
        query = scope["query_string"].decode("latin-1")
        wanted = scope["path"] + (f"?{query}" if query else "")
        location = f"/sign-in?next={quote(wanted, safe='')}".encode("ascii")
        headers = [(b"location", location), (b"cache-control", b"no-store"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    body = b"Sign in."
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _guarded(send: Send) -> Send:
    async def guarded(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *HEADERS]}
        await send(message)

    return guarded
