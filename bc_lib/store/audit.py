"""Writing the audit log: one record in the caller's transaction, or a refusal within two seconds (F23)."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from bc_lib.domain.audit import AuditEntry
from bc_lib.ports.audit import AuditUnavailable
from bc_lib.store.codec import dumps
from bc_lib.store.script import driver

STATEMENT_LIMIT_MS = 1600
CUT_AFTER_S = 1.9
LIMIT = text("SELECT current_setting('statement_timeout'), set_config('statement_timeout', :limit, true)")
APPEND = text("SELECT bc_audit.append(CAST(:entry AS jsonb)), set_config('statement_timeout', :before, true)")


class TransactionAuditLog:
    """Implements ports.audit.AuditLog within the transaction of `connection`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, entry: AuditEntry) -> int:
        """See the port."""
        return append(self._connection, entry)


class OwnTransactionAuditLog:
    """Implements ports.audit.AuditLog in transactions of its own, for denials and failures: their act was undone."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def append(self, entry: AuditEntry) -> int:
        """See the port; the record is committed when this returns."""
        try:
            with self._engine.begin() as connection:
                return append(connection, entry)
        except SQLAlchemyError as error:
            raise _unavailable(error) from error


def append(connection: Connection, entry: AuditEntry) -> int:
    """Write one record in the connection's transaction; its number. Raises AuditUnavailable within 2 s.

    The statement's own time-out serves while the server answers; where it does not, the connection is cut.
    """
    try:
        with _cut(connection):
            before = connection.execute(LIMIT, {"limit": str(STATEMENT_LIMIT_MS)}).one()[0]
            number = connection.execute(APPEND, {"entry": dumps(_words(entry)), "before": before}).scalar_one()
    except SQLAlchemyError as error:
        raise _unavailable(error) from error
    return int(number)


def _words(entry: AuditEntry) -> dict[str, object]:
    actor = entry.actor
    return {
        "kind": entry.kind.value,
        "verb": entry.verb,
        "channel": entry.channel,
        "system": entry.system,
        "members": list(entry.members),
        "request_id": entry.request_id,
        "reason_code": entry.reason_code,
        "outcome": entry.outcome,
        "payload": dict(entry.payload),
        "actor": {"person": actor.person, "issuer": actor.issuer, "subject": actor.subject, "name": actor.name},
    }


@contextmanager
def _cut(connection: Connection) -> Iterator[None]:
    """Shuts the connection's socket after CUT_AFTER_S, so that nobody waits for a server that hangs."""
    line = socket.socket(fileno=os.dup(driver(connection).pgconn.socket))
    timer = threading.Timer(CUT_AFTER_S, _shut, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        line.close()


def _shut(line: socket.socket) -> None:
    with suppress(OSError):  # closed meanwhile
        line.shutdown(socket.SHUT_RDWR)


def _unavailable(error: SQLAlchemyError) -> AuditUnavailable:
    cause = type(getattr(error, "orig", None) or error).__name__
    return AuditUnavailable(
        f"The audit log cannot be written ({cause}), so nothing was done. Try again; if it stays, see Health."
    )
