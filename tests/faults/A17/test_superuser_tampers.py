"""A17, TC-052, SEC-003: a superuser who switches the guards off is found, with the number of the record and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from bc_lib.services.audit.checkpoint import SigningRefused
from bc_lib.services.audit.verify import finding_lines
from tests.fixtures.audit_log import MUTATIONS, make_log
from tests.fixtures.database import Database


@pytest.mark.parametrize(("name", "statements", "number", "wrong"), MUTATIONS, ids=[row[0] for row in MUTATIONS])
def test_twelve_mutations(
    database: Database, tmp_path: Path, name: str, statements: str, number: int, wrong: str
) -> None:
    """Twelve mutations, twelve findings: exactly one each, and the signer goes no further."""
    log = make_log(database, tmp_path)
    assert log.sign() == 30
    assert finding_lines(log.verify()) == []
    log.tamper(statements)
    found = log.verify()
    assert [(finding.number, finding.wrong.value) for finding in found.chain.findings] == [(number, wrong)], (
        finding_lines(found)
    )
    assert str(number) in found.chain.findings[0].text
    assert not found.troubles


@pytest.mark.parametrize(
    "name", ["truncate", "cut the tail", "append a forged one by hand", "rewrite the whole chain from 12"]
)
def test_the_signer_refuses_what_is_no_extension(database: Database, tmp_path: Path, name: str) -> None:
    """Decision 9: only an extension of what was signed last is signed."""
    log = make_log(database, tmp_path)
    log.sign()
    log.tamper(next(row[1] for row in MUTATIONS if row[0] == name))
    if name not in ("append a forged one by hand", "truncate"):
        log.fill(5, first=100)
    before = log.checkpoints.last()
    with pytest.raises(SigningRefused):
        log.sign()
    assert log.checkpoints.last() == before


def test_a_rewrite_between_two_checkpoints_names_where_it_begins(database: Database, tmp_path: Path) -> None:
    """The checkpoint names each record's hash: the first record that was rewritten is named, not only the range."""
    log = make_log(database, tmp_path)
    log.sign()
    log.fill(20, first=200)
    log.sign()
    log.tamper(next(row[1] for row in MUTATIONS if row[0].startswith("rewrite")))
    assert [(found.number, found.last) for found in log.verify().chain.findings] == [(12, 50)]


def test_guards_left_off_are_named(database: Database, tmp_path: Path) -> None:
    """A guard that is off, replaced or opened is a finding of its own."""
    log = make_log(database, tmp_path)
    for statement in (
        "ALTER TABLE bc_audit.record DISABLE TRIGGER refuse",
        "CREATE OR REPLACE FUNCTION bc_audit.guard_head() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "GRANT UPDATE ON bc_audit.record TO bc_ui",
        "DROP TRIGGER guard_record ON bc_audit.record",
        "ALTER TABLE bc_audit.head OWNER TO bc_owner",
    ):
        before = len(log.verify().troubles)
        database.sql("postgres", statement)
        assert len(log.verify().troubles) > before, statement


def test_columns_to_search_by_are_checked(database: Database, tmp_path: Path) -> None:
    """A record cannot be hidden from a filter: its search columns follow from it, and leave a trace where they do not."""
    log = make_log(database, tmp_path)
    with pytest.raises(Exception, match="can only be updated to DEFAULT"):
        log.tamper("UPDATE bc_audit.record SET systems = '{}' WHERE seq = 7")
    for column in ("at", "systems", "request_id"):
        log.tamper(f"ALTER TABLE bc_audit.record ALTER COLUMN {column} DROP EXPRESSION")
        assert any(f"The column {column} " in line for line in log.verify().troubles)
