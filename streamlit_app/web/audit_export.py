"""GET /audit/export: the audited way to take records away (FR-042, TC-051). A ZIP with records, proofs, verifier."""

from __future__ import annotations

import io
import logging
import threading
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bc_lib.domain.audit import AuditFilter
from bc_lib.domain.authorization import Verb
from bc_lib.domain.denial import Denial
from bc_lib.domain.names import MAX_LENGTH
from bc_lib.ports.audit import AuditUnavailable, BrokenCheckpoints
from bc_lib.ports.sign_on import SignOnRefused
from bc_lib.services.audit.export import Form, export
from bc_lib.services.guard import Subject, audit_actor, authorize
from streamlit_app.deps import COOKIE, Screens
from streamlit_app.presenters.audit import filter_of

LOG = logging.getLogger("bc.pages")
AT_ONCE = threading.BoundedSemaphore(2)
NO_STORE = {"cache-control": "no-store"}
WRONG_FILTER = "Dates are written as 2026-11-23, format is csv or json, and a system is a name; nothing was exported."


class WrongFilter(Exception):
    """The address does not say what to export."""


def routes(screens: Callable[[], Screens]) -> list[Route]:
    """The route."""

    async def take(request: Request) -> Response:
        if request.headers.get("sec-fetch-site") == "cross-site":
            return _said("Another site asked for this export; open it from the Audit page.", 403)
        return await run_in_threadpool(_answer, screens(), request)

    return [Route("/audit/export", take, methods=["GET"])]


def _answer(made: Screens, request: Request) -> Response:
    if not AT_ONCE.acquire(timeout=10):
        return _said("Other exports are being made; try again in a minute. Nothing was exported.", 503)
    try:
        wanted, form = parse(request.query_params)
        return _export(made, request.cookies.get(COOKIE), wanted, form)
    except Exception as error:  # whatever the driver raises; each is a sentence
        return _said(*_trouble(error))
    finally:
        AT_ONCE.release()


def _trouble(error: Exception) -> tuple[str, int]:
    if isinstance(error, Denial):
        return error.sentence, 403
    for kind, status in ((SignOnRefused, 401), (AuditUnavailable, 503), (BrokenCheckpoints, 503)):
        if isinstance(error, kind):
            return str(error), status
    if isinstance(error, WrongFilter):
        return WRONG_FILTER, 400
    LOG.error("An export failed", exc_info=error)
    return "The shared database does not answer, so nothing was exported. Try again.", 503


def parse(query: Mapping[str, str]) -> tuple[AuditFilter, Form]:
    """Filter and form of an address. Raises WrongFilter."""
    system, upto = query.get("system") or None, query.get("upto") or None
    if system is not None and (len(system) > MAX_LENGTH or not system.isprintable()):
        raise WrongFilter
    try:
        start, end = _day(query.get("from")), _day(query.get("to"))
        return filter_of(start, end, system, int(upto) if upto else None), Form(query.get("format", "csv"))
    except (ValueError, OverflowError) as error:
        raise WrongFilter from error


def _export(made: Screens, token: str | None, wanted: AuditFilter, form: Form) -> Response:
    gate, parts = made.parts.gate, made.parts.audit
    actor = made.actor(token)
    authorize(gate, actor, Verb.EXPORT, about=Subject(system=wanted.system))
    person = gate.store.read.person(actor.issuer, actor.subject)
    taken = export(
        parts.reader,
        parts.log,
        parts.checkpoints,
        wanted,
        form,
        actor=audit_actor(actor, person),
        channel=actor.channel,
    )
    name = f"audit-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"
    headers = {**NO_STORE, "content-disposition": f'attachment; filename="{name}"'}
    return Response(zipped(taken.files), media_type="application/zip", headers=headers)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files of an export in one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _said(sentence: str, status: int) -> Response:
    return PlainTextResponse(f"{sentence}\n", status, headers=NO_STORE)
