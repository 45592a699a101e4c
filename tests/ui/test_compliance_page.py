"""Compliance: the page's cells and those of the export are the same, and the export is audited (US-008, FR-042)."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

from bc_lib.domain.audit import AuditFilter
from bc_lib.services.audit.view import view
from tests.fixtures.evidence import Packs, packs
from tests.fixtures.requests import World, world
from tests.fixtures.running import Running, drilled, running
from tests.ui.real_screens import Open, opened, parts, routes, sign_in, text

__all__ = ["packs", "running", "world"]


@pytest.fixture
def tab(running: Running) -> Iterator[Open]:
    with opened(running.world) as open_:
        yield open_


@pytest.fixture
def web(world: World) -> Iterator[TestClient]:
    with routes(world) as made:
        yield made


def test_page_and_export_are_the_same_and_the_export_is_audited(
    running: Running, packs: Packs, tab: Open, web: TestClient
) -> None:
    """Every cell of every table of the export is on the page, of the same range."""
    world = running.world
    world.ask(scope="reports-db", reason="<b>quarter end</b> & more")
    request = drilled(running, "payments")
    packs.make()
    body = text(tab("vera", "compliance"))
    assert "3 of 4 resources and groups had a live drill; not drilled: reports-db." in body
    assert f'href="/requests?id={request.id}"' in body
    assert "<b>quarter" not in body
    found = re.search(r'href="(/compliance/export\?[^"]*format=json)"', body)
    assert found
    address = unescape(found[1])
    assert web.get(address).status_code == 303
    sign_in(web)
    answer = web.get(address)
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        told = json.loads(packed.read("compliance.json"))
    shown = unescape(re.sub(r"<[^>]*>", "\n", body))
    cells = [cell for name in ("drills", "requests") for row in told[name] for cell in row.values()]
    cells += [row[key] for row in told["systems"] for key in ("name", "owner", "result", "last one", "ended")
              if row["result"] != "not drilled in this range"]  # fmt: skip
    assert len(cells) > 40
    assert [cell for cell in cells if cell not in shown] == []
    newest = view(parts(world).audit.reader, AuditFilter()).lines[0]
    assert "compliance.export" in newest
    assert web.get("/compliance/export?format=xml").status_code == 400
    reversed_ = web.get("/compliance/export?from=2026-02-01&to=2026-01-01")
    assert (reversed_.status_code, "before it begins" in reversed_.text) == (400, True)
    world.set_roles("vera")
    assert web.get(address).status_code == 403


def test_a_range_without_a_drill_is_not_green(running: Running, tab: Open) -> None:
    """Nothing was drilled is said first; a reversed range is a sentence."""
    body = text(tab("vera", "compliance", **{"from": "2020-01-01", "to": "2020-12-31"}))
    assert "0 of 4 resources and groups had a live drill" in body
    assert "Nothing was asked for in this range." in body
    assert "bc-badge bc-agreed" not in body
    body = text(tab("vera", "compliance", **{"from": "2020-12-31", "to": "2020-01-01"}))
    assert "before it begins" in body
