"""Runbooks for paper: every resource, group and action, from what is stored; there when the database is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bc_lib import bootstrap, bootstrap_runbooks
from bc_lib.config import DbRole
from bc_lib.domain.assessment import Status
from bc_lib.domain.documents import Code, Facts, Table, Text
from bc_lib.domain.requests.states import RequestType
from bc_lib.integrations.documents.renderer import Documents
from bc_lib.services.own_health import HealthItem, own_health
from bc_lib.services.runbooks.paper import document
from bc_lib.services.runbooks.plans import runbooks
from bc_lib.store.reading import StatusReader
from tests.fixtures.commands import close_engines
from tests.fixtures.running import Running


def words(running: Running, name: str) -> str:
    """Everything a runbook says."""
    book = next(each.make() for each in runbooks(running.world.gate.store.read) if each.scope.name == name)
    return Documents().html(document(book)).decode()


def test_every_action_has_its_plan_or_says_why_not(running: Running) -> None:
    """Steps in order with the point of no return, who must agree, owners, commands with the phrase; no secret."""
    books = {each.scope.name: each.make() for each in runbooks(running.world.gate.store.read)}
    assert set(books) == {"payments", "orders-db", "billing-db", "reports-db"}
    payments = {each.kind: each for each in books["payments"].actions}
    assert set(payments) == set(RequestType)
    assert payments[RequestType.FAILBACK].plan is None
    said = words(running, "payments")
    for wanted in (
        "Owner of group payments",
        "1 Approver-IT, 1 Approver-Business",
        "POINT OF NO RETURN",
        "SWITCHOVER payments TO ams",
        "already",
        "bcctl run r-...",
        "Made 20",
    ):
        assert wanted in said, wanted
    assert "env:BC_TEST" not in said
    plan = payments[RequestType.SWITCHOVER].plan
    assert plan is not None
    places = [said.index(step.summary.replace("'", "&#39;")) for step in plan.steps]
    assert min(places) > 0


def test_planning_works_when_a_site_was_never_seen(running: Running) -> None:
    """It reads what is stored and asks nobody; what is not known is said."""
    running.world.database.sql("postgres", "DELETE FROM bc.current_status")
    said = words(running, "orders-db")
    assert "never seen" in said
    assert "Failover" in said


def test_kept_outside_the_database_and_copied_when_it_is_away(
    running: Running, commands: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job makes them all; the command makes new ones, and copies the kept ones where nothing answers."""
    keep, out = tmp_path / "kept", tmp_path / "out"
    keep.mkdir()
    (keep / "runbook-resource-gone-db.pdf").write_bytes(b"old")
    (keep / "notes.txt").write_text("mine")
    monkeypatch.setenv("BC_RUNBOOKS_DIR", str(keep))
    assert bootstrap_runbooks.refresh("host:1") == f"4 runbooks written, 1 removed in {keep}"
    names = {each.name for each in keep.iterdir()}
    assert "runbook-group-payments.pdf" in names
    assert names & {"notes.txt", "runbook-resource-gone-db.pdf"} == {"notes.txt"}
    assert commands("runbook", "payments", "-o", str(out))[0] == 0
    assert [each.name for each in out.iterdir()] == ["runbook-group-payments.pdf"]
    assert (out / "runbook-group-payments.pdf").read_bytes().startswith(b"%PDF")
    assert commands("runbook", "nothing-db", "-o", str(out))[0] == 2
    assert commands("runbook", "-o", str(out))[0] == 2
    close_engines()
    for role in ("UI", "READER", "RUNNER", "KEEPER"):
        monkeypatch.setenv(f"BC_DATABASE_URL_{role}", "postgresql+psycopg://nobody@127.0.0.1:9/bc")
    away = tmp_path / "away"
    code, said, _ = commands("runbook", "--all", "-o", str(away))
    assert (code, "these are kept ones, the oldest made" in said) == (4, True)
    assert {each.name for each in away.iterdir()} == {f"runbook-{each}.pdf" for each in (
        "group-payments", "resource-orders-db", "resource-billing-db", "resource-reports-db")}  # fmt: skip
    assert commands("runbook", "nothing-db", "-o", str(away))[0] == 4


def test_health_says_that_paper_is_fresh_and_when_it_could_not_be_made(
    running: Running, commands: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decision 14: paper is for the night when nothing else answers, so somebody watches that it is made."""

    def said() -> HealthItem:
        return next(item for item in own_health(reader) if item.name == "runbooks")

    reader = StatusReader(bootstrap.engine(DbRole.RUNNER))
    assert said().status is Status.NEVER_SEEN
    monkeypatch.setenv("BC_RUNBOOKS_DIR", str(tmp_path / "kept"))
    bootstrap_runbooks.refresh("host:1")
    assert said().status is Status.GREEN
    (tmp_path / "a-file").write_text("in the way")
    monkeypatch.setenv("BC_RUNBOOKS_DIR", str(tmp_path / "a-file"))
    with pytest.raises(RuntimeError, match="cannot be written"):
        bootstrap_runbooks.refresh("host:1")
    assert (said().status, "cannot be written to" in said().text) == (Status.YELLOW, True)


def test_every_block_is_of_plain_values(running: Running) -> None:
    """The rendering room gets text only: nothing there can become markup (A12)."""
    made = [document(book.make()) for book in runbooks(running.world.gate.store.read)]
    blocks = [block for one in made for section in one.sections for block in section.blocks]
    assert blocks
    assert [block for block in blocks if not isinstance(block, Text | Code | Facts | Table)] == []
