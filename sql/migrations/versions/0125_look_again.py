"""Which resources must be looked at again before anything is said about them: a run began, or moved them."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0125"
down_revision = "0112"

LOOK_WISH = """
CREATE TABLE bc.look_wish (
    resource bc.name PRIMARY KEY,
    wished_at timestamptz NOT NULL
);
COMMENT ON TABLE bc.look_wish IS 'Written by guards when a run begins, moves something or ends: what was observed of '
    'the resource before wished_at says nothing about now, and the poller looks at once.';
"""


def upgrade() -> None:
    """One table."""
    run_script(op.get_bind(), LOOK_WISH)
