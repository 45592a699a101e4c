"""Which login role may do what in the shared database, and what stands in its way: read from the database itself.

docs/roles.md is made from this (`bcctl db roles`) and compared with a fresh database in the tests, so that no right, no
guard and no note about it can change unseen.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

NOTES = Path(__file__).resolve().parents[2] / "sql" / "role_notes.toml"
RIGHTS = """
WITH ours AS (SELECT oid, nspname FROM pg_namespace WHERE nspname IN ('bc', 'bc_audit')),
said AS (
    SELECT g.grantee, n.nspname || '.' || c.relname AS object, g.privilege_type AS may
    FROM pg_class c JOIN ours n ON n.oid = c.relnamespace, aclexplode(c.relacl) g
    WHERE c.relkind IN ('r', 'p', 'v', 'S') AND NOT c.relispartition AND g.grantee <> c.relowner
    UNION ALL
    SELECT g.grantee, n.nspname || '.' || c.relname,
        g.privilege_type || ' (' || string_agg(a.attname, ', ' ORDER BY a.attname) || ')'
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN ours n ON n.oid = c.relnamespace,
        aclexplode(a.attacl) g
    WHERE NOT c.relispartition GROUP BY g.grantee, n.nspname, c.relname, g.privilege_type
    UNION ALL
    SELECT g.grantee, n.nspname || '.' || p.proname || '()', 'EXECUTE'
    FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace, aclexplode(p.proacl) g WHERE g.grantee <> p.proowner)
SELECT coalesce(r.rolname, 'PUBLIC') AS role, object, string_agg(DISTINCT may, ', ' ORDER BY may) AS may
FROM said LEFT JOIN pg_roles r ON r.oid = said.grantee
WHERE may !~ '^SELECT' AND coalesce(r.rolname, '') NOT LIKE '%\\_owner'
GROUP BY 1, 2 ORDER BY 1, 2
"""
GUARDS = """
SELECT n.nspname || '.' || c.relname AS object, p.proname AS function, t.tgenabled = 'A' AS always
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND n.nspname IN ('bc', 'bc_audit') ORDER BY 1, 2
"""
BODIES = """
SELECT n.nspname || '.' || p.proname AS name, p.prosrc AS body
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('bc', 'bc_audit')
"""
CALL = re.compile(r"\b(bc(?:_audit)?\.\w+)\s*\(")
HEAD = """# Who may do what in the shared database

Made from a fresh database by `bcctl db roles`; do not edit by hand. The tests compare it with the database, and want a
note for each right to change something. Every login role but `bc_signer` reads all tables of schema `bc`; `bc_signer`
reads the audit log and its own sign of life. Each process has the password of its own role (docs/operating.md).

- **Guard**: triggers that fire whoever writes (`ENABLE ALWAYS`).
- **Audit**: whether the database itself writes the record as part of the change. Where it says "the service", the
  program does, and a change by SQL leaves what the note says.
- **Alone**: what somebody with this one password can do here, and who hears of it.

| role | object | may | guard | audit | alone |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Right:
    """What one role may do to one object. `guards`: trigger functions; `audited`: one of them writes to the log."""

    role: str
    object: str
    may: str
    guards: tuple[str, ...]
    audited: bool


def notes() -> dict[tuple[str, str], str]:
    """The note on each right, by role and object."""
    read = tomllib.loads(NOTES.read_text(encoding="utf-8"))
    return {(role, name): note for role, by_name in read.items() for name, note in by_name.items()}


def rights(connection: Connection) -> tuple[Right, ...]:
    """Every right to change something, by role and object."""
    bodies = {row.name: row.body for row in connection.execute(text(BODIES))}
    guards: dict[str, list[str]] = {}
    for row in connection.execute(text(GUARDS)):
        if row.always:
            guards.setdefault(row.object, []).append(row.function)
    found = []
    for row in connection.execute(text(RIGHTS)):
        names = tuple(dict.fromkeys(guards.get(row.object, ())))
        found.append(Right(row.role, row.object, row.may, names, _audited(row.object, names, bodies)))
    return tuple(found)


def page(found: tuple[Right, ...]) -> str:
    """docs/roles.md. Raises KeyError for a right without a note."""
    said = notes()
    return HEAD + "".join(_row(one, said[one.role, one.object]) for one in found)


def _row(one: Right, note: str) -> str:
    guards = ", ".join(f"`{name}`" for name in one.guards) or "-"
    audit = "the database" if one.audited else "-" if one.object.endswith("()") else "the service"
    return f"| `{one.role}` | `{one.object}` | {one.may} | {guards} | {audit} | {note} |\n"


def _audited(name: str, guards: tuple[str, ...], bodies: Mapping[str, str]) -> bool:
    """Whether the function itself, or a trigger's, comes to bc_audit.append."""
    open_, seen = [name.removesuffix("()"), *(f"bc.{guard}" for guard in guards)], set[str]()
    while open_:
        one = open_.pop()
        if one == "bc_audit.append":
            return True
        if one not in seen:
            seen.add(one)
            open_ += CALL.findall(bodies.get(one, ""))
    return False
