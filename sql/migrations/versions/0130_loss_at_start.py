"""A run keeps the evidence about its loss as it was at the start: what the standby held, and when the primary ended."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0130"
down_revision = "0128"

PROOFS = """
ALTER TABLE bc.run ADD COLUMN proofs jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN bc.run.proofs IS 'What the monitor knew at the start, one a resource; like the plan it never changes.';
"""


def upgrade() -> None:
    """One column."""
    run_script(op.get_bind(), PROOFS)
