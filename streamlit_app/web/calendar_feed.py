"""GET /calendar/TOKEN.ics: the dates of all schedules for calendar programs, which cannot sign in."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bc_lib.domain.denial import Denial
from bc_lib.services.schedules.feeds import open_feed
from streamlit_app.deps import Screens, why
from streamlit_app.web.taking import NO_STORE

LOG = logging.getLogger("bc.pages")
UNREAD = "{why}, so the calendar cannot be read now. Try again."


def routes(screens: Callable[[], Screens]) -> list[Route]:
    """The route."""

    async def give(request: Request) -> Response:
        return await run_in_threadpool(_answer, screens(), request.path_params["token"])

    return [Route("/calendar/{token}.ics", give, methods=["GET"])]


def _answer(made: Screens, token: str) -> Response:
    try:
        text = open_feed(made.parts.gate, made.calendar, token)
    except Denial as denial:
        return PlainTextResponse(f"{denial.sentence}\n", 404, headers=NO_STORE)
    except Exception as error:  # whatever the driver raises; the address is a secret, so it is not logged
        LOG.error("A calendar feed could not be read: %s", type(error).__name__)
        return PlainTextResponse(f"{UNREAD.format(why=why(error))}\n", 503, headers=NO_STORE)
    headers = {**NO_STORE, "content-disposition": 'inline; filename="drills.ics"'}
    return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)
