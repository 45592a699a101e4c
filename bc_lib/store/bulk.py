"""Many rows in one statement: COPY where rows are only added, arrays where they may exist already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, text

from bc_lib.store.script import driver
from bc_lib.store.tables import SCHEMA


def copy_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add `rows` to `table` by COPY."""
    statement = sql.SQL("COPY {}.{} ({}) FROM STDIN").format(
        sql.Identifier(SCHEMA), sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def with_rows(
    connection: Connection, statement: str, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]], **more: Any
) -> None:
    """Run `statement`, in which `{rows}` stands for `rows` as a table with `columns` (name to type).

    Names and types are constants of ours; values travel as array parameters. Nothing happens without rows.
    """
    if not rows:
        return
    arrays = ", ".join(f"CAST(CAST(:{name} AS text[]) AS {kind}[])" for name, kind in columns.items())
    table = f"unnest({arrays}) AS given({', '.join(columns)})"
    values = {name: [_word(row.get(name)) for row in rows] for name in columns}
    connection.execute(text(statement.replace("{rows}", table)), {**values, **more})


def _word(value: Any) -> str | None:
    return None if value is None else str(value)
