"""The pack on the request's page: download through the audited route, pictures, sign-off, findings (issue 5)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from bc_lib.services.evidence.standalone_pack import unpack
from bc_lib.services.requests.withdraw import withdraw
from streamlit_app import deps
from streamlit_app.web import plumbing
from tests.fixtures.evidence import Packs
from tests.fixtures.requests import World, world
from tests.ui.real_screens import SECRET, Open, opened, parts, text

__all__ = ["world"]


@pytest.fixture
def packs(world: World) -> Packs:
    return Packs(world, world.data)


@pytest.fixture
def tab(world: World) -> Iterator[Open]:
    with opened(world) as open_:
        yield open_


def test_from_the_end_to_a_closed_finding(world: World, packs: Packs, tab: Open) -> None:
    """Waiting for the pack, then: link, sides by role, a finding that the audit page lists until it is closed."""
    request = world.ask()
    withdraw(world.gate, world.actor("olga"), request.id)
    assert "is being made" in text(tab("vera", "requests", id=request.id))
    packs.make()
    seen = tab("vera", "requests", id=request.id)
    assert f"/evidence/pack?id={request.id}" in text(seen)
    assert not [each for each in seen.button if each.label in {"Accept", "Note it"}]
    ian = tab("ian", "requests", id=request.id)
    ian.button(key="accept-it").click().run()
    assert "Accepted for the IT side" in text(ian)
    assert "The IT side: accepted by Ian" in text(ian)
    ian.text_input(key="finding-what").set_value("Shorten the TTL")
    ian.text_input(key="finding-owner").set_value("Network team")
    next(each for each in ian.button if each.label == "Note it").click().run()
    assert "Finding 1 is noted." in text(ian)
    assert "Open findings (1)" in text(tab("vera", "audit"))
    ian = tab("ian", "requests", id=request.id)
    ian.text_input(key="close-note-1").set_value("It is 60 s now")
    next(each for each in ian.button if each.label == "Close finding 1").click().run()
    assert "closed by Ian" in text(ian)
    assert "Open findings" not in text(tab("vera", "audit"))


def test_the_download_is_audited_and_says_why_there_is_none(world: World, packs: Packs) -> None:
    """FR-042: signed in only; not made, not signed, handed out, recorded."""
    screens = deps.compose(parts(world), SECRET)
    app = Starlette(
        routes=plumbing.routes(lambda: screens),
        middleware=[Middleware(plumbing.Gate, admits=plumbing.admits(lambda: screens))],
    )
    request = world.ask()
    address = f"/evidence/pack?id={request.id}"
    with TestClient(app, base_url="http://localhost", follow_redirects=False, client=("127.0.0.1", 5000)) as web:
        assert web.get(address).status_code in {303, 307, 401}
        assert web.post("/sign-in", data={"person": "vera", "next": "/"}).status_code == 303
        for unknown in ("r-99", "r-1%00", "%00", "r-1%0a", "%f0%9f"):
            assert web.get(f"/evidence/pack?id={unknown}").status_code == 404
        assert web.get(address).status_code == 404
        withdraw(world.gate, world.actor("olga"), request.id)
        packs.make()
        assert web.get(address).status_code == 503
        packs.sign()
        answer = web.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="evidence-{request.id}.zip"'
    assert unpack(answer.content)[1] == []
    taken = "SELECT count(*) FROM bc_audit.record WHERE body::jsonb->>'verb' = 'evidence.take'"
    assert world.database.sql("bc_ui", taken) == [(1,)]
