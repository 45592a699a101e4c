"""What an HTTP application tells (FR-010)."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from bc_lib.connectors.http.connector import HttpConnector
from bc_lib.connectors.http.queries import MAX_BODY_BYTES
from bc_lib.domain.observation import NodeFacts, Reach, Role
from tests.fixtures.httpapp import App, http_resource


@pytest.fixture
def app() -> Iterator[App]:
    with App() as made:
        yield made


@pytest_asyncio.fixture
async def http() -> AsyncIterator[HttpConnector]:
    made = HttpConnector(timeout_s=2)
    yield made
    await made.close()


async def _facts(http: HttpConnector, app: App, path: str = "/health", field: str | None = None) -> NodeFacts:
    (node,) = (await http.observe(http_resource(app.url(path), json_field=field))).nodes
    assert node.reach is Reach.OK, node.error
    assert node.facts is not None
    return node.facts


@pytest.mark.parametrize(
    ("body", "field", "role", "version", "missing"),
    [
        (b'{"version": "4.2.0"}', "version", Role.ACTIVE, "4.2.0", ()),
        (b'{"app": {"build_version": 7}}', "app.build_version", Role.ACTIVE, "7", ()),
        (b'{"role": "Primary"}', "role", Role.ACTIVE, None, ()),
        (b'{"node": {"role": "standby"}}', "node.role", Role.STANDBY, None, ()),
        (b'{"role": "strange"}', "role", Role.UNKNOWN, None, ()),
        (b"{}", "role", Role.UNKNOWN, None, ("role",)),
        (b"not json", "version", Role.ACTIVE, None, ("version",)),
        (b'{"version": {"a": 1}}', "version", Role.ACTIVE, None, ("version",)),
        (b'{"version": "a\\u0000\\u202eb"}', "version", Role.ACTIVE, "a??b", ()),
        (b"[" * 60000, "version", Role.ACTIVE, None, ("version",)),
        (b'{"version": "' + b"x" * MAX_BODY_BYTES + b'"}', "version", Role.ACTIVE, None, ("version",)),
        (b"anything", None, Role.ACTIVE, None, ()),
    ],
)
async def test_bodies(
    http: HttpConnector,
    app: App,
    body: bytes,
    field: str | None,
    role: Role,
    version: str | None,
    missing: tuple[str, ...],
) -> None:
    app.answers["/health"] = (200, {}, body)
    found = await _facts(http, app, field=field)
    assert (found.role, found.version, found.missing, found.http_status) == (role, version, missing, 200)


@pytest.mark.parametrize("status", [204, 404, 500, 503])
async def test_status_is_a_figure_not_a_failure(http: HttpConnector, app: App, status: int) -> None:
    app.answers["/health"] = (status, {}, b"")
    found = await _facts(http, app)
    assert found.http_status == status
    assert found.role is (Role.ACTIVE if status < 300 else Role.UNKNOWN)


async def test_compressed_bombs_are_not_opened(http: HttpConnector, app: App) -> None:
    """The body is read as sent and limited as sent."""
    app.answers["/health"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 50_000_000))
    assert (await _facts(http, app, field="version")).missing == ("version",)


async def test_redirects_stay_on_the_host(http: HttpConnector, app: App) -> None:
    """A13: another host, port or scheme is never asked."""
    app.answers["/old"] = (301, {"Location": "/health"}, b"")
    assert (await _facts(http, app, "/old", "version")).version == "4.2.0"
    with App() as other:
        for location in (
            other.url("/health"),
            f"http://localhost:{app.port}/health",
            "http://169.254.169.254/",
            "https://[",
            "ftp://x/",
            "//evil/",
        ):
            app.answers["/away"] = (302, {"Location": location}, b"")
            assert (await _facts(http, app, "/away", "version")).http_status == 302
        assert other.paths == []
    app.answers["/loop"] = (302, {"Location": "/loop"}, b"")
    assert (await _facts(http, app, "/loop")).http_status == 302
    assert app.paths.count("/loop") == 4


async def test_proxies_of_the_surroundings_are_ignored(
    http: HttpConnector, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert (await _facts(http, app)).http_status == 200


@pytest.mark.parametrize("field", [None, "version"])
async def test_one_connection_is_kept(http: HttpConnector, app: App, field: str | None) -> None:
    """Warm rounds do not connect; cold ones do, and leave the kept connection alone."""
    wanted = http_resource(app.url("/health"), json_field=field)
    for cold in (False, False, True, False):
        assert (await http.observe(wanted, cold=cold)).nodes[0].reach is Reach.OK
    assert len(set(app.clients)) == 2


async def test_an_application_that_closed_the_kept_connection(http: HttpConnector, app: App) -> None:
    """One fresh connection in the same round; when it is gone for good it is REFUSED."""
    wanted = http_resource(app.url("/health"))
    assert (await http.observe(wanted)).nodes[0].reach is Reach.OK
    app.drop_clients()
    assert (await http.observe(wanted)).nodes[0].reach is Reach.OK
    app.server.shutdown()
    app.server.socket.close()
    app.drop_clients()
    assert (await http.observe(wanted)).nodes[0].reach is Reach.REFUSED
