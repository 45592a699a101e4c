"""Server settings that a move must carry over, changed by ALTER SYSTEM with a right of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from psycopg import sql

from bc_lib.connectors.postgresql import sync_names
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.link import Link
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.execution.actions import Action
from bc_lib.ports.mechanism import CredentialUnavailable

SYNC_NAMES, APPLY_DELAY, CONNINFO = "synchronous_standby_names", "recovery_min_apply_delay", "primary_conninfo"
# When the monitor last saw the value of SYNC_NAMES, where the server did not answer the run.
SYNC_SEEN = "synchronous_standby_names_seen_at"


def alter(link: Link, name: str, value: str) -> None:
    """Set it for good and reload. Raises Trouble; the value is never part of its sentence."""
    statement = sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
    link.rows(statement.as_string(link.connection))
    link.rows("SELECT pg_catalog.pg_reload_conf()")


def of_check(ground: Ground, node: str) -> Mapping[str, Any]:
    """What the run's CHECK noted about a node; empty where it was not seen."""
    for key in (f"{ground.resource.name}/{Action.CHECK}", f"{ground.resource.name}/{Action.CHECK}-back"):
        nodes = ground.work.earlier.get(key, {}).get("nodes", {})
        if node in nodes:
            found: Mapping[str, Any] = nodes[node]
            return found
    return {}


def free_commits(link: Link) -> str:
    """Empty the target's synchronous_standby_names before it becomes the primary: with nobody following it, every
    commit would wait for ever. What it was before. Raises Trouble."""
    (before,) = link.row("SELECT pg_catalog.current_setting('synchronous_standby_names')")
    if before:
        alter(link, SYNC_NAMES, "")
    return str(before)


def put_back(ground: Ground) -> None:
    """The target's own value again after a move that was taken back. Best effort: a standby does not use it."""
    before = of_check(ground, ground.target.node).get(SYNC_NAMES)
    if not before:
        return
    with contextlib.suppress(Trouble, CredentialUnavailable), ground.open(ground.target) as link:
        alter(link, SYNC_NAMES, str(before))


def carried_over(names: str, old_follower: str, new_follower: str) -> str:
    """The old primary's synchronous_standby_names for the new one: the follower's name is another now.

    Unchanged where the follower is none of them. Raises NotSyncNames.
    """
    value = sync_names.parse(names)
    changed = value.renamed(old_follower, new_follower) if value and old_follower else value
    return names if changed == value else sync_names.render(changed)
