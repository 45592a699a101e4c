"""Why a further DAG run was ordered, when its note was closed, and what is told about our tasks in Airflow (decision 3)."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0120"
down_revision = "0125"

RUN_HISTORY = """
ALTER TABLE bc.dispatch ADD COLUMN why text NOT NULL DEFAULT '' CHECK (length(why) <= 500);
ALTER TABLE bc.dispatch ADD COLUMN closed_at timestamptz;
UPDATE bc.dispatch d SET closed_at = bc.now() FROM bc.request r
WHERE r.id = d.request AND r.state IN ('Succeeded', 'Failed', 'Rejected', 'Expired', 'Cancelled');
COMMENT ON COLUMN bc.dispatch.why IS 'Why this DAG run was ordered; of the first one that is clear.';
COMMENT ON COLUMN bc.dispatch.closed_at IS 'Its note in Airflow says how the request ended.';
CREATE INDEX dispatch_open ON bc.dispatch (request) WHERE closed_at IS NULL;

CREATE TABLE bc.airflow_report (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT bc.now(),
    kind text NOT NULL CHECK (kind IN ('died', 'marked', 'cleared')),
    dag text NOT NULL CHECK (length(dag) <= 250),
    run_id text NOT NULL CHECK (length(run_id) <= 250),
    task text NOT NULL CHECK (length(task) <= 250),
    person text NOT NULL DEFAULT '' CHECK (length(person) <= 250),
    said text NOT NULL DEFAULT '' CHECK (length(said) <= 500),
    event bigint UNIQUE,
    told_at timestamptz
);
COMMENT ON TABLE bc.airflow_report IS 'What Airflow''s processes and its log say about our tasks: died, or changed by a person.';
COMMENT ON COLUMN bc.airflow_report.event IS 'Number in Airflow''s own log, where it was read there.';
CREATE INDEX airflow_report_untold ON bc.airflow_report (id) WHERE told_at IS NULL;
CREATE INDEX airflow_report_at ON bc.airflow_report (at);
"""


def upgrade() -> None:
    """Two columns and one table."""
    run_script(op.get_bind(), RUN_HISTORY)
