"""Audit & evidence: the page's records and those of an export are the same, and both are audited (FR-042, TC-051)."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from bc_lib.domain.audit import COLUMNS, AuditFilter
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.services.audit.view import view
from bc_lib.services.breakglass.grant import grant
from bc_lib.services.breakglass.use import use
from tests.fixtures.requests import World, world
from tests.ui.real_screens import Open, opened, parts, routes, sign_in, text

__all__ = ["world"]


@pytest.fixture
def tab(world: World) -> Iterator[Open]:
    with opened(world) as open_:
        yield open_


@pytest.fixture
def web(world: World) -> Iterator[TestClient]:
    with routes(world) as made:
        yield made


def taken(web: TestClient, **query: object) -> dict[str, bytes]:
    answer = web.get("/audit/export", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="audit-')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_page_says_that_nothing_seals_the_log_and_shows_the_newest_first(tab: Open, world: World) -> None:
    world.approved()
    body = text(tab("vera", "audit"))
    assert "none sealed" in body
    assert "Never sealed" in body
    assert body.index("<b>Approves</b>") < body.index("<b>Asks for a move</b>") < body.index("<b>Audit log begins</b>")
    assert 'href="/audit/export?upto=' in body


def test_verify_reads_everything_and_is_never_green_without_a_signature(tab: Open, world: World) -> None:
    world.approved()
    at = tab("vera", "audit")
    next(each for each in at.button if each.label == "Verify every record").click()
    body = text(at.run())
    assert "records read" in body
    assert "nothing is wrong" not in body


def test_verify_names_the_record_that_was_changed(tab: Open, world: World) -> None:
    world.approved()
    world.database.sql("postgres", "ALTER TABLE bc_audit.record DISABLE TRIGGER USER")
    ((seq,),) = world.database.sql("postgres", "SELECT min(seq) FROM bc_audit.record WHERE body LIKE '%Olga%'")
    world.database.sql(
        "postgres", "UPDATE bc_audit.record SET body = replace(body, 'Olga', 'Ivan') WHERE seq = :seq", seq=seq
    )
    at = tab("vera", "audit")
    next(each for each in at.button if each.label == "Verify every record").click()
    body = text(at.run())
    assert f"Record {seq}" in body or f"record {seq}" in body
    assert "Wrong" in body


def test_tc051_a_viewer_exports_what_the_page_shows_and_that_is_audited(web: TestClient, world: World) -> None:
    world.approved()
    world.ask(scope="reports-db", reason="=HYPERLINK(1)")
    sign_in(web, "vera")
    reader = parts(world).audit.reader
    for system in (None, "orders-db", "reports-db"):
        shown = view(reader, AuditFilter(system=system))
        query = {"upto": shown.wanted.upto, "format": "json"} | ({"system": system} if system else {})
        files = taken(web, **query)
        records = json.loads(files["audit.json"])["records"]
        assert [tuple(each[name] for name in COLUMNS) for each in reversed(records)] == list(shown.lines)
        assert "verify_audit.py" in files
    newest = view(reader, AuditFilter()).lines[0]
    assert newest[COLUMNS.index("verb")] == "audit.export"
    assert newest[COLUMNS.index("name")] == "Vera"
    assert newest[COLUMNS.index("channel")] == "ui"


def test_csv_cells_are_no_formulas(web: TestClient, world: World) -> None:
    world.gate.store.read.now()
    world.ask(ticket="=1+1")
    sign_in(web, "vera")
    rows = list(csv.reader(io.StringIO(taken(web)["audit.csv"].decode())))
    assert rows[0][: len(COLUMNS)] == list(COLUMNS)
    assert not any(cell[:1] in {"=", "+", "-", "@"} for row in rows[1:] for cell in row[: len(COLUMNS)])


def test_tc001_nobody_exports_without_a_sign_in(web: TestClient) -> None:
    answer = web.get("/audit/export?format=csv")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2Faudit%2Fexport")


def test_sec002_who_holds_no_role_any_more_is_refused_and_that_is_audited(web: TestClient, world: World) -> None:
    sign_in(web, "vera")
    world.set_roles("vera")
    answer = web.get("/audit/export")
    assert answer.status_code == 403
    assert "This needs the role" in answer.text
    assert ("denied", "request.export", "ROLE_MISSING") in world.audit.verbs()


def test_another_site_cannot_take_an_export(web: TestClient) -> None:
    sign_in(web, "vera")
    assert web.get("/audit/export", headers={"sec-fetch-site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        {"from": "yesterday"},
        {"to": "9999-12-31"},
        {"upto": "many"},
        {"format": "xlsx"},
        {"system": "a" * 500},
        {"system": "a\x00b"},
        {"type": "takeover"},
        {"from": "2026-11-02", "to": "2026-11-01"},
        {"typ": "failover"},
    ],
)
def test_a_wrong_filter_exports_nothing_and_says_so(web: TestClient, query: dict[str, str]) -> None:
    sign_in(web, "vera")
    answer = web.get("/audit/export", params=query)
    assert answer.status_code == 400
    assert "Nothing was exported." in answer.text
    assert next(iter(query)) in answer.text or "begins" in answer.text


def test_two_exports_of_different_filters_or_forms_do_not_replace_each_other(web: TestClient) -> None:
    sign_in(web, "vera")
    names = {
        web.get("/audit/export", params=query).headers["content-disposition"]
        for query in (
            {"format": "csv"},
            {"format": "json"},
            {"type": "failover"},
            {"system": "orders-db", "to": "2026-11-30"},
        )
    }
    assert len(names) == 4
    assert any("audit-failover-" in name for name in names)


def test_the_page_lists_by_type_target_person_and_outcome_and_links_the_same_filter(tab: Open, world: World) -> None:
    world.ask(scope="orders-db")
    world.ask("oscar", RequestType.SWITCHOVER, "reports-db")
    body = text(tab("vera", "audit", type="failover", person="olga"))
    assert "r-1: failover to Amsterdam" in body
    assert "r-2: switchover" not in body
    assert "type=failover&person=olga" in body.replace("&amp;", "&")
    assert "No evidence pack matches these filters." in body


def test_a_wrong_word_in_the_address_is_said_and_lists_nothing(tab: Open, world: World) -> None:
    world.ask(scope="orders-db")
    at = tab("vera", "audit", **{"from": "banana"})
    assert any("from='banana' is no date" in error.value for error in at.error)
    assert "Asks for a move" not in text(at)
    at.text_input(key="person").set_value("olga").run()
    assert "Asks for a move" in text(at)


def test_sec006_the_review_that_is_owed_is_recorded_by_somebody_who_took_no_part(tab: Open, world: World) -> None:
    given = grant(
        world.gate, world.actor("oscar"), Scope(kind="resource", name="orders-db"), "INC-7", "Nobody can be reached"
    )
    request = world.ask("oscar")
    use(world.gate, world.actor("oscar"), given.id, request.id)
    shown = text(tab("olga", "requests", id=request.id))
    assert "Break-glass" in shown
    assert "INC-7" in shown
    assert "owed, due " in shown
    at = tab("ivy", "audit", breakglass=str(given.id))
    assert "Review owed" in text(at)
    at.text_area[0].set_value("It was right to do so.")
    next(each for each in at.button if each.label == "Record the review").click()
    body = text(at.run())
    assert "The review of INC-7 is recorded." in body
    assert "It was right to do so." in body
    assert not tab("olga", "audit", breakglass=str(given.id)).text_area
