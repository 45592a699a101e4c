"""Which DAG runs were ordered for a request (decision 3)."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0106"
down_revision = "0105"

DISPATCH = """
CREATE TABLE bc.dispatch (
    request text NOT NULL REFERENCES bc.request,
    number integer NOT NULL CHECK (number > 0),
    dag text NOT NULL CHECK (dag IN ('failover', 'switchover', 'failback', 'drill')),
    run_id text NOT NULL UNIQUE,
    ordered_at timestamptz NOT NULL DEFAULT bc.now(),
    taken_at timestamptz,
    PRIMARY KEY (request, number),
    CONSTRAINT named_after CHECK (run_id = request || '~' || number)
);
COMMENT ON TABLE bc.dispatch IS 'DAG runs that were ordered; one that is not here was started by hand and is refused.';
"""


def upgrade() -> None:
    """One table."""
    run_script(op.get_bind(), DISPATCH)
