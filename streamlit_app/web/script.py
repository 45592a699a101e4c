"""GET /focus.js: the one script of ours, a file because the policy of our pages runs no other."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

ADDRESS = "/focus.js"
FILE = Path(__file__).parent / "focus.js"


def routes() -> list[Route]:
    """The route."""

    async def give(_: Request) -> FileResponse:
        return FileResponse(FILE, media_type="text/javascript", headers={"cache-control": "no-cache"})

    return [Route(ADDRESS, give, methods=["GET"])]
