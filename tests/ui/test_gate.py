"""Unauthenticated nobody sees anything: HTTP and the WebSocket alike (TC-001, A09)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from bc_lib.testing.fake_screens import parts
from streamlit_app import deps
from streamlit_app.web import plumbing
from streamlit_app.web.sign_in import safe_next

SECRET = "for tests only, and long enough to sign with"


async def inside(_: Request) -> PlainTextResponse:
    return PlainTextResponse("the application")


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("the data")
    await websocket.close()


def client(environment: str = "test", host: str = "127.0.0.1") -> TestClient:
    screens = deps.compose(parts(environment=environment), SECRET)
    inner = [WebSocketRoute("/_stcore/stream", socket), Route("/{path:path}", inside)]
    app = Starlette(
        routes=[*plumbing.routes(lambda: screens), *inner],
        middleware=[Middleware(plumbing.Gate, admits=plumbing.admits(lambda: screens))],
    )
    return TestClient(app, base_url="http://localhost", follow_redirects=False, client=(host, 5000))


@pytest.fixture
def web() -> Iterator[TestClient]:
    with client() as made:
        yield made


def sign_in(web: TestClient, person: str = "vera", wanted: str = "/") -> None:
    assert web.post("/sign-in", data={"person": person, "next": wanted}).status_code == 303


@pytest.mark.parametrize("path", ["/", "/overview", "/resource?name=orders-db", "/health", "/anything", "/component/x"])
def test_tc001_a_page_leads_to_the_sign_in_and_back(web: TestClient, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 303
    assert answer.text == ""
    location = urlsplit(answer.headers["location"])
    assert location.path == "/sign-in"
    wanted = parse_qs(location.query)["next"][0]
    assert wanted == path
    chosen = web.post("/sign-in", data={"person": "vera", "next": wanted})
    assert chosen.headers["location"] == path


@pytest.mark.parametrize("path", ["/_stcore/host-config", "/_stcore/metrics", "/_stcore/upload_file/x"])
def test_tc001_data_is_refused(web: TestClient, path: str) -> None:
    assert web.get(path).status_code == 401
    assert web.post("/resource").status_code == 401


def test_tc001_the_websocket_is_closed_before_a_word(web: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect) as closed, web.websocket_connect("/_stcore/stream"):
        pass
    assert closed.value.code == 1008
    sign_in(web)
    cookie = {"cookie": f"{deps.COOKIE}={web.cookies[deps.COOKIE]}", "origin": "http://localhost", "host": "localhost"}
    with web.websocket_connect("/_stcore/stream", headers=cookie) as opened:
        assert opened.receive_text() == "the data"


def test_the_cookie_is_closed_to_scripts_and_says_no_role(web: TestClient) -> None:
    answer = web.post("/sign-in", data={"person": "ada", "next": "/"})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age=28800" in cookie
    assert "admin" not in cookie


def test_the_cookie_is_secure_over_tls() -> None:
    with client() as web:
        web.base_url = "https://localhost"
        assert "secure" in web.post("/sign-in", data={"person": "ada", "next": "/"}).headers["set-cookie"].lower()


@pytest.mark.parametrize("person", ["", "root", "VERA", "vera'--", "a" * 3000])
def test_a_typed_name_opens_nothing(web: TestClient, person: str) -> None:
    assert web.post("/sign-in", data={"person": person, "next": "/"}).status_code == 403
    assert web.get("/").status_code == 303


def test_a_forged_sign_in_from_another_site_is_refused(web: TestClient) -> None:
    forged = web.post("/sign-in", data={"person": "ada", "next": "/"}, headers={"origin": "https://evil.example"})
    assert forged.status_code == 403
    assert "set-cookie" not in forged.headers


def test_a09_an_old_cookie_is_worth_nothing_after_sign_out(web: TestClient) -> None:
    sign_in(web)
    old = web.cookies[deps.COOKIE]
    assert web.get("/").status_code == 200
    assert web.post("/sign-out").headers["location"] == "/sign-in"
    web.cookies.set(deps.COOKIE, old)
    assert web.get("/").status_code == 303


def test_another_site_cannot_sign_people_out(web: TestClient) -> None:
    """A link, a picture or a form on another page: it takes a press on a page of ours."""
    sign_in(web)
    asked = web.get("/sign-out")
    assert 'method="post"' in asked.text
    assert web.post("/sign-out", headers={"origin": "http://localhost:29950"}).status_code == 403
    assert web.get("/").status_code == 200
    assert web.post("/sign-out", headers={"origin": "http://localhost"}).status_code == 303
    assert web.get("/sign-out").headers["location"] == "/sign-in"


def test_sec001_production_refuses_the_demo_sign_in_with_a_sentence() -> None:
    with client("prod") as web:
        shown = web.get("/sign-in")
        assert shown.status_code == 403
        assert "BC_ENV is prod" in shown.text
        assert "Vera" not in shown.text
        assert web.post("/sign-in", data={"person": "vera", "next": "/"}).status_code == 403


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        None,
        "/sign-out",
        "/a\nb",
    ],
)
def test_a_deep_link_never_leaves_this_site(wanted: str | None) -> None:
    assert safe_next(wanted) == "/"


def test_the_sign_in_page_escapes_where_it_leads(web: TestClient) -> None:
    shown = web.get('/sign-in?next=/resource%3Fname="><script>alert(1)</script>').text
    assert "<script>" not in shown


def test_metrics_are_for_this_machine_or_a_token(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert web.get("/metrics").text.endswith("# EOF\n")
    assert web.get("/metrics", headers={"x-forwarded-for": "10.0.0.9"}).status_code == 403
    with client(host="10.0.0.9") as other:
        assert other.get("/metrics").status_code == 403
    monkeypatch.setenv("BC_METRICS_TOKEN", "scraper")
    assert web.get("/metrics").status_code == 403
    assert web.get("/metrics", headers={"authorization": "Bearer scraper"}).status_code == 200


def test_healthz_says_whether_the_database_answers() -> None:
    made = parts()
    made.inventory.away = True
    screens = deps.compose(made, SECRET)
    with TestClient(Starlette(routes=plumbing.routes(lambda: screens))) as web:
        assert web.get("/healthz").status_code == 503
        assert web.get("/metrics", headers={}).status_code in {403, 503}
