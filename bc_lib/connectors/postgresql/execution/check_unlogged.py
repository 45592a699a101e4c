"""Data that replication does not carry: unlogged tables, named with their sizes before the move."""

from __future__ import annotations

from bc_lib.connectors.postgresql.execution.scene import Pad, Scene
from bc_lib.domain.loss.beside import MOST_NAMED
from bc_lib.domain.observation import Role
from bc_lib.domain.words import count, size

HINT = "Save what is needed of them before, or make them logged (ALTER TABLE ... SET LOGGED)."
UNSEEN_HINT = "Let the execution account connect to every database (pg_hba.conf, CONNECT), or look there by hand."


def check_unlogged(scene: Scene, pad: Pad) -> None:
    """Named with their sizes; a move may go on."""
    seen = scene.unlogged
    if seen is None:
        if scene.target.role is Role.STANDBY:
            pad.warn("unlogged-tables", "Whether there are unlogged tables, which are not replicated, is not known.")
        return
    if seen.tables:
        named = [
            table.words(seen.home) + (f" ({size(table.size_bytes)})" if table.size_bytes is not None else "")
            for table in seen.tables
        ]
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        pad.warn(
            "unlogged-tables",
            f"Unlogged tables are not replicated and are empty at {scene.target.place}: "
            f"{', '.join(named[:MOST_NAMED])}{more}.",
            count(len(named), "table"),
            HINT,
        )
    else:
        pad.ok("unlogged-tables", "No unlogged table was found: everything else is replicated.")
    if seen.unseen:
        name, why = seen.unseen[0]
        names = ", ".join(each for each, _ in seen.unseen)
        sentence = f"Unlogged tables were not looked for in {names}. {name}: {why}"
        pad.warn("unlogged-unseen", sentence, count(len(seen.unseen), "database"), UNSEEN_HINT)
