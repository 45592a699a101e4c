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
from streamlit_app.web import policy
from streamlit_app.web.origin import Ours, from_environment
from streamlit_app.web.slow import in_time

NOT_OURS = (
    "These pages are not known by that host name. Whoever runs them says their names: BC_UI_URL, and further ones in "
    "BC_UI_HOSTS.\n"
)
OPEN = frozenset({"/sign-in", "/sign-out", "/healthz", "/metrics", "/_stcore/health", "/favicon.ico", "/favicon.png"})
OPEN_BELOW = ("/static/",)
FEED = re.compile(r"/calendar/[A-Za-z0-9_-]+\.ics\Z", re.ASCII)  # a calendar program has no cookie: its address is it
PROBED = frozenset({"/healthz", "/_stcore/health"})  # by an address that need not be a name of ours; they tell nothing
READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Gate:
    """ASGI middleware. `admits` says whether a cookie's value is a valid ticket; `ours`: our addresses."""

    def __init__(self, app: ASGIApp, admits: Callable[[str | None], bool], ours: Ours | None = None) -> None:
        self.app, self.admits, self.ours = app, admits, ours or from_environment()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what is open or signed in; send a page to the sign-in, refuse the rest."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._page(scope, in_time(receive), _guarded(send))
        else:
            await self.app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.ours.called(scope) or not self.ours.sent_from_here(scope, must=True):
            await _refuse_socket(receive, send, "Another page opened this.")
        elif self.admits(token(scope)):
            await self.app(scope, receive, send)
        else:
            await _refuse_socket(receive, send, "Sign in.")

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] not in PROBED and not self.ours.called(scope):
            await _say(send, 421, NOT_OURS)
        elif scope["method"] not in READS and not self.ours.sent_from_here(scope, must=False):
            await _say(send, 403, "Another page sent this; nothing was done.")
        elif _is_open(scope["path"]) or self.admits(token(scope)):
            await self.app(scope, receive, send)
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
    await _say(send, 401, "Sign in.")


async def _say(send: Send, status: int, sentence: str) -> None:
    body = sentence.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _refuse_socket(receive: Receive, send: Send, why: str) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1008, "reason": why})


def _guarded(send: Send) -> Send:
    async def guarded(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *policy.headers()]}
        await send(message)

    return guarded
