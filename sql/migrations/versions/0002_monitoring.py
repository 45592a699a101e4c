"""What the pollers write: observations, statuses, trends, leases, signs of life (FR-010, FR-011, FR-013)."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0002"
down_revision = "0001"

METRICS = ("lag_replayed_s", "lag_received_s", "lag_bytes", "latency_s")
BUCKET = ",\n    ".join(f"{metric}_{end} double precision" for metric in METRICS for end in ("low", "high"))

OBSERVATION = """
-- In order from good to bad, so that the worst is the greatest. "Not known" is worse than yellow (decision 11).
CREATE TYPE bc.status AS ENUM ('green', 'yellow', 'never_seen', 'stale', 'blind', 'red');

CREATE TABLE bc.observation (
    resource text NOT NULL,
    observed_at timestamptz NOT NULL,
    status bc.status NOT NULL,
    codes text[] NOT NULL,
    active_site text,
    lag_replayed_s double precision,
    lag_received_s double precision,
    lag_bytes double precision,
    latency_s double precision,
    marker text,
    could_switch_over text NOT NULL,
    could_fail_over text NOT NULL,
    cold boolean NOT NULL,
    nodes jsonb NOT NULL
) PARTITION BY RANGE (observed_at);
COMMENT ON TABLE bc.observation IS 'Raw history, one partition a UTC day.';
COMMENT ON COLUMN bc.observation.nodes IS 'As seen, without settings and extensions: these stand in current_status.';
CREATE INDEX observation_resource_at ON bc.observation (resource, observed_at);
CREATE INDEX observation_at ON bc.observation USING brin (observed_at);
-- A day without a partition loses nothing: its rows wait here until bc.ensure_partitions makes the day and moves them.
CREATE TABLE bc.observation_default PARTITION OF bc.observation DEFAULT;

CREATE TABLE bc.current_status (
    resource text PRIMARY KEY,
    status bc.status NOT NULL,
    observed_at timestamptz NOT NULL,
    since timestamptz NOT NULL,
    assessment jsonb NOT NULL,
    observation jsonb NOT NULL,
    memory jsonb NOT NULL,
    alert jsonb NOT NULL,
    epoch bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT bc.now()
) WITH (fillfactor = 60);

CREATE TABLE bc.status_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resource text NOT NULL,
    at timestamptz NOT NULL,
    before bc.status,
    after bc.status NOT NULL,
    codes text[] NOT NULL,
    text text NOT NULL
);
CREATE INDEX status_change_resource_at ON bc.status_change (resource, at DESC, id DESC);
CREATE INDEX status_change_at ON bc.status_change (at DESC, id DESC);
"""

TRENDS = f"""
CREATE TABLE bc.trend_minute (
    resource text NOT NULL,
    start timestamptz NOT NULL,
    count integer NOT NULL CHECK (count > 0),
    worst bc.status NOT NULL,
    {BUCKET},
    PRIMARY KEY (resource, start)
) PARTITION BY RANGE (start);
CREATE TABLE bc.trend_minute_default PARTITION OF bc.trend_minute DEFAULT WITH (fillfactor = 70);

CREATE TABLE bc.trend_hour (
    resource text NOT NULL,
    start timestamptz NOT NULL,
    count integer NOT NULL CHECK (count > 0),
    worst bc.status NOT NULL,
    {BUCKET},
    PRIMARY KEY (resource, start)
) WITH (fillfactor = 70);
CREATE INDEX trend_hour_start ON bc.trend_hour USING brin (start);
COMMENT ON TABLE bc.trend_minute IS 'Least and greatest in 60 s, kept as long as raw data. A gap is an absent row.';
COMMENT ON TABLE bc.trend_hour IS 'The same in 3600 s, kept for months.';
"""

LEASES = """
CREATE TABLE bc.lease (
    name text PRIMARY KEY,
    holder text NOT NULL,
    epoch bigint NOT NULL CHECK (epoch > 0),
    acquired_at timestamptz NOT NULL DEFAULT bc.now(),
    expires_at timestamptz NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE bc.lease IS 'Rows are never deleted: the epoch must never be used twice.';

CREATE TABLE bc.component_beat (
    component text NOT NULL,
    instance text NOT NULL,
    beat_at timestamptz NOT NULL DEFAULT bc.now(),
    details jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (component, instance)
) WITH (fillfactor = 50);
"""


def upgrade() -> None:
    """Observations, trends, leases."""
    run_script(op.get_bind(), OBSERVATION)
    run_script(op.get_bind(), TRENDS)
    run_script(op.get_bind(), LEASES)
