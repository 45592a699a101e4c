"""Sign-ins that were ended before they would have expired, for every process of the pages (A09)."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0111"
down_revision = "0108"

SIGNED_OUT = """
CREATE TABLE bc.signed_out (
    ticket text PRIMARY KEY CHECK (ticket ~ '^[A-Za-z0-9_-]{1,64}$'),
    until timestamptz NOT NULL
);
COMMENT ON TABLE bc.signed_out IS 'A ticket named here is refused; after `until` it would be anyway.';
"""


def upgrade() -> None:
    """One table."""
    run_script(op.get_bind(), SIGNED_OUT)
