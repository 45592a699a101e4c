"""The agent's control API on loopback; `bcctl demo` is its client."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

import psycopg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bc_lib.cli.demo_modes import WHAT_IT_DOES
from bc_lib.runtime.pgserver import ServerFailed
from demo.estate import Estate
from demo.inbox import Inbox, Mail
from demo.refusal import NotBack, Refused

Answer = Callable[[Request], Awaitable[JSONResponse]]


class Control:
    """Routes of the API. Everything needs the bearer token of agent.json."""

    def __init__(self, token: str, estate: Estate, inbox: Inbox, smtp_port: int) -> None:
        self._token = token
        self._estate = estate
        self._inbox = inbox
        self._smtp_port = smtp_port
        self.ready = False

    def app(self) -> Starlette:
        """The web application."""
        routes: list[tuple[str, str, Answer]] = [
            ("GET", "/state", self.state),
            ("GET", "/modes", self.modes),
            ("GET", "/inbox", self.inbox),
            ("GET", "/inbox/{number:int}", self.mail),
            ("POST", "/break", self.do_break),
            ("POST", "/heal", self.heal),
        ]
        return Starlette(routes=[Route(path, self._guarded(does), methods=[method]) for method, path, does in routes])

    async def state(self, _: Request) -> JSONResponse:
        """What runs and what is broken."""
        return JSONResponse({"ready": self.ready, "smtp_port": self._smtp_port, "resources": self._estate.report()})

    async def modes(self, _: Request) -> JSONResponse:
        """Every mode with what it does."""
        return JSONResponse({"modes": [{"mode": mode, "does": does} for mode, does in WHAT_IT_DOES.items()]})

    async def inbox(self, _: Request) -> JSONResponse:
        """The newest mails without their text, newest first."""
        return JSONResponse({"mails": [_mail(mail, body=False) for mail in self._inbox.newest()]})

    async def mail(self, request: Request) -> JSONResponse:
        """One mail."""
        number = request.path_params["number"]
        found = self._inbox.get(number)
        if found is None:
            return _error(f"There is no mail {number} in the inbox.", 404)
        return JSONResponse(_mail(found, body=True))

    async def do_break(self, request: Request) -> JSONResponse:
        """{"name", "mode"} -> {"text"}."""
        name, mode = await _words(request, "name", "mode")
        return JSONResponse({"name": name, "mode": mode, "text": await self._estate.do_break(name, mode)})

    async def heal(self, request: Request) -> JSONResponse:
        """{"name"} -> {"text"}, once it is back."""
        (name,) = await _words(request, "name")
        return JSONResponse({"name": name, "text": await self._estate.heal(name)})

    def _guarded(self, answer: Answer) -> Answer:
        async def guarded(request: Request) -> JSONResponse:
            given = request.headers.get("authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
                return _error("The token is wrong; it stands in agent.json.", 401)
            if request.method == "POST" and not self.ready:
                return _error("The demo is still starting; try again in a few seconds.", 409)
            try:
                return await answer(request)
            except Refused as refused:
                return _error(str(refused), 422)
            except (NotBack, ServerFailed, psycopg.Error, OSError) as failed:
                return _error(str(failed).strip(), 500)

        return guarded


async def _words(request: Request, *keys: str) -> list[str]:
    try:
        body = await request.json()
        words = [body[key] for key in keys]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"The request needs {' and '.join(keys)} as JSON.") from error
    if not all(isinstance(word, str) for word in words):
        raise Refused(f"The request needs {' and '.join(keys)} as words.")
    return words


def _mail(mail: Mail, *, body: bool) -> dict[str, Any]:
    found = asdict(mail) | {"received_at": mail.received_at.isoformat(timespec="milliseconds")}
    return found if body else {key: value for key, value in found.items() if key != "body"}


def _error(text: str, status: int) -> JSONResponse:
    return JSONResponse({"error": text}, status)
