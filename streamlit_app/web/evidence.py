"""GET /evidence/pack?id=r-1: the audited way to take an evidence pack away. A ZIP with everything that proves it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bc_lib.domain.denial import Denial
from bc_lib.ports.audit import AuditUnavailable, BrokenCheckpoints
from bc_lib.ports.sign_on import SignOnRefused
from bc_lib.services.evidence.take import Taking, take
from streamlit_app.deps import COOKIE, Screens
from streamlit_app.web.audit_export import AT_ONCE, NO_STORE

LOG = logging.getLogger("bc.pages")


def routes(screens: Callable[[], Screens]) -> list[Route]:
    """The route."""

    async def give(request: Request) -> Response:
        if request.headers.get("sec-fetch-site") == "cross-site":
            return _said("Another site asked for this pack; open it from the request's page.", 403)
        return await run_in_threadpool(_answer, screens(), request)

    return [Route("/evidence/pack", give, methods=["GET"])]


def _answer(made: Screens, request: Request) -> Response:
    if not AT_ONCE.acquire(timeout=10):
        return _said("Other exports are being made; try again in a minute. Nothing was handed out.", 503)
    try:
        parts = made.parts
        taking = Taking(gate=parts.gate, store=parts.evidence, reader=parts.audit.reader, log=parts.audit.log,
                        checkpoints=parts.audit.checkpoints)  # fmt: skip
        actor = made.actor(request.cookies.get(COOKIE))
        pack = take(taking, actor, request.query_params.get("id", "")[:40])
    except Denial as denial:
        status = {"PACK_UNSIGNED": 503, "NO_PACK": 404, "UNKNOWN_REQUEST": 404}.get(denial.code, 403)
        return _said(denial.sentence, status)
    except SignOnRefused as gone:
        return _said(str(gone), 401)
    except (AuditUnavailable, BrokenCheckpoints) as trouble:
        return _said(str(trouble), 503)
    except Exception as error:  # whatever the driver raises
        LOG.error("A pack could not be handed out", exc_info=error)
        return _said("The shared database does not answer, so nothing was handed out. Try again.", 503)
    finally:
        AT_ONCE.release()
    headers = {**NO_STORE, "content-disposition": f'attachment; filename="{pack.name}"'}
    return Response(pack.content, media_type="application/zip", headers=headers)


def _said(sentence: str, status: int) -> Response:
    return PlainTextResponse(f"{sentence}\n", status, headers=NO_STORE)
