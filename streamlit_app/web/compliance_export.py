"""GET /compliance/export?from=&to=&format=: the audited way to take a compliance report away. A ZIP with its tables."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bc_lib.domain.denial import Denial
from bc_lib.ports.audit import AuditUnavailable
from bc_lib.ports.sign_on import SignOnRefused
from bc_lib.services.audit.export import Form
from bc_lib.services.compliance.export import export
from bc_lib.services.compliance.report import Days, days_of
from streamlit_app.deps import COOKIE, Screens
from streamlit_app.web.audit_export import AT_ONCE, NO_STORE, WrongFilter, zipped

LOG = logging.getLogger("bc.pages")
WRONG = "Dates are written as 2026-11-23 and format is csv or json; nothing was exported."


def routes(screens: Callable[[], Screens]) -> list[Route]:
    """The route."""

    async def take(request: Request) -> Response:
        if request.headers.get("sec-fetch-site") == "cross-site":
            return _said("Another site asked for this export; open it from the Compliance page.", 403)
        return await run_in_threadpool(_answer, screens(), request)

    return [Route("/compliance/export", take, methods=["GET"])]


def _answer(made: Screens, request: Request) -> Response:
    if not AT_ONCE.acquire(timeout=10):
        return _said("Other exports are being made; try again in a minute. Nothing was exported.", 503)
    try:
        return _export(made, request)
    except Exception as error:  # whatever the driver raises; each is a sentence
        return _said(*_trouble(error))
    finally:
        AT_ONCE.release()


def _trouble(error: Exception) -> tuple[str, int]:
    if isinstance(error, Denial):
        return error.sentence, 400 if error.code == "RANGE_REVERSED" else 403
    for kind, status in ((SignOnRefused, 401), (AuditUnavailable, 503)):
        if isinstance(error, kind):
            return str(error), status
    if isinstance(error, WrongFilter):
        return WRONG, 400
    LOG.error("A compliance export failed", exc_info=error)
    return "The shared database does not answer, so nothing was exported. Try again.", 503


def _export(made: Screens, request: Request) -> Response:
    actor = made.actor(request.cookies.get(COOKIE))
    days, form = parse(request.query_params)
    parts = made.parts
    taken = export(parts.gate, parts.evidence.read, parts.audit.log, actor, days, form, parts.drill_periods_s)
    name = f"compliance-{days.first}-{days.last}.zip"
    headers = {**NO_STORE, "content-disposition": f'attachment; filename="{name}"'}
    return Response(zipped(taken.files), media_type="application/zip", headers=headers)


def parse(query: Mapping[str, str]) -> tuple[Days, Form]:
    """Range and form of an address. Raises WrongFilter, and Denial RANGE_REVERSED."""
    try:
        first, last = (date.fromisoformat(query[name]) if query.get(name) else None for name in ("from", "to"))
        form = Form(query.get("format", "csv"))
        return days_of(first, last, datetime.now(UTC).date()), form
    except (ValueError, OverflowError) as error:
        raise WrongFilter from error


def _said(sentence: str, status: int) -> Response:
    return PlainTextResponse(f"{sentence}\n", status, headers=NO_STORE)
