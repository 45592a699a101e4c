"""N: a page in somebody's browser, on another port of this host or under a name pointed at us, drives ours."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from bc_lib.testing.fake_screens import parts
from streamlit_app import deps
from streamlit_app.web import plumbing, slow
from streamlit_app.web.origin import ours

SECRET = "for tests only, and long enough to sign with"
PORT = 8502


async def inside(request: Request) -> PlainTextResponse:
    await request.body()
    return PlainTextResponse("the application")


async def data(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("the data")
    await asyncio.sleep(1.5)
    await websocket.send_text("more")
    await websocket.close()


def application(url: str = "", more: str = "") -> Starlette:
    screens = deps.compose(parts(environment="test"), SECRET)
    inner = [WebSocketRoute("/_stcore/stream", data), Route("/{path:path}", inside, methods=["GET", "POST", "PUT"])]
    return Starlette(
        routes=[*plumbing.routes(lambda: screens), *inner],
        middleware=[Middleware(plumbing.Gate, admits=plumbing.admits(lambda: screens), ours=ours(url, more))],
    )


def signed_in(base: str, url: str = "", more: str = "") -> TestClient:
    web = TestClient(application(url, more), base_url=base, follow_redirects=False, client=("127.0.0.1", 5000))
    assert web.post("/sign-in", data={"person": "vera", "next": "/"}).status_code == 303
    return web


HERE = f"http://localhost:{PORT}"
FOREIGN = (
    "http://localhost:29950",
    "http://localhost",
    f"https://localhost:{PORT}",
    f"http://127.0.0.1:{PORT}",
    "http://0.0.0.0:8502",
    "null",
    "",
    "http://evil.example",
    f"http://localhost:{PORT}.evil.example",
    f"http://evil.example@localhost:{PORT}",
    f"http://localhost:{PORT}@evil.example",
    f"http://localhost:{PORT}\\@evil.example",
    "http://localhost:99999",
    "file://",
)


def opened(web: TestClient, origin: str | None, host: str = f"localhost:{PORT}") -> bool:
    headers = {"cookie": f"{deps.COOKIE}={web.cookies[deps.COOKIE]}", "host": host}
    try:
        with web.websocket_connect(
            "/_stcore/stream", headers=headers | ({"origin": origin} if origin is not None else {})
        ) as found:
            return found.receive_text() == "the data"
    except WebSocketDisconnect as closed:
        assert closed.code == 1008
        return False


def test_our_own_page_opens_the_socket() -> None:
    """The refusals below would be worth nothing if nothing opened it."""
    web = signed_in(HERE)
    assert opened(web, HERE)
    assert opened(web, HERE.upper().replace("HTTP", "http"))


@pytest.mark.parametrize("origin", [*FOREIGN, None])
def test_no_other_page_opens_the_socket(origin: str | None) -> None:
    assert not opened(signed_in(HERE), origin)


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/anything"])
def test_no_other_page_sends_a_form(origin: str, path: str) -> None:
    web = signed_in(HERE)
    answer = web.post(path, data={"person": "ada", "next": "/"}, headers={"origin": origin})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert web.get("/anything").text == "the application"


@pytest.mark.parametrize(
    "path", ["/sign-in", "/audit/export", "/compliance/export", "/metrics", "/anything", "/static/x"]
)
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:8502", "localhost@evil", "", "[::1"]
)
def test_a_name_that_is_pointed_at_us_gets_nothing(path: str, host: str) -> None:
    """DNS rebinding: to the browser that page and ours are one."""
    web = signed_in(HERE)
    answer = web.get(path, headers={"host": host, "origin": f"http://{host}"})
    assert (answer.status_code, "BC_UI_HOSTS" in answer.text) == (421, True)
    assert not opened(web, f"http://{host}", host)


def test_a_proxy_that_ends_tls_and_further_names() -> None:
    """The browser's Origin is https with no port, what reaches us is http: BC_UI_URL says that it is ours."""
    web = signed_in("http://dr.example", "https://dr.example", "pages, scrape.internal")
    assert opened(web, "https://dr.example", "dr.example")
    assert opened(web, "http://pages:8501", "pages:8501")
    assert not opened(web, "https://dr.example:444", "dr.example")
    assert not opened(web, "https://pages:8501", "pages:8501")
    assert web.get("/anything", headers={"host": "scrape.internal"}).status_code == 200


def test_probes_need_no_name() -> None:
    web = signed_in(HERE)
    assert web.get("/healthz", headers={"host": "10.1.2.3:8501"}).status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, {200, 400}),
        ({"sec-fetch-site": "none"}, {200, 400}),
        ({}, {200, 400}),
        ({"referer": f"{HERE}/audit"}, {200, 400}),
        ({"sec-fetch-site": "same-site"}, {403}),
        ({"sec-fetch-site": "cross-site"}, {403}),
        ({"referer": "http://localhost:29950/"}, {403}),
    ],
)
@pytest.mark.parametrize("path", ["/compliance/export?format=csv", "/audit/export?format=csv"])
def test_no_other_page_takes_an_export(
    path: str, sent: dict[str, str], status: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From another port of this host the browser says same-site, over plain http to another host only the Referer."""
    monkeypatch.setenv("BC_UI_URL", HERE)
    web = signed_in(HERE)
    answer = web.get(path, headers=sent)
    assert (answer.status_code == 403 and "Another page" in answer.text) is (status == {403})


def test_every_answer_says_what_may_run() -> None:
    """Redirects, refusals and pages alike."""
    web = signed_in(HERE)
    fresh = TestClient(application(), base_url=HERE, follow_redirects=False)
    answers = [
        web.get("/anything"),
        fresh.get("/anything"),
        fresh.get("/_stcore/x"),
        web.get("/", headers={"host": "x.y"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 303, 401, 421]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self' 'sha256-" in policy
        assert "unsafe" not in policy.split("script-src")[1].split(";")[0]
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A real server with short limits; its port."""
    slow.limit_headers(0.6)
    monkeypatch.setattr(slow, "BODY_S", 0.6)
    monkeypatch.setattr("streamlit_app.web.gate.in_time", lambda receive: slow.in_time(receive, 0.6))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = int(listening.getsockname()[1])
        server = uvicorn.Server(uvicorn.Config(application(), log_level="error"))
        running = threading.Thread(target=lambda: server.run(sockets=[listening]))
        running.start()
        while not server.started:
            time.sleep(0.02)
        yield port
        server.should_exit = True
        running.join(10)
    slow.limit_headers()


def ended_within(port: int, said: bytes, seconds: float = 8.0) -> bool:
    """Whether the server ends a connection on which no more than this is said."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.settimeout(seconds)
        if said:
            connection.sendall(said)
        try:
            while connection.recv(4096):
                pass
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        return True


HALF = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: b"
FORM = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\nperson="
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "said",
    [b"", HALF, FORM, WHOLE + HALF, WHOLE + FORM],
    ids=["nothing", "half headers", "half body", "half headers after a request", "half body after a request"],
)
def test_slow_clients_are_cut(served: int, said: bytes) -> None:
    assert ended_within(served, said)


def test_an_open_socket_is_not_cut(served: int) -> None:
    """Longer than every limit: the time limits are for requests that are not whole."""
    import websockets.sync.client as sockets

    made = deps.compose(parts(environment="test"), SECRET)
    from datetime import UTC, datetime

    ticket = made.tickets.issue("vera", datetime.now(UTC))
    headers = {"cookie": f"{deps.COOKIE}={ticket}"}
    with sockets.connect(
        f"ws://localhost:{served}/_stcore/stream", additional_headers=headers, origin=f"http://localhost:{served}"
    ) as found:  # type: ignore[arg-type]
        assert [found.recv(timeout=10), found.recv(timeout=10)] == ["the data", "more"]
