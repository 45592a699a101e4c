"""All failovers of last month, who asked, and how they ended: page, export and list of packs answer it (FR-042, US-005)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bc_lib.domain.audit import COLUMNS, AuditFilter
from bc_lib.domain.audit_filter import filter_from
from bc_lib.domain.requests.states import RequestType
from bc_lib.ports.audit import AuditReader
from bc_lib.services.audit.export import Form, export
from bc_lib.services.audit.standalone_verify import verify
from bc_lib.services.audit.view import view
from bc_lib.services.guard import audit_actor
from bc_lib.services.requests.withdraw import withdraw
from bc_lib.store.audit import OwnTransactionAuditLog
from bc_lib.store.audit_reading import AuditReader as StoredLog
from tests.fixtures.evidence import Packs, packs
from tests.fixtures.requests import World, world
from tests.fixtures.running import running

__all__ = ["packs", "running", "world"]


@pytest.fixture
def reader(world: World) -> AuditReader:
    """Two requests: a failover of orders-db that was withdrawn, a switchover of reports-db that waits."""
    failover = world.ask(scope="orders-db")
    withdraw(world.gate, world.actor("olga"), failover.id)
    world.ask("oscar", RequestType.SWITCHOVER, "reports-db")
    return StoredLog(world.database.engine("bc_ui"))


def listed(reader: AuditReader, **words: str) -> list[dict[str, str]]:
    page = view(reader, filter_from(words))
    return [dict(zip(COLUMNS, line, strict=True)) for line in page.lines]


def test_each_record_about_a_request_carries_its_type_and_target(reader: AuditReader) -> None:
    rows = [row for row in listed(reader) if row["request"]]
    assert {(row["request"], row["type"], row["target"]) for row in rows} == {
        ("r-1", "failover", "ams"),
        ("r-2", "switchover", "ams"),
    }


@pytest.mark.parametrize(
    ("words", "requests"),
    [
        ({"type": "failover"}, {"r-1"}),
        ({"type": "switchover"}, {"r-2"}),
        ({"target": "ams"}, {"r-1", "r-2"}),
        ({"target": "fra"}, set()),
        ({"person": "olga"}, {"r-1"}),
        ({"person": "Oscar"}, {"r-2"}),
        ({"outcome": "Cancelled"}, {"r-1"}),
        ({"request": "r-2"}, {"r-2"}),
        ({"type": "failover", "person": "oscar"}, set()),
    ],
)
def test_filters_find_what_they_ask_for_and_nothing_else(
    reader: AuditReader, words: dict[str, str], requests: set[str]
) -> None:
    assert {row["request"] for row in listed(reader, **words) if row["request"]} == requests


def test_a_filter_may_look_like_sql(reader: AuditReader) -> None:
    assert listed(reader, person="' OR true --") == []
    assert listed(reader, outcome="{}%s") == []


def test_the_caller_cannot_say_another_type(world: World, reader: AuditReader) -> None:
    entry = {"kind": "recorded", "verb": "request.note", "actor": {"name": "W"}, "request_id": "r-1",
             "request_type": "drill", "target_site": "moon", "payload": {}}  # fmt: skip
    world.database.sql("bc_ui", f"SELECT bc_audit.append('{json.dumps(entry)}'::jsonb)")
    newest = listed(reader)[0]
    assert (newest["verb"], newest["type"], newest["target"]) == ("request.note", "failover", "ams")


@pytest.mark.parametrize("form", list(Form))
def test_an_export_of_a_filter_is_what_the_page_shows_and_verifies(
    world: World, reader: AuditReader, form: Form, tmp_path: Path
) -> None:
    wanted = AuditFilter(request_type="failover", outcome="Cancelled")
    page = view(reader, wanted)
    made = export(
        reader,
        OwnTransactionAuditLog(world.database.engine("bc_ui")),
        None,
        page.wanted,
        form,
        actor=audit_actor(world.actor("vera"), None),
        channel="ui",
    )
    assert made.records == len(page.lines) == 1
    for name, content in made.files.items():
        (tmp_path / name).write_bytes(content)
    count, wrong, _ = verify(str(tmp_path / f"audit.{form.value}"))
    assert (count, wrong) == (1, [])
    told = listed(reader)[0]
    assert (told["verb"], json.loads(told["details"])["request_type"]) == ("audit.export", "failover")


@pytest.mark.parametrize("form", list(Form))
def test_an_export_made_before_these_columns_existed_still_verifies(
    world: World, reader: AuditReader, form: Form, tmp_path: Path
) -> None:
    log = OwnTransactionAuditLog(world.database.engine("bc_ui"))
    who = audit_actor(world.actor("vera"), None)
    # The first record is about no request, so it reads the same in an export without the two columns.
    made = export(reader, log, None, AuditFilter(upto=1), form, actor=who, channel="ui")
    name = f"audit.{form.value}"
    for each, content in made.files.items():
        (tmp_path / each).write_bytes(content)
    text = made.files[name].decode()
    if form is Form.CSV:
        head, first = text.splitlines()
        assert ",request,type,target,outcome," in head
        older = head.replace(",request,type,target,", ",request,") + "\r\n" + first.replace(",,,,,", ",,,", 1) + "\r\n"
        (tmp_path / name).write_text(older, newline="")
    else:
        whole = json.loads(text)
        for record in whole["records"]:
            del record["type"], record["target"]
        (tmp_path / name).write_text(json.dumps(whole))
    count, wrong, _ = verify(str(tmp_path / name))
    assert (count, wrong) == (1, [])


def test_the_packs_of_a_filter_are_listed(world: World, reader: AuditReader, packs: Packs) -> None:
    packs.make()
    lines = packs.store.read.packs(AuditFilter(), 10)
    assert [(line.request, line.type, line.where, line.state) for line in lines] == [
        ("r-1", "failover", "Amsterdam", "Cancelled")
    ]
    mine = replace(AuditFilter(), system="orders-db", request_type="failover", person="olga", outcome="cancelled")
    assert packs.store.read.packs(mine, 10) == lines
    for other in ({"system": "reports-db"}, {"type": "drill"}, {"person": "oscar"}, {"outcome": "Failed"},
                  {"to": "2020-01-01"}, {"target": "fra"}, {"request": "r-2"}):  # fmt: skip
        assert packs.store.read.packs(filter_from(other), 10) == []
