"""Exports: TC-050, TC-051, FR-042."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from bc_lib.domain.audit import COLUMNS, AuditActor, AuditFilter, neutral
from bc_lib.ports.audit import AuditUnavailable
from bc_lib.services.audit.export import VERIFIER, Export, Form, export
from bc_lib.services.audit.view import view
from bc_lib.store.audit import OwnTransactionAuditLog, append
from tests.fixtures.audit_log import MUTATIONS, OLGA, AuditLogUnderTest, entry, make_log
from tests.fixtures.database import Database


@pytest.fixture
def log(database: Database, tmp_path: Path) -> AuditLogUnderTest:
    """Thirty records."""
    return make_log(database, tmp_path)


def take(log: AuditLogUnderTest, wanted: AuditFilter, form: Form, folder: Path) -> Export:
    """Export as bc_ui and write the files to `folder`."""
    found = export(
        log.reader("bc_ui"),
        OwnTransactionAuditLog(log.database.engine("bc_ui")),
        log.checkpoints,
        wanted,
        form,
        actor=OLGA,
        channel="cli",
    )
    folder.mkdir(exist_ok=True)
    for name, content in found.files.items():
        (folder / name).write_bytes(content)
    return found


def bare(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The verifier under a Python without packages."""
    name = next(path.name for path in folder.iterdir() if path.name in ("audit.csv", "audit.json"))
    return subprocess.run(
        [sys.executable, "-I", "-S", VERIFIER, name, *more], cwd=folder, capture_output=True, text=True, check=False
    )


def all_lines(log: AuditLogUnderTest, wanted: AuditFilter) -> list[tuple[str, ...]]:
    """Every page of the view, oldest first."""
    page = view(log.reader("bc_ui"), wanted, size=7)
    lines = list(page.lines)
    while page.older is not None:
        page = view(log.reader("bc_ui"), page.wanted, before=page.older, size=7)
        lines += page.lines
    return lines[::-1]


def rows_of(found: Export, form: Form) -> list[tuple[str, ...]]:
    """The readable part of an export."""
    content = next(iter(found.files.values())).decode()
    if form is Form.JSON:
        return [tuple(row[name] for name in COLUMNS) for row in json.loads(content)["records"]]
    return [tuple(row[: len(COLUMNS)]) for row in list(csv.reader(io.StringIO(content, newline="")))[1:]]


@pytest.mark.parametrize("form", Form)
def test_equals_the_view_for_every_filter(log: AuditLogUnderTest, tmp_path: Path, form: Form) -> None:
    """TC-051: by dates and system, what the page shows is what the export holds, and the export proves itself."""
    log.sign()
    middle = log.database.sql("bc_ui", "SELECT at::timestamptz FROM bc_audit.record WHERE seq = 15")[0][0]
    assert isinstance(middle, datetime)
    head = 30
    for number, wanted in enumerate(
        (
            AuditFilter(upto=head),
            AuditFilter(system="billing-db", upto=head),
            AuditFilter(start=middle, upto=head),
            AuditFilter(end=middle, system="orders-db"),
            AuditFilter(system="nothing", upto=head),
        )
    ):
        found = take(log, wanted, form, tmp_path / str(number))
        shown = all_lines(log, wanted)
        assert rows_of(found, form) == [tuple(map(neutral, line)) if form is Form.CSV else line for line in shown]
        assert found.records == len(shown)
        done = bare(tmp_path / str(number), "--key", log.key.public)
        assert done.returncode == 0, done.stdout + done.stderr
    assert all_lines(log, AuditFilter(end=middle, upto=head))[-1][0] == "14"  # up to, not including


def test_a_group_act_is_found_by_its_members(log: AuditLogUnderTest) -> None:
    """An auditor who filters for a resource sees what was done to its group."""
    with log.database.engine("bc_ui").begin() as connection:
        append(connection, entry(system="payments", members=("orders-db", "billing-db"), verb="request.approve"))
    for system in ("payments", "orders-db", "billing-db"):
        assert view(log.reader(), AuditFilter(system=system)).lines[0][3] == "request.approve"


def test_formulas_are_neutralised(log: AuditLogUnderTest, tmp_path: Path) -> None:
    """No cell of a spreadsheet begins a formula; the record as stored stays exact."""
    nasty = [
        '=cmd|" /C calc"!A0',
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\n=1",
        "  =1",
        'a,b"c\r\nd',
        "ñ\u202e",
        "%x",
        "'ok",
    ]
    with log.database.engine("bc_ui").begin() as connection:
        for text in nasty:
            append(connection, entry(actor=AuditActor(name=text), reason_code=text, payload={"=x": text}))
    log.sign()
    found = take(log, AuditFilter(), Form.CSV, tmp_path / "csv")
    content = found.files["audit.csv"].decode()
    for row in list(csv.reader(io.StringIO(content, newline="")))[1:]:
        for cell in row:
            assert cell.lstrip(" ")[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n"), cell
    assert bare(tmp_path / "csv").returncode == 0
    assert [line[5] for line in all_lines(log, AuditFilter(upto=42))[-12:]] == nasty


def test_an_export_is_itself_audited_or_refused(log: AuditLogUnderTest, tmp_path: Path) -> None:
    """FR-040: who took what; where that cannot be recorded nothing is handed out."""
    take(log, AuditFilter(system="orders-db"), Form.JSON, tmp_path / "x")
    last = view(log.reader(), AuditFilter()).lines[0]
    assert (last[3], last[4], last[9]) == ("audit.export", "p-olga", "orders-db")
    log.database.sql("postgres", "ALTER FUNCTION bc_audit.append(jsonb) RENAME TO other")
    with pytest.raises(AuditUnavailable):
        take(log, AuditFilter(), Form.JSON, tmp_path / "y")


TAMPER = [
    (
        "changed text",
        lambda lines: [line.replace("Olga", "Anna") if line.startswith("12,") else line for line in lines],
        "Record 12",
    ),
    (
        "changed cell",
        lambda lines: [line.replace(",recorded,", ",denied,", 1) if line.startswith("12,") else line for line in lines],
        "Record 12",
    ),
    ("removed", lambda lines: [line for line in lines if not line.startswith("12,")], "Record 12 is missing"),
    (
        "removed at the end",
        lambda lines: [line for line in lines if not line.startswith("30,")],
        "Record 30 is missing",
    ),
    ("swapped", lambda lines: [*lines[:12], lines[13], lines[12], *lines[14:]], "Record 12 was moved"),
    ("doubled", lambda lines: [*lines[:13], lines[12], *lines[13:]], "Record 12 stands there twice"),
]


@pytest.mark.parametrize(("name", "change", "sentence"), TAMPER, ids=[row[0] for row in TAMPER])
def test_a_changed_export_is_found(
    log: AuditLogUnderTest, tmp_path: Path, name: str, change: object, sentence: str
) -> None:
    """The single file says which record, and how."""
    log.sign()
    take(log, AuditFilter(upto=30), Form.CSV, tmp_path / "csv")
    path = tmp_path / "csv" / "audit.csv"
    lines = path.read_bytes().decode().split("\r\n")
    path.write_bytes("\r\n".join(change(lines)).encode())  # type: ignore[operator]
    done = bare(tmp_path / "csv", "--key", log.key.public)
    assert done.returncode == 1
    assert sentence in done.stdout


def test_a_consistent_forgery_needs_the_checkpoints(log: AuditLogUnderTest, tmp_path: Path) -> None:
    """Someone who computes all hashes anew is found by the signature; someone who signs anew, by the key."""
    log.sign()
    log.tamper(next(row[1] for row in MUTATIONS if row[0].startswith("rewrite")))
    take(log, AuditFilter(upto=30), Form.JSON, tmp_path / "json")
    done = bare(tmp_path / "json")
    assert "Record 12 is not what a signed checkpoint says" in done.stdout
    assert "is signed with another key" in bare(tmp_path / "json", "--key", "ab" * 32).stdout
    chain = tmp_path / "json" / "audit.json"
    whole = json.loads(chain.read_text())
    whole["chain"]["checkpoints"][0]["hashes"][11] = whole["records"][11]["hash"]
    chain.write_text(json.dumps(whole))
    assert "its signature does not hold" in bare(tmp_path / "json").stdout


def test_bad_input_is_a_sentence(tmp_path: Path) -> None:
    """Not an export: exit 2, one sentence, no traceback."""
    for content in (b"", b"{}", b"a,b\r\n1,2\r\n", b"\xff\xfe"):
        for name in ("audit.json", "audit.csv"):
            folder = tmp_path / f"{name}{len(content)}{content[:1].hex()}"
            folder.mkdir()
            (folder / name).write_bytes(content)
            (folder / "audit.csv.chain.json").write_bytes(b"[]")
            (folder / VERIFIER).write_bytes(Path("bc_lib/services/audit/standalone_verify.py").read_bytes())
            done = bare(folder)
            assert done.returncode == 2, done
            assert "Traceback" not in done.stderr
