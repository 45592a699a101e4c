"""S: the superuser of the shared database, who also has the places of checkpoints, tampers; the log is found out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bc_lib.services.audit.signing import one_round
from bc_lib.services.audit.verify import finding_lines
from bc_lib.store.audit_signer import SignerBeat
from bc_lib.store.check import check_database
from tests.fixtures.audit_log import MUTATIONS, AuditLogUnderTest, make_log
from tests.fixtures.database import Database

CUT = (
    "DELETE FROM bc_audit.record WHERE seq > 30;"
    "UPDATE bc_audit.head SET seq = 30, hash = (SELECT hash FROM bc_audit.record WHERE seq = 30)"
)
REWRITTEN = next(row[1] for row in MUTATIONS if row[0].startswith("rewrite"))
OLD = "UPDATE bc.component_beat SET details = jsonb_set(details, '{signed_to}', '30') WHERE component = 'audit-signer'"
AGED = (  # the whole log is years older, its chain intact
    "DO $$ DECLARE r record; last bytea := decode(repeat('00', 32), 'hex'); line text; BEGIN"
    " FOR r IN SELECT * FROM bc_audit.record ORDER BY seq LOOP"
    '  line := regexp_replace(r.body, \'"at": "20[0-9]{2}\', \'"at": "2001\');'
    "  UPDATE bc_audit.record SET prev_hash = last, body = line, hash = sha256(last || convert_to(line, 'UTF8'))"
    "   WHERE seq = r.seq RETURNING hash INTO last; END LOOP; UPDATE bc_audit.head SET hash = last; END $$"
)


def sealed(log: AuditLogUnderTest) -> None:
    """Three checkpoints, of records 30, 33 and 36; the signer has told of each."""
    beat = SignerBeat(log.database.engine("bc_signer"))
    for count in (0, 3, 3):
        log.fill(count)
        assert one_round(log.signer(), beat, SQLAlchemyError).trouble is None
    assert finding_lines(log.verify()) == []


def forget(log: AuditLogUnderTest) -> None:
    """Verified elsewhere: the signer's memory is not there."""
    shutil.rmtree(log.folder / "signer")


def keep(log: AuditLogUnderTest, newest: int) -> None:
    """Only the oldest checkpoints stay."""
    for path in sorted((log.folder / "checkpoints").iterdir())[newest:]:
        path.unlink()


def cut_with_checkpoints(log: AuditLogUnderTest) -> None:
    log.tamper(CUT)
    keep(log, 1)


def one_old_copy(log: AuditLogUnderTest) -> None:
    """Database (its signs of life too) and checkpoints come from one moment; the signer's machine does not."""
    cut_with_checkpoints(log)
    with log.database.engine("postgres").begin() as connection:
        connection.exec_driver_sql("ALTER TABLE bc.component_beat DISABLE TRIGGER ALL")
        connection.exec_driver_sql(OLD)


def cut_seen_by_the_beat(log: AuditLogUnderTest) -> None:
    cut_with_checkpoints(log)
    forget(log)


def all_checkpoints_gone(log: AuditLogUnderTest) -> None:
    keep(log, 0)


def all_gone_nobody_remembers(log: AuditLogUnderTest) -> None:
    """No memory and no sign of life either: the age of the records tells."""
    log.tamper(AGED)
    keep(log, 0)
    forget(log)
    log.database.sql("postgres", "TRUNCATE bc.component_beat")


def rewritten_and_checkpoints_gone(log: AuditLogUnderTest) -> None:
    log.tamper(REWRITTEN)
    keep(log, 0)


def rewritten_behind_a_checkpoint(log: AuditLogUnderTest) -> None:
    log.tamper(REWRITTEN.replace("seq = 11", "seq = 31").replace("12", "32"))
    keep(log, 1)


def memory_replaced(log: AuditLogUnderTest) -> None:
    path = log.folder / "signer" / "last.json"
    path.chmod(0o600)
    path.write_text(path.read_text().replace('"first":34', '"first":64'))


def refused(log: AuditLogUnderTest) -> None:
    """The signer saw that the end was gone; afterwards the records are put back by hand."""
    SignerBeat(log.database.engine("bc_signer")).beat(36, "Record 36 was signed and is gone.")


CUTS: list[tuple[Callable[[AuditLogUnderTest], None], str]] = [
    (cut_with_checkpoints, "Record 36 was signed and is gone"),
    (one_old_copy, "Record 36 was signed and is gone"),
    (cut_seen_by_the_beat, "Record 36 was signed and is gone"),
    (all_checkpoints_gone, "signed up to record 36, and the places end at none"),
    (all_gone_nobody_remembers, "No checkpoint covers records 1 to 36"),
    (rewritten_and_checkpoints_gone, "Record 34 is not what the signer of this machine signed"),
    (rewritten_behind_a_checkpoint, "Record 34 is not what the signer of this machine signed"),
    (memory_replaced, "its memory was changed"),
    (refused, "The signer refuses to go on: Record 36"),
]


@pytest.mark.parametrize(("tamper", "sentence"), CUTS, ids=[row[0].__name__ for row in CUTS])
def test_what_goes_with_its_checkpoints_is_found(
    database: Database, tmp_path: Path, tamper: Callable[[AuditLogUnderTest], None], sentence: str
) -> None:
    """Each was called sound, or had a note only."""
    log = make_log(database, tmp_path)
    sealed(log)
    tamper(log)
    assert sentence in " ".join(finding_lines(log.verify()))


HIDDEN = [
    ("ALTER TABLE bc_audit.record ENABLE ROW LEVEL SECURITY", "Row-level security is on for bc_audit.record"),
    ("ALTER TABLE bc_audit.head FORCE ROW LEVEL SECURITY", "Row-level security is on for bc_audit.head"),
    ("ALTER TABLE bc.freeze ENABLE ROW LEVEL SECURITY", "Row-level security is on for bc.freeze"),
    (
        "CREATE POLICY a ON bc_audit.record USING (current_user = 'bc_reader' OR seq <> 11)",
        "The policy a stands on bc_audit.record",
    ),
    ("CREATE POLICY b ON bc.vote USING (true)", "The policy b stands on bc.vote"),
    ("CREATE RULE a AS ON INSERT TO bc_audit.record DO INSTEAD NOTHING", "The rule a stands on bc_audit.record"),
    ("CREATE RULE b AS ON UPDATE TO bc.freeze DO INSTEAD NOTHING", "The rule b stands on bc.freeze"),
    ("CREATE TABLE public.more () INHERITS (bc_audit.record)", "more hands its rows to bc_audit.record"),
    ("CREATE TABLE public.more () INHERITS (bc.vote)", "more hands its rows to bc.vote"),
    ("CREATE TABLE bc.more () INHERITS (bc.vote)", "bc.more hands its rows to bc.vote"),
    ("CREATE VIEW bc_audit.more AS SELECT 1 AS one", "There is a view bc_audit.more"),
    ("CREATE VIEW bc.more AS SELECT 1 AS one", "There is a view bc.more"),
]


@pytest.mark.parametrize(("statement", "sentence"), HIDDEN)
def test_what_hides_rows_is_found(database: Database, tmp_path: Path, statement: str, sentence: str) -> None:
    """`bcctl db check` tells of both schemas, `bcctl audit verify` of the log's."""
    log = make_log(database, tmp_path)
    sealed(log)
    reader = database.engine("bc_reader")
    assert check_database(reader) == []
    database.sql("postgres", statement)
    assert sentence in " ".join(check_database(reader))
    told = sentence in " ".join(finding_lines(log.verify()))
    assert told == ("bc_audit" in statement)


@pytest.mark.parametrize("owner", ["bc_audit_owner", "bc_guard_owner", "pg_write_all_data", "bc_keeper"])
def test_a_membership_is_found(database: Database, tmp_path: Path, owner: str) -> None:
    log = make_log(database, tmp_path)
    sealed(log)
    database.sql("postgres", f"GRANT {owner} TO bc_ui")
    try:
        expected = f"The role bc_ui is a member of {owner}"
        assert expected in " ".join(check_database(database.engine("bc_reader")))
        assert expected in " ".join(finding_lines(log.verify()))
    finally:
        database.sql("postgres", f"REVOKE {owner} FROM bc_ui")
