"""Makes the audit log's schema, and tells whether its guards still stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, text

from bc_lib.store.hiding import hidden, members
from bc_lib.store.script import run_script

SCRIPT = Path(__file__).resolve().parents[2] / "sql" / "superuser" / "audit.sql"
TRIGGERS = {("record", "refuse"), ("record", "guard_record"), ("head", "refuse"), ("head", "guard_head")}
READ = {"bc_ui", "bc_runner", "bc_keeper", "bc_reader", "bc_signer"}
OWNERS = """
SELECT 'schema bc_audit' AS what, nspowner::regrole::text AS owner FROM pg_namespace WHERE nspname = 'bc_audit'
UNION ALL SELECT relname, relowner::regrole::text FROM pg_class
    WHERE relnamespace = to_regnamespace('bc_audit') AND relkind <> 'i'
UNION ALL SELECT proname, proowner::regrole::text FROM pg_proc WHERE pronamespace = to_regnamespace('bc_audit')
"""
ENABLED = """
SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.relnamespace = to_regnamespace('bc_audit') AND t.tgenabled = 'A' AND p.pronamespace = c.relnamespace
"""
ROLE = """
SELECT rolcanlogin OR rolsuper OR EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = r.oid) FROM pg_roles r
WHERE rolname = 'bc_audit_owner'
"""
WRITERS = """
SELECT DISTINCT c.relname, g.grantee::regrole::text AS grantee FROM pg_class c, aclexplode(c.relacl) g
WHERE c.relnamespace = to_regnamespace('bc_audit') AND c.relkind = 'r'
    AND g.privilege_type <> 'SELECT' AND g.grantee <> c.relowner
"""

DERIVED = """
SELECT a.attname, pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a
JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = to_regnamespace('bc_audit') AND c.relname = 'record' AND a.attgenerated = 's'
"""
EXPRESSIONS = {
    "at": "((body)::jsonb ->> 'at'::text)",
    "systems": "bc_audit.systems_of((body)::jsonb)",
    "request_id": "((body)::jsonb ->> 'request_id'::text)",
}


def install(connection: Connection) -> None:
    """Make or bring up to date the audit log's role, schema, functions and guards, as the superuser.

    In the connection's transaction; the caller commits. Before the migrations, whose triggers write to it.
    """
    run_script(connection, SCRIPT.read_text(encoding="utf-8"))


def troubles(connection: Connection) -> Sequence[str]:
    """One sentence for each guard that is missing, switched off or different. Any role may ask."""
    found = [
        f"{what} belongs to {owner}, not to bc_audit_owner."
        for what, owner in connection.execute(text(OWNERS))
        if owner != "bc_audit_owner"
    ]
    standing = {(table, name) for table, name in connection.execute(text(ENABLED))}
    found += [
        f"The guard {name} of bc_audit.{table} is missing or switched off."
        for table, name in sorted(TRIGGERS - standing)
    ]
    opened = connection.execute(text(ROLE)).scalar()
    if opened is None or opened:
        found.append("The role bc_audit_owner is missing, has members or may sign in.")
    found += [f"{grantee} may write to bc_audit.{table}." for table, grantee in connection.execute(text(WRITERS))]
    derived = {str(column): str(expression) for column, expression in connection.execute(text(DERIVED))}
    found += [
        f"The column {column} of bc_audit.record does not follow from the record any more: filters may hide records."
        for column, expression in EXPRESSIONS.items()
        if derived.get(column) != expression
    ]
    return [*found, *hidden(connection, "bc_audit"), *members(connection), *_functions(connection)]


def _functions(connection: Connection) -> list[str]:
    script = SCRIPT.read_text(encoding="utf-8")
    rows = connection.execute(
        text("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = to_regnamespace('bc_audit')")
    ).all()
    known = {"refuse", "guard_record", "guard_head", "append", "systems_of"}
    found = [
        f"The function bc_audit.{name} is not the one that was delivered."
        for name, source in rows
        if name not in known or f"$${source}$$" not in script
    ]
    return found + [f"The function bc_audit.{name} is missing." for name in sorted(known - {name for name, _ in rows})]
