"""Rows to wait at: what happens one after the other locks one, which a role that only reads cannot do."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0140"
down_revision = "0130"

TURNS = """
CREATE TABLE bc.turn (name text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 300));
COMMENT ON TABLE bc.turn IS 'Locked by bc.take_turn until the end of the transaction. Any role could take an advisory lock.';
"""


def upgrade() -> None:
    """One table, without rows: they come with their first use."""
    run_script(op.get_bind(), TURNS)
