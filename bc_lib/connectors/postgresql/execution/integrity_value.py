"""One value of an integrity check at one site, refused where the site would show less than there is.

Two sites that hide the same rows agree about nothing: what filters (row-level security, a view) or reads elsewhere (a
foreign table, another search_path) makes a comparison impossible, not good.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

from bc_lib.connectors.postgresql.errors import to_trouble
from bc_lib.connectors.postgresql.execution.link import Link
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.inventory import CheckKind, IntegrityCheck
from bc_lib.domain.observation import Reach
from bc_lib.domain.words import one_line

VALUE_S, MAX_VALUE = 60.0, 200
# row_security = off has the server refuse a query that a policy would filter. The rest: a value's text must not depend
# on one server's own settings.
SNAPSHOT = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL row_security = off; "
    "SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL lc_monetary = 'C'"
)
CHECKSUM = (
    "SELECT pg_catalog.count(*)::text || ':' || COALESCE(pg_catalog.sum(('x' || "
    "pg_catalog.left(pg_catalog.md5(t::text), 16))::bit(64)::bigint::numeric), 0)::text FROM {} t"
)
# The table and everything below it: partitions and inheriting tables are read with it.
KINDS = """WITH RECURSIVE tree AS (
    SELECT pg_catalog.to_regclass(%s)::oid AS oid
    UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree t ON i.inhparent = t.oid)
SELECT c.oid::pg_catalog.regclass::text, c.relkind::text FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid
WHERE c.relkind NOT IN ('r', 'p', 'm') ORDER BY c.oid LIMIT 1"""
WORDS = {"v": "a view, which may hide rows", "f": "a foreign table, whose rows are at another server"}
CONTEXT = """SELECT pg_catalog.current_database()::text, pg_catalog.current_setting('search_path'),
  pg_catalog.current_schemas(true)::text"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """`context`: database and schemas that names in the check's own query were looked up in; empty for a table."""

    text: str
    context: tuple[str, ...] = ()


def value_of(check: IntegrityCheck, link: Link) -> Value:
    """The value, in a snapshot of its own. Raises Trouble, also where the server would show only a part."""
    context: tuple[str, ...] = ()
    try:
        link.raw(SNAPSHOT)
        try:
            if check.kind is CheckKind.QUERY:
                link.raw("SET LOCAL search_path TO DEFAULT")
                (context,) = link.raw(CONTEXT)
            else:
                _whole(check, link)
            rows = link.raw(_statement(check, link), within_s=VALUE_S)
        finally:
            link.raw("ROLLBACK")
    except psycopg.Error as error:
        raise to_trouble(error, link.where, link.credential) from None
    text = one_line(", ".join(str(value) for value in rows[0]) if rows else "no row")[:MAX_VALUE]
    return Value(text=text, context=context)


def _whole(check: IntegrityCheck, link: Link) -> None:
    for name, kind in link.raw(KINDS, str(check.table)):
        word = WORDS.get(kind, "no table")
        raise Trouble(Reach.ERROR, f"{name} is {word}; compare tables, or ask with a query.")


def _statement(check: IntegrityCheck, link: Link) -> str:
    if check.kind is CheckKind.QUERY:
        return str(check.query)
    table = sql.Identifier(*str(check.table).split("."))
    text = "SELECT pg_catalog.count(*) FROM {}" if check.kind is CheckKind.ROW_COUNT else CHECKSUM
    return sql.SQL(text).format(table).as_string(link.connection)
