"""What was drilled in a range, with which result, and what never was; every request of it (US-008, FR-042)."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.verified.results import Judged
from bc_lib.services.compliance.figures import Results
from bc_lib.services.compliance.report import Days, report
from bc_lib.services.compliance.tables import NOT_DRILLED, sheets
from bc_lib.services.evidence.standalone_pack import unpack
from tests.fixtures.evidence import Packs
from tests.fixtures.running import Running, drilled


def by(sheet: Any, column: str) -> dict[str, dict[str, str]]:
    """Rows by one of their cells."""
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
    return {row[column]: row for row in rows}


def test_drills_count_by_the_day_they_ended_with_the_figures_of_their_packs(
    running: Running, packs: Packs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A group's drill is its members'; a rehearsal is a request and no drill; without a pack nothing is known."""
    running.go(running.ready(RequestType.DRILL))
    request = drilled(running, "payments")
    today = running.world.gate.store.read.now().date()
    days = Days(first=today, last=today)
    known = Results()
    early = by(sheets(report(packs.store.read, days, known=known))[0], "name")
    assert early["payments"]["against RTO"] == "not known"
    packs.make()
    found = report(packs.store.read, days, known=known)
    assert found.results == report(packs.store.read, days).results, "a pack that came meanwhile is told"
    with monkeypatch.context() as shut:
        shut.setattr(packs.store.read, "files", None)
        assert report(packs.store.read, days, known=known).results == found.results, "no pack is opened twice"
    systems, drills, requests = (by(each, column) for each, column in zip(
        sheets(found), ("name", "resource", "request"), strict=True))  # fmt: skip
    assert found.never == ("reports-db",)
    assert systems["reports-db"]["result"] == NOT_DRILLED
    assert set(drills) == {"orders-db", "billing-db"}
    body = json.loads(unpack(packs.store.read.files(request.id, 0))[0]["pack.json"])
    ways = [body["rto"]["clients_could_not_write_s"], (body["rto"]["way_back"] or {"seconds": 0.0})["seconds"]]
    lost = "" if None in ways else f"{max(ways):g}"
    for row in (systems["payments"], systems["orders-db"], drills["billing-db"]):
        assert row["clients could not write (s)"] == lost
        assert row["result"] == "Succeeded"
    assert drills["orders-db"]["agreed"] == "Bea, Ian"
    assert drills["orders-db"]["evidence pack (SHA-256 of manifest)"] == packs.store.read.stored(request.id)[0].digest
    assert found.results[request.id].rto.judged is Judged(systems["payments"]["against RTO"])
    assert len(requests) == 2
    before = Days(first=today - timedelta(days=9), last=today - timedelta(days=1))
    assert report(packs.store.read, before).requests == ()
    assert len(report(packs.store.read, before).never) == len(found.systems)


def test_the_command_writes_what_the_report_says_and_that_is_audited(
    running: Running, packs: Packs, commands: Any, tmp_path: Path
) -> None:
    """CSV cells are no formulas; JSON holds the same; a reversed range is one sentence; nothing is overwritten."""
    running.world.ask(scope="reports-db", reason="=HYPERLINK(1)")
    drilled(running, "orders-db")
    packs.make()
    today = running.world.gate.store.read.now().date()
    say = ("compliance", "--from", str(today), "--to", str(today))
    assert "resource orders-db: Succeeded" in commands(*say)[1]
    packed, plain = tmp_path / "c.zip", tmp_path / "c.json"
    assert commands(*say, "--as", "vera", "-o", str(packed))[0] == 0
    assert commands(*say, "--as", "vera", "--format", "json", "-o", str(plain))[0] == 0
    tables = sheets(report(packs.store.read, Days(first=today, last=today)))
    with zipfile.ZipFile(packed) as files:
        for sheet in tables:
            rows = list(csv.reader(io.StringIO(files.read(f"{sheet.name}.csv").decode())))
            assert tuple(rows[0]) == sheet.columns
            cells = [cell for row in rows[1:] for cell in row]
            assert not any(cell[:1] in {"=", "+", "-", "@"} for cell in cells)
            assert [cell.removeprefix("'") for cell in cells] == [cell for row in sheet.rows for cell in row]
    body = json.loads(plain.read_bytes())
    for sheet in tables:
        assert [tuple(each[name] for name in sheet.columns) for each in body[sheet.name]] == list(sheet.rows)
    sql = running.world.database.sql
    told = sql("postgres", "SELECT count(*) FROM bc_audit.record WHERE body LIKE '%compliance.export%'")
    assert told[0][0] == 2
    code, said, _ = commands("compliance", "--from", str(today), "--to", str(today - timedelta(days=1)))
    assert (code, "before it begins" in said) == (3, True)
    running.world.set_roles("vera")
    assert commands(*say, "--as", "vera", "-o", str(tmp_path / "no.zip"))[0] == 3
    assert not (tmp_path / "no.zip").exists()
