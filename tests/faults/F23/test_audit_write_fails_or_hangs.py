"""F23: the audit write fails or hangs: the action is refused within 2 s and undone; monitoring goes on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bc_lib.domain.assessment import Status
from bc_lib.ports.audit import AuditUnavailable
from bc_lib.store.audit import OwnTransactionAuditLog, append
from bc_lib.store.leases import Leases
from bc_lib.store.monitoring import MonitoringStore
from bc_lib.testing.builders import round_of
from tests.fixtures.audit_log import entry, make_log
from tests.fixtures.database import Database

LIMIT_S = 2.0
ACT = "UPDATE bc.inventory_revision SET revision = revision + 1"


@contextmanager
def end_locked(database: Database) -> Iterator[None]:
    """Another writer appended and does not commit."""
    with database.engine("bc_runner").connect() as other, other.begin() as held:
        append(other, entry())
        yield
        held.rollback()


@contextmanager
def table_locked(database: Database) -> Iterator[None]:
    """Somebody works on the table."""
    with database.engine("postgres").connect() as other, other.begin() as held:
        other.exec_driver_sql("LOCK TABLE bc_audit.record IN ACCESS EXCLUSIVE MODE")
        yield
        held.rollback()


@contextmanager
def slow_insert(database: Database) -> Iterator[None]:
    """The write itself takes for ever."""
    database.sql(
        "postgres",
        "CREATE FUNCTION bc_audit.slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END'",
    )
    database.sql(
        "postgres", "CREATE TRIGGER slow BEFORE INSERT ON bc_audit.record FOR EACH ROW EXECUTE FUNCTION bc_audit.slow()"
    )
    yield


@contextmanager
def failing(database: Database) -> Iterator[None]:
    """The write fails."""
    database.sql("postgres", "ALTER TABLE bc_audit.record ADD CONSTRAINT full_disk CHECK (seq < 0) NOT VALID")
    yield


@contextmanager
def gone(database: Database) -> Iterator[None]:
    """The log is not there."""
    database.sql("postgres", "ALTER FUNCTION bc_audit.append(jsonb) RENAME TO other")
    yield


@pytest.mark.parametrize("trouble", [end_locked, table_locked, slow_insert, failing, gone])
def test_refused_within_two_seconds(database: Database, trouble: Callable[[Database], object]) -> None:
    """No audit, no change; and the poller's rounds are recorded meanwhile."""
    store = MonitoringStore(database.engine("bc_poller"), lambda _notice: [])
    lease = Leases(database.engine("bc_poller")).acquire("poller/0", "me", 60)
    assert lease is not None
    database.sql("bc_ui", "SELECT 1")
    with trouble(database):  # type: ignore[attr-defined]
        began = time.monotonic()
        with pytest.raises(AuditUnavailable, match="nothing was done"), database.engine("bc_ui").begin() as connection:
            connection.exec_driver_sql(ACT)
            append(connection, entry())
        assert time.monotonic() - began < LIMIT_S
        began = time.monotonic()
        with pytest.raises(AuditUnavailable):
            OwnTransactionAuditLog(database.engine("bc_runner")).append(entry())
        assert time.monotonic() - began < LIMIT_S
        began = time.monotonic()
        store.record([round_of("orders-db", store.now(), Status.GREEN)], lease)
        assert time.monotonic() - began < LIMIT_S
    assert database.sql("bc_ui", "SELECT revision FROM bc.inventory_revision") == [(0,)]


@pytest.mark.needs("root")
def test_a_frozen_server_process(database: Database) -> None:
    """Time-outs of the server do not help where it does not run any more: the connection is cut."""
    with database.engine("bc_ui").connect() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            with pytest.raises(AuditUnavailable):
                append(connection, entry())
            assert time.monotonic() - began < LIMIT_S + 0.1
        finally:
            os.kill(pid, signal.SIGCONT)


def test_recovers(database: Database, tmp_path: Path) -> None:
    """After the trouble the log goes on without a gap, and the session's own time-out is what it was."""
    log = make_log(database, tmp_path)
    with end_locked(database), pytest.raises(AuditUnavailable), database.engine("bc_ui").begin() as connection:
        append(connection, entry())
    with database.engine("bc_ui").begin() as connection:
        append(connection, entry())
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar_one() == "15s"
    log.sign()
    found = log.verify()
    assert found.sound
    assert found.chain.end[0] == 31


def test_only_read_committed(database: Database) -> None:
    """An older snapshot would not see the end of the log: refused with a sentence, not a gap."""
    engine = database.engine("bc_ui").execution_options(isolation_level="REPEATABLE READ")
    with pytest.raises(AuditUnavailable), engine.begin() as connection:
        append(connection, entry())
