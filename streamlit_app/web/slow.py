"""Time limits against clients that send slowly and hold connections: uvicorn has none before a request is whole."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import Message, Receive

HEADERS_S, BODY_S = 15.0, 15.0


def in_time(receive: Receive, limit_s: float = BODY_S) -> Receive:
    """As `receive`; a body that is not there after `limit_s` counts as a client that went away."""
    state: dict[str, Any] = {"whole": False, "until": None}

    async def receiving() -> Message:
        if state["whole"]:
            return await receive()  # waits for the client's end, for as long as the answer takes
        loop = asyncio.get_running_loop()
        state["until"] = state["until"] or loop.time() + limit_s
        try:
            async with asyncio.timeout_at(state["until"]):
                message = await receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        state["whole"] = not message.get("more_body", False)
        return message

    return receiving


def limit_headers(limit_s: float = HEADERS_S) -> None:
    """From here on, a connection of uvicorn in this process on which no request is whole after `limit_s` is closed."""
    from uvicorn.protocols.http import h11_impl

    kinds: list[Any] = [h11_impl.H11Protocol]
    try:
        from uvicorn.protocols.http import httptools_impl
    except ImportError:
        pass
    else:
        kinds.append(httptools_impl.HttpToolsProtocol)
    for kind in kinds:
        _limit(kind, limit_s)


def _limit(kind: Any, limit_s: float) -> None:
    if getattr(kind, "bc_limit_s", None) is not None:
        kind.bc_limit_s = limit_s
        return
    kind.bc_limit_s = limit_s
    made, data, lost = kind.connection_made, kind.data_received, kind.connection_lost

    def connection_made(self: Any, transport: asyncio.Transport) -> None:
        made(self, transport)
        _arm(self)

    def data_received(self: Any, received: bytes) -> None:
        if _between_requests(self) and self.bc_timer is None:
            _arm(self)
        data(self, received)
        if not _between_requests(self):
            _disarm(self)

    def connection_lost(self: Any, why: Exception | None) -> None:
        _disarm(self)
        lost(self, why)

    kind.connection_made, kind.data_received, kind.connection_lost = connection_made, data_received, connection_lost


def _between_requests(protocol: Any) -> bool:
    return protocol.cycle is None or bool(protocol.cycle.response_complete)


def _arm(protocol: Any) -> None:
    loop = asyncio.get_running_loop()
    protocol.bc_timer = loop.call_later(type(protocol).bc_limit_s, _close, protocol)


def _disarm(protocol: Any) -> None:
    timer, protocol.bc_timer = getattr(protocol, "bc_timer", None), None
    if timer is not None:
        timer.cancel()


def _close(protocol: Any) -> None:
    """Not where the connection has become a WebSocket, which is another protocol's."""
    protocol.bc_timer = None
    if _between_requests(protocol) and protocol.transport.get_protocol() is protocol:
        protocol.transport.close()
