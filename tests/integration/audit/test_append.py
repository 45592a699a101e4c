"""Appending on a real database (FR-040, FR-041, decision 9)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bc_lib.domain.audit import AuditEntry, Kind, cells, system_actor
from bc_lib.ports.audit import AuditUnavailable
from bc_lib.store.admin import initialise
from bc_lib.store.audit import OwnTransactionAuditLog, append
from tests.fixtures.audit_log import entry, make_log
from tests.fixtures.database import PASSWORDS, Database


def test_many_writers_one_chain(database: Database, tmp_path: Path) -> None:
    """Eight writers at once, some of whom roll back: no gap, no fork, no number twice."""
    log = make_log(database, tmp_path)
    engine = database.engine("bc_ui")

    def write(number: int) -> int:
        with engine.connect() as connection, connection.begin() as transaction:
            given = append(connection, entry(number))
            if number % 5 == 0:
                transaction.rollback()
                return 0
        return given

    with ThreadPoolExecutor(8) as pool:
        numbers = [number for number in pool.map(write, range(200)) if number]
    assert sorted(numbers) == list(range(31, 31 + 160))
    log.sign()
    assert log.verify().sound


def test_the_record_is_what_was_said_and_stamped(database: Database) -> None:
    """TC-050: actor, time, payload, outcome, reason; odd characters included."""
    odd = "ñ \" \\ \n \u2028 \u202e \0 \ud800 '; DROP TABLE x; --"
    said = AuditEntry(
        kind=Kind.DENIED,
        verb="request.approve",
        actor=system_actor("expiry"),
        channel="ui",
        system="orders-db",
        request_id="r-1",
        reason_code="SELF_APPROVAL",
        outcome="refused",
        payload={
            "text": odd,
            "number": 1.5,
            "not": float("nan"),
            "at": datetime(2026, 1, 1, tzinfo=UTC),
            "list": (1, 2),
        },
    )
    number = OwnTransactionAuditLog(database.engine("bc_ui")).append(said)
    row = database.sql("bc_reader", "SELECT body, at FROM bc_audit.record WHERE seq = :n", n=number)[0]
    line = cells(str(row[0]).encode())
    assert line[2:4] == ("denied", "request.approve")
    # No request of that number is known, so there is no type and no target to stamp.
    assert line[9:17] == ("orders-db", "", "r-1", "", "", "refused", "SELF_APPROVAL", "bc_ui")
    assert line[1] == row[1]
    assert "DROP TABLE" in line[-1]


@pytest.mark.parametrize("bad", [{"verb": "Bad Verb"}, {"verb": ""}, {"payload": {"x": "y" * 17_000_000}}])
def test_what_is_no_entry_is_refused(database: Database, bad: dict[str, object]) -> None:
    """Nothing malformed gets into the chain."""
    with pytest.raises(AuditUnavailable):
        OwnTransactionAuditLog(database.engine("bc_ui")).append(entry(**bad))


def test_made_again_it_stays_as_it_is(database: Database, tmp_path: Path) -> None:
    """`bcctl db init` may run any number of times; the log goes on, and guards that were switched off stand again."""
    log = make_log(database, tmp_path)
    log.sign()
    database.sql("postgres", "ALTER TABLE bc_audit.record DISABLE TRIGGER ALL")
    database.sql("postgres", "GRANT UPDATE ON bc_audit.record TO bc_ui")
    assert len(log.verify().troubles) == 3
    initialise(database.url("postgres"), PASSWORDS, database=database.name)
    log.fill(1)
    assert log.verify().sound
    assert log.sign() == 31
