"""Marks of a run for an old primary that takes writes beside the new one: when that began, and when it was over."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0126"
down_revision = "0120"

TWO_WRITERS = """
ALTER TABLE bc.run_mark DROP CONSTRAINT run_mark_name_check;
ALTER TABLE bc.run_mark ADD CONSTRAINT run_mark_name_check CHECK (name IN ('fenced', 'fence-owed', 'caught-up',
    'promoted', 'written', 'undone', 'two-writers', 'one-writer'));
"""


def upgrade() -> None:
    """Two more words."""
    run_script(op.get_bind(), TWO_WRITERS)
