"""The inventory's figures have bounds in the database, and each change of it keeps what the tables held then."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0144"
down_revision = "0145"

# NOT VALID: rows of before stay until they are changed; a light older than its bound is stale whatever they say.
BOUNDS = """
ALTER TABLE bc.resource ADD CONSTRAINT sensible_interval CHECK (interval_s BETWEEN 1 AND 900) NOT VALID;
ALTER TABLE bc.resource ADD CONSTRAINT sensible_alert CHECK (alert_after_s <= 86400) NOT VALID;
ALTER TABLE bc.resource ADD CONSTRAINT sensible_heartbeat CHECK (heartbeat_interval_s <= 86400) NOT VALID;
ALTER TABLE bc.resource ADD CONSTRAINT sensible_goals CHECK (rpo_s <= 31536000 AND rto_s <= 31536000) NOT VALID;
ALTER TABLE bc.resource ADD CONSTRAINT sensible_limits CHECK (lag_warn_s <= 31536000 AND lag_critical_s <= 31536000
    AND latency_warn_s <= 31536000 AND long_transaction_warn_s <= 31536000
    AND retained_wal_warn_bytes <= 1125899906842624) NOT VALID;
ALTER TABLE bc.resource_group ADD CONSTRAINT sensible_goals CHECK (rpo_s <= 31536000 AND rto_s <= 31536000) NOT VALID;
"""
CONTENT = """
ALTER TABLE bc.inventory_change ADD COLUMN rows jsonb, ADD COLUMN differs jsonb;
CREATE TABLE bc.inventory_before (xact xid8 PRIMARY KEY, rows jsonb NOT NULL);
COMMENT ON TABLE bc.inventory_before IS 'What the inventory held before a transaction that changes it; gone at its end.';
COMMENT ON COLUMN bc.inventory_change.rows IS 'What the inventory''s tables held, taken by a trigger and not from the writer.';
COMMENT ON COLUMN bc.inventory_change.differs IS 'Rows gone and new by the change, by table; audited.';
"""


def upgrade() -> None:
    """Bounds for new and changed rows; the content of changes from now on."""
    run_script(op.get_bind(), BOUNDS)
    run_script(op.get_bind(), CONTENT)
