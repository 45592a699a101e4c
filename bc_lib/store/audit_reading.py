"""Reading the audit log: at one moment, streaming, as stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Engine

from bc_lib.domain.audit import AuditFilter, AuditRow, Head
from bc_lib.store import audit_admin
from bc_lib.store.script import driver

BATCH = 5000
PERSON = "lower(%s) = ANY(SELECT lower(r.body::jsonb->'actor'->>key) FROM unnest('{name,subject,person}'::text[]) key)"
OUTCOME = "lower(%s) = ANY(SELECT lower(r.body::jsonb->>key) FROM unnest('{outcome,reason_code,kind}'::text[]) key)"
ROW = sql.SQL("SELECT r.seq, r.prev_hash, convert_to(r.body, 'UTF8'), r.hash FROM bc_audit.record r ")


class AuditReader:
    """Implements ports.audit.AuditReader as bc_ui, bc_runner, bc_keeper, bc_signer or bc_reader."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def snapshot(self) -> Iterator[AuditSnapshot]:
        """See the port."""
        with (
            self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
            connection.begin(),
        ):
            yield AuditSnapshot(connection)

    def guards(self) -> Sequence[str]:
        """See the port."""
        with self._engine.connect() as connection:
            return audit_admin.troubles(connection)


class AuditSnapshot:
    """Implements ports.audit.AuditSnapshot."""

    def __init__(self, connection: Connection) -> None:
        self._connection = driver(connection)
        self._number = 0
        # A whole log may take longer than a page may.
        self._connection.execute("SET LOCAL statement_timeout = 0")

    def head(self) -> Head:
        """See the port."""
        row = self._connection.execute("SELECT log::text, seq, hash FROM bc_audit.head").fetchone()
        if row is None:
            raise LookupError("The database keeps no end of the audit log any more.")
        return Head(row[0], int(row[1]), bytes(row[2]))

    def rows(self, after: int = 0) -> Iterator[AuditRow]:
        """See the port."""
        return self._stream(ROW + sql.SQL("WHERE r.seq > %s ORDER BY r.seq"), [after])

    def matching(
        self, wanted: AuditFilter, *, limit: int | None = None, before: int | None = None, newest_first: bool = False
    ) -> Iterator[AuditRow]:
        """See the port."""
        parts, values = [sql.SQL("true")], []
        for condition, value in (
            ("r.at >= %s", _stored(wanted.start)),
            ("r.at < %s", _stored(wanted.end)),
            ("r.systems @> ARRAY[%s]::text[]", wanted.system),
            ("r.request_id = %s", wanted.request),
            ("r.body::jsonb->>'request_type' = %s", wanted.request_type),
            ("r.body::jsonb->>'target_site' = %s", wanted.target),
            (PERSON, wanted.person),
            (OUTCOME, wanted.outcome),
            ("r.seq <= %s", wanted.upto),
            ("r.seq < %s", before),
        ):
            if value is not None:
                parts.append(sql.SQL(condition))
                values.append(value)
        order = sql.SQL("ORDER BY r.seq DESC " if newest_first else "ORDER BY r.seq ")
        most = sql.SQL("LIMIT {}").format(sql.Literal(limit)) if limit is not None else sql.SQL("")
        return self._stream(
            ROW + sql.SQL("WHERE ") + sql.SQL(" AND ").join(parts) + sql.SQL(" ") + order + most, values
        )

    def links(self, first: int, last: int) -> Iterator[tuple[int, bytes]]:
        """See the port."""
        statement = sql.SQL("SELECT r.seq, r.hash FROM bc_audit.record r WHERE r.seq BETWEEN %s AND %s ORDER BY r.seq")
        yield from self._batches(statement, [first, last])

    def _stream(self, statement: sql.Composed, values: Sequence[Any]) -> Iterator[AuditRow]:
        return map(AuditRow._make, self._batches(statement, values))

    def _batches(self, statement: sql.Composable, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        self._number += 1
        with self._connection.cursor(name=f"bc_audit_{self._number}", binary=True) as cursor:
            cursor.itersize = BATCH
            cursor.execute(statement, values)
            while batch := cursor.fetchmany(BATCH):
                yield from batch


def _stored(moment: datetime | None) -> str | None:
    """A time as records state it: of fixed width, so that text order is time order."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
