"""How a standby's WAL receiver calls itself, by its conninfo as PostgreSQL shows it."""

from __future__ import annotations

NEXT = "keepalives[a-z_]*|tcp_user_timeout|sslmode"


def called(alias: str) -> str:
    """SQL of the name at a row of pg_stat_wal_receiver.

    The server writes the values there without quotes, whatever they hold (a name may have blanks and quotes), in a
    fixed order: application_name, then always fallback_application_name, then those of NEXT, of which sslmode is always
    there. An alternative in front would make the whole expression greedy.
    """
    conninfo = f"' ' || {alias}.conninfo"
    return (
        f"COALESCE(pg_catalog.substring({conninfo}, ' application_name=(.*?) fallback_application_name='),\n"
        f"    pg_catalog.substring({conninfo}, ' fallback_application_name=(.*?)(?: (?:{NEXT})=|$)'))"
    )
