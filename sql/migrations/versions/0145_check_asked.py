"""Everything that stands against a move, looked up by the runner for somebody who has not asked for the move yet."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0145"
down_revision = "0143"

CHECK_ASKED = """
CREATE TABLE bc.check_asked (
    type text NOT NULL,
    scope_kind text NOT NULL CHECK (scope_kind IN ('resource', 'group')),
    scope_name bc.name NOT NULL,
    target_site bc.name NOT NULL,
    drill text NOT NULL DEFAULT '' CHECK (drill IN ('', 'rehearsal', 'live')),
    asked_at timestamptz NOT NULL DEFAULT bc.now(),
    answered_at timestamptz,
    findings jsonb NOT NULL DEFAULT '[]',
    against jsonb NOT NULL DEFAULT '[]',
    PRIMARY KEY (type, scope_kind, scope_name, target_site, drill)
);
COMMENT ON TABLE bc.check_asked IS 'A page asks, the runner looks at both sites and answers; nothing is requested by it. '
    'One row for each move that the inventory knows.';
"""


def upgrade() -> None:
    """One table."""
    run_script(op.get_bind(), CHECK_ASKED)
