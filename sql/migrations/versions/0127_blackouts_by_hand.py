"""Blackouts bind what people ask by hand too: each approval rule says whether they forbid it or warn of it."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0127"
down_revision = "0126"

IN_BLACKOUT = """
ALTER TABLE bc.policy_rule ADD COLUMN in_blackout text NOT NULL DEFAULT 'forbid'
    CONSTRAINT policy_rule_in_blackout CHECK (in_blackout IN ('forbid', 'warn'));
COMMENT ON COLUMN bc.policy_rule.in_blackout IS 'What is asked by hand for a day in a blackout: refused, or asked with a '
    'warning. A failover and break-glass are never held up.';
"""


def upgrade() -> None:
    """One column."""
    run_script(op.get_bind(), IN_BLACKOUT)
