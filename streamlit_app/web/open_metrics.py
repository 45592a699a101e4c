"""/metrics and /healthz, from what is stored.

/metrics names resources, so it is not for everybody: with BC_METRICS_TOKEN set a scraper sends it as a bearer
token; without it only this machine is answered, and never through a proxy.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from streamlit_app.deps import Screens
from streamlit_app.live import NothingRead
from streamlit_app.presenters.openmetrics import CONTENT_TYPE, render

VARIABLE = "BC_METRICS_TOKEN"
PROXIED = ("x-forwarded-for", "forwarded", "x-real-ip")


def routes(screens: Callable[[], Screens]) -> list[Route]:
    """The two routes."""

    async def metrics(request: Request) -> Response:
        if not may_scrape(request):
            return PlainTextResponse(
                f"Not for you: scrape from this machine, or set {VARIABLE} and send it as a bearer token.\n", 403
            )
        try:
            text = await run_in_threadpool(_text, screens())
        except NothingRead as nothing:
            return PlainTextResponse(f"{nothing}.\n", 503)
        return Response(text, media_type=CONTENT_TYPE)

    async def healthz(_: Request) -> Response:
        trouble = await run_in_threadpool(_trouble, screens())
        return PlainTextResponse(
            f"{trouble}.\n" if trouble else "ok\n",
            503 if trouble else 200,
            headers={"cache-control": "no-store"},
        )

    return [Route("/metrics", metrics), Route("/healthz", healthz)]


def may_scrape(request: Request) -> bool:
    """True for the bearer token where one is set, else for this machine only."""
    wanted = os.environ.get(VARIABLE, "")
    if wanted:
        given = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        return hmac.compare_digest(given.encode(), wanted.encode())
    if request.client is None or any(name in request.headers for name in PROXIED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _text(made: Screens) -> str:
    reading = made.live.read()
    beats = made.recall.get("beats", made.parts.reader.beats)
    outbox = made.recall.get("outbox", made.parts.reader.outbox)
    return render(
        reading.estate, beats.value if beats else (), outbox.value if outbox else None, reading.away_since is None
    )


def _trouble(made: Screens) -> str:
    """Why nothing can be read now; empty where it can."""
    try:
        return made.live.read().why
    except NothingRead as nothing:
        return str(nothing)
