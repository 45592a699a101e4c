"""What all audited ways to take something away share: two at once, one sentence for each trouble, nothing cached."""

from __future__ import annotations

import io
import logging
import threading
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bc_lib.domain.denial import Denial
from bc_lib.ports.audit import AuditUnavailable, BrokenCheckpoints
from bc_lib.ports.sign_on import SignOnRefused
from streamlit_app.deps import Screens, trouble
from streamlit_app.web.origin import from_environment

LOG = logging.getLogger("bc.pages")
NO_STORE = {"cache-control": "no-store"}
AT_ONCE, WAIT_S = threading.BoundedSemaphore(2), 10.0
STATUS = ((SignOnRefused, 401), (AuditUnavailable, 503), (BrokenCheckpoints, 503))


class WrongAddress(Exception):
    """The address does not say what to take; `str()` of it is the sentence."""


@dataclass(frozen=True, slots=True)
class Zip:
    """What is handed out: a file's name and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """One address. `give` makes the file or raises; `place`: the page that links here; `statuses`: by denial's code."""

    path: str
    place: str
    give: Callable[[Screens, Request], Zip]
    statuses: Mapping[str, int] = field(default_factory=dict)

    def route(self, screens: Callable[[], Screens]) -> Route:
        """The route; another page cannot make somebody's browser take anything."""

        async def take(request: Request) -> Response:
            if not from_environment().linked_from_here(request.scope):
                return said(f"Another page asked for this file; open it from the {self.place} page.", 403)
            return await run_in_threadpool(self._answer, screens(), request)

        return Route(self.path, take, methods=["GET"])

    def _answer(self, made: Screens, request: Request) -> Response:
        if not AT_ONCE.acquire(timeout=WAIT_S):
            return said("Other exports are being made; try again in a minute. Nothing was handed out.", 503)
        try:
            found = self.give(made, request)
        except Exception as error:  # whatever the driver raises; each is a sentence
            return said(*self._trouble(error))
        finally:
            AT_ONCE.release()
        headers = {**NO_STORE, "content-disposition": f'attachment; filename="{found.name}"'}
        return Response(found.content, media_type="application/zip", headers=headers)

    def _trouble(self, error: Exception) -> tuple[str, int]:
        if isinstance(error, Denial):
            return error.sentence, self.statuses.get(error.code, 403)
        if isinstance(error, WrongAddress):
            return str(error), 400
        for kind, status in STATUS:
            if isinstance(error, kind):
                return str(error), status
        LOG.error("Nothing could be handed out at %s", self.path, exc_info=error)
        return f"{trouble(error)}, so nothing was handed out. Try again.", 503


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files of an export in one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def said(sentence: str, status: int) -> Response:
    """A sentence instead of a file."""
    return PlainTextResponse(f"{sentence}\n", status, headers=NO_STORE)
