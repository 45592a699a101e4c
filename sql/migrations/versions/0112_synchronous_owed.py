"""A run may owe synchronous replication: a standby streams, and commits do not wait for it as they did before."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0112"
down_revision = "0111"

SYNCHRONOUS = """
ALTER TABLE bc.run DROP CONSTRAINT run_owed_check;
ALTER TABLE bc.run ADD CONSTRAINT run_owed_check
    CHECK (owed <@ ARRAY['FenceOwed', 'ReprotectOwed', 'SynchronousOwed', 'ReviewOwed']);
"""


def upgrade() -> None:
    """One more word."""
    run_script(op.get_bind(), SYNCHRONOUS)
