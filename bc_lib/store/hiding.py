"""What shows a reader other rows than there are, or gives an owner's rights on: nothing of it was delivered (A17)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

# Partitions are children too: those of ours are of the same schema and owner as what they are a part of.
HIDING = """
WITH ours AS (SELECT c.oid, c.relname, c.relkind, c.relowner, n.oid AS schema, n.nspname || '.' || c.relname AS name,
    c.relrowsecurity OR c.relforcerowsecurity AS rows FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = :schema)
SELECT 'Row-level security is on for ' || name FROM ours WHERE rows
UNION ALL SELECT 'The policy ' || polname || ' stands on ' || name FROM pg_policy JOIN ours ON ours.oid = polrelid
UNION ALL SELECT 'The rule ' || rulename || ' stands on ' || name FROM pg_rewrite JOIN ours ON ours.oid = ev_class
    WHERE NOT (rulename = '_RETURN' AND relkind IN ('v', 'm'))
UNION ALL SELECT 'There is a view ' || name FROM ours WHERE relkind IN ('v', 'm', 'f')
UNION ALL SELECT inhrelid::regclass || ' hands its rows to ' || inhparent::regclass
    FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid JOIN pg_class parent ON parent.oid = inhparent
    WHERE (inhrelid IN (SELECT oid FROM ours) OR inhparent IN (SELECT oid FROM ours))
    AND NOT (parent.relkind IN ('p', 'I') AND child.relispartition AND child.relkind IN ('r', 'i', 'p', 'I')
        AND child.relnamespace = parent.relnamespace AND child.relowner = parent.relowner)
ORDER BY 1
"""
# A role of ours that is a member of any other: it may become it, or reads and writes with its rights. The accounts that
# watch and move databases are members of roles that PostgreSQL brings, where this server is one of those.
MEMBERS = """
SELECT member.rolname, granted.rolname FROM pg_auth_members m
JOIN pg_roles member ON member.oid = m.member JOIN pg_roles granted ON granted.oid = m.roleid
WHERE member.rolname LIKE 'bc\\_%' AND member.rolname NOT IN ('bc_monitor', 'bc_execution') ORDER BY 1, 2
"""


def hidden(connection: Connection, schema: str) -> Iterator[str]:
    """One sentence for each thing in `schema` (bc or bc_audit) that may hide rows from a reader, or add some."""
    for what in connection.scalars(text(HIDING), {"schema": schema}):
        yield f"{what}: rows may be hidden or made up. It was not delivered; find out who made it, then take it away."


def members(connection: Connection) -> Iterator[str]:
    """One sentence for each membership of a role of ours in another role."""
    for member, granted in connection.execute(text(MEMBERS)):
        yield f"The role {member} is a member of {granted}: take that away, no role of ours needs it."
