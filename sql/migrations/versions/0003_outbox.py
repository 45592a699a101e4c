"""Notices to be delivered, written with what they tell (decision 12, FR-020, FR-021)."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """The outbox. Its guard against waking people for non-production stands in sql/guards/outbox.sql."""
    run_script(
        op.get_bind(),
        """
CREATE TABLE bc.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel text NOT NULL,
    dedup_key text NOT NULL CHECK (dedup_key <> ''),
    resource text,
    environment bc.environment NOT NULL,
    production boolean NOT NULL DEFAULT false,
    notification jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT bc.now(),
    due_at timestamptz NOT NULL DEFAULT bc.now(),
    claimed_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    delivered_at timestamptz,
    dead_at timestamptz,
    last_error text,
    UNIQUE (channel, dedup_key),
    CONSTRAINT only_production_reaches_production CHECK (environment = 'prod' OR NOT production),
    CONSTRAINT one_end CHECK (delivered_at IS NULL OR dead_at IS NULL)
);
CREATE INDEX outbox_due ON bc.outbox (due_at) WHERE delivered_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_delivered ON bc.outbox (delivered_at) WHERE delivered_at IS NOT NULL;
COMMENT ON COLUMN bc.outbox.environment IS 'Taken from the inventory by a trigger, not from the writer.';
COMMENT ON COLUMN bc.outbox.production IS 'Of the channel; taken from the inventory by a trigger.';
""",
    )
