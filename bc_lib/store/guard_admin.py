"""Makes the owner of schema bc, hands the schema over, and tells whether its guards still stand (decision 8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, text

from bc_lib.store.script import run_script

SQL = Path(__file__).resolve().parents[2] / "sql"
OWNER = "bc_guard_owner"
CLOCK = "SELECT pg_catalog.clock_timestamp()"
FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION bc\.(\w+)\(.*?\bAS \$\$(.*?)\$\$", re.DOTALL)
TRIGGER = re.compile(r"CREATE (?:OR REPLACE|CONSTRAINT) TRIGGER (\w+) [^;']*? ON bc\.(\w+|%I)")
LOOP = re.compile(r"IN ARRAY ARRAY\[(.*?)\] LOOP(.*?)END LOOP", re.DOTALL)

OWNERS = """
SELECT 'schema bc' AS what, nspowner::regrole::text AS owner FROM pg_namespace WHERE nspname = 'bc'
UNION ALL SELECT 'bc.' || relname, relowner::regrole::text FROM pg_class
    WHERE relnamespace = to_regnamespace('bc') AND relkind NOT IN ('i', 'I')
UNION ALL SELECT 'bc.' || proname, proowner::regrole::text FROM pg_proc WHERE pronamespace = to_regnamespace('bc')
UNION ALL SELECT 'bc.' || typname, typowner::regrole::text FROM pg_type
    WHERE typnamespace = to_regnamespace('bc') AND typtype IN ('d', 'e', 'r')
"""
ROLE = """
SELECT rolcanlogin OR rolsuper OR EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = r.oid) FROM pg_roles r
WHERE rolname = 'bc_guard_owner'
"""
# By anybody but the owner: rights that a guard does not stand in the way of, or that make code run with its rights.
RIGHTS = """
SELECT coalesce(nullif(g.grantee, 0)::regrole::text, 'PUBLIC'), g.privilege_type, 'schema bc'
FROM pg_namespace n, aclexplode(n.nspacl) g
WHERE n.nspname = 'bc' AND g.grantee <> n.nspowner AND g.privilege_type = 'CREATE'
UNION ALL SELECT coalesce(nullif(g.grantee, 0)::regrole::text, 'PUBLIC'), g.privilege_type, 'bc.' || c.relname
FROM pg_class c, aclexplode(c.relacl) g
WHERE c.relnamespace = to_regnamespace('bc') AND g.grantee <> c.relowner
    AND (g.privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES')
         OR g.privilege_type <> 'SELECT' AND g.grantee = to_regrole('bc_owner'))
UNION ALL SELECT 'bc_owner', g.privilege_type, 'bc.' || c.relname || '.' || a.attname
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) g
WHERE c.relnamespace = to_regnamespace('bc') AND g.grantee = to_regrole('bc_owner') AND g.privilege_type <> 'SELECT'
"""
TRIGGERS = """
SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = to_regnamespace('bc') AND NOT t.tgisinternal AND t.tgparentid = 0
"""
FUNCTIONS = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = to_regnamespace('bc')"


def install(connection: Connection) -> None:
    """Make the owner of schema bc and hand over what is not its own, as the superuser; the caller commits."""
    run_script(connection, (SQL / "superuser" / "guards.sql").read_text(encoding="utf-8"))


def become_owner(connection: Connection) -> None:
    """Until the end of the superuser's transaction, act as the owner of schema bc: what is made then belongs to it."""
    connection.execute(text(f"SET LOCAL ROLE {OWNER}"))


@lru_cache(maxsize=1)
def delivered() -> tuple[dict[str, str], frozenset[tuple[str, str]]]:
    """What sql/guards delivers: the body of each function by name, and (table, trigger)."""
    functions, triggers = {"now": CLOCK}, set()
    for path in sorted((SQL / "guards").glob("*.sql")):
        script = path.read_text(encoding="utf-8")
        functions.update(FUNCTION.findall(script))
        triggers |= {(table, name) for name, table in TRIGGER.findall(script) if table != "%I"}
        for tables, body in LOOP.findall(script):
            names = [name for name, table in TRIGGER.findall(body) if table == "%I"]
            triggers |= {(table, name) for table in re.findall(r"'(\w+)'", tables) for name in names}
    return functions, frozenset(triggers)


def troubles(connection: Connection) -> Iterator[str]:
    """One sentence for each guard that is missing, off, different or in other hands. Any role may ask."""
    for what, owner in connection.execute(text(OWNERS)):
        if owner != OWNER:
            yield f"{what} belongs to {owner}, not to {OWNER}: run bcctl db init."
    opened = connection.execute(text(ROLE)).scalar()
    if opened is None or opened:
        yield f"The role {OWNER} is missing, has members or may sign in: run bcctl db init and take its members away."
    for grantee, right, what in connection.execute(text(RIGHTS)):
        yield f"{grantee} has the right {right} on {what}: take it back, no role that signs in needs it."
    yield from _triggers(connection)
    yield from _functions(connection)


def _triggers(connection: Connection) -> Iterator[str]:
    _, expected = delivered()
    found = {(table, name): enabled for table, name, enabled in connection.execute(text(TRIGGERS))}
    for table, name in sorted(expected):
        if found.get((table, name), "D") not in ("A", "O"):
            yield f"The guard {name} of bc.{table} is missing or switched off: run bcctl db init."
    for table, name in sorted(found.keys() - expected):
        yield f"The trigger {name} of bc.{table} was not delivered: find out who made it, then drop it."


def _functions(connection: Connection) -> Iterator[str]:
    expected, _ = delivered()
    found = connection.execute(text(FUNCTIONS)).all()
    for name, source in found:
        if expected.get(name) != source:
            yield f"The function bc.{name} is not the one that was delivered: run bcctl db init; drop it if it stays."
    for name in sorted(expected.keys() - {name for name, _ in found}):
        yield f"The function bc.{name} is missing: run bcctl db init."
