"""GET /evidence/pack?id=r-1: the audited way to take an evidence pack away. A ZIP with everything that proves it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.routing import Route

from bc_lib.services.evidence.take import Taking, take
from streamlit_app.deps import COOKIE, Screens
from streamlit_app.web.taking import Counter, Zip

STATUSES = {"PACK_UNSIGNED": 503, "NO_PACK": 404, "UNKNOWN_REQUEST": 404}


def routes(screens: Callable[[], Screens]) -> list[Route]:
    """The route."""
    return [Counter(path="/evidence/pack", place="Request", give=_give, statuses=STATUSES).route(screens)]


def _give(made: Screens, request: Request) -> Zip:
    parts = made.parts
    taking = Taking(
        gate=parts.gate,
        store=parts.evidence,
        reader=parts.audit.reader,
        log=parts.audit.log,
        checkpoints=parts.audit.checkpoints,
    )
    pack = take(taking, made.acting(request.cookies.get(COOKIE)), _asked(request))
    return Zip(pack.name, pack.content)


def _asked(request: Request) -> str:
    """The request's id; what can be none, such as one with a NUL, is asked for as nothing and not found."""
    given = request.query_params.get("id", "")[:40]
    return given if given.isprintable() else ""
