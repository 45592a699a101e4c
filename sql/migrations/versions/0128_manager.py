"""Who else moves a resource, and why signs of a manager do not count; both said in the inventory (decision 24)."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0128"
down_revision = "0127"

MANAGER = """
ALTER TABLE bc.resource ADD COLUMN manager text NOT NULL DEFAULT 'none' CHECK (manager IN
    ('none', 'patroni', 'cloudnativepg', 'repmgr', 'pg_auto_failover', 'cloud', 'other'));
ALTER TABLE bc.resource ADD COLUMN manager_overruled text NOT NULL DEFAULT '';
"""


def upgrade() -> None:
    """Two columns; nothing that is there is managed."""
    run_script(op.get_bind(), MANAGER)
