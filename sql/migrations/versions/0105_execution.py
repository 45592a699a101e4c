"""Runs: journal, marks, decisions, leases of resources, kill switch; what acting needs of the inventory (decisions 5, 6)."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0105"
down_revision = "0104"

INVENTORY = """
ALTER TABLE bc.resource ADD COLUMN rto_s bc.seconds, ADD COLUMN execution jsonb;
ALTER TABLE bc.endpoint ADD COLUMN host_control text;
ALTER TABLE bc.resource_group ADD COLUMN rto_s bc.seconds,
    ADD COLUMN if_partial text NOT NULL DEFAULT 'finish' CHECK (if_partial IN ('finish', 'return'));
ALTER TABLE bc.request ADD COLUMN drill text CHECK (drill IS NULL OR drill IN ('rehearsal', 'live') AND type = 'drill');
COMMENT ON COLUMN bc.resource.execution IS 'What acting on it needs, with references to secrets, never values; empty: monitored only.';
"""

RUN = """
CREATE TABLE bc.run (
    request text PRIMARY KEY REFERENCES bc.request,
    plan_revision integer NOT NULL,
    epoch bigint NOT NULL,
    written_in text NOT NULL DEFAULT '',
    started_at timestamptz NOT NULL DEFAULT bc.now(),
    executor bc.line NOT NULL,
    prechecks jsonb NOT NULL DEFAULT '[]',
    owed text[] NOT NULL DEFAULT '{}' CHECK (owed <@ ARRAY['FenceOwed', 'ReprotectOwed', 'ReviewOwed']),
    outcome text CHECK (outcome IN ('Untouched', 'WritesStopped', 'PartiallyMoved', 'RolledBack', 'Indeterminate')),
    members jsonb NOT NULL DEFAULT '{}',
    outage_began_at timestamptz,
    restored_at timestamptz,
    unprotected_since timestamptz,
    held_because text NOT NULL DEFAULT '',
    ended_at timestamptz,
    FOREIGN KEY (request, plan_revision) REFERENCES bc.request_plan
);
CREATE INDEX run_started ON bc.run (started_at DESC);
COMMENT ON TABLE bc.run IS 'The execution of a request. epoch: who wrote last; written_in: the transaction that did, for the request''s guard.';

CREATE TABLE bc.run_step (
    request text NOT NULL REFERENCES bc.run,
    key text NOT NULL CHECK (key <> ''),
    position integer NOT NULL CHECK (position > 0),
    step jsonb NOT NULL,
    state text NOT NULL DEFAULT 'planned' CHECK (state IN
        ('planned', 'claimed', 'seen', 'unknown', 'waiting', 'verified', 'failed', 'skipped')),
    epoch bigint,
    attempts integer NOT NULL DEFAULT 0,
    claimed_at timestamptz,
    ended_at timestamptz,
    sentence text NOT NULL DEFAULT '',
    facts jsonb NOT NULL DEFAULT '{}',
    findings jsonb NOT NULL DEFAULT '[]',
    PRIMARY KEY (request, key),
    UNIQUE (request, position)
);
CREATE INDEX run_step_resource ON bc.run_step ((step->>'resource'));
COMMENT ON TABLE bc.run_step IS 'The journal. Its steps are those of the approved plan, copied when the run starts.';

CREATE TABLE bc.run_mark (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request text NOT NULL,
    step text NOT NULL,
    name text NOT NULL CHECK (name IN ('fenced', 'fence-owed', 'caught-up', 'promoted', 'written', 'undone')),
    epoch bigint NOT NULL,
    at timestamptz NOT NULL,
    facts jsonb NOT NULL DEFAULT '{}',
    recorded_at timestamptz NOT NULL DEFAULT bc.now(),
    FOREIGN KEY (request, step) REFERENCES bc.run_step,
    CONSTRAINT one_mark_a_moment UNIQUE (request, step, name, at)
);
COMMENT ON COLUMN bc.run_mark.at IS 'By the runner''s clock, when it happened; recorded_at by ours, when we were told.';

CREATE TABLE bc.run_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request text NOT NULL REFERENCES bc.request,
    at timestamptz NOT NULL DEFAULT bc.now(),
    level text NOT NULL CHECK (level IN ('info', 'warning', 'error')),
    text text NOT NULL CHECK (length(text) <= 4000),
    step text NOT NULL DEFAULT ''
);
CREATE INDEX run_event_request ON bc.run_event (request, id);

CREATE TABLE bc.precheck (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request text NOT NULL REFERENCES bc.request,
    at timestamptz NOT NULL DEFAULT bc.now(),
    findings jsonb NOT NULL
);
CREATE INDEX precheck_request ON bc.precheck (request, id DESC);
"""

PEOPLE = """
CREATE TABLE bc.run_act (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request text NOT NULL,
    plan_revision integer NOT NULL,
    plan_digest text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('stop', 'resolve', 'attest', 'waive', 'override', 'consent', 'allow', 'end-hold',
        'acknowledge')),
    step text NOT NULL DEFAULT '',
    value text NOT NULL DEFAULT '' CHECK (length(value) <= 400 AND value !~ '[[:cntrl:]]'),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 200 AND note !~ '[[:cntrl:]]'),
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    role bc.role NOT NULL,
    at timestamptz NOT NULL DEFAULT bc.now(),
    channel text NOT NULL,
    signed_in_how text NOT NULL,
    signed_in_at timestamptz NOT NULL,
    mfa text[] NOT NULL DEFAULT '{}',
    proof jsonb NOT NULL,
    FOREIGN KEY (request, plan_revision) REFERENCES bc.request_plan,
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity,
    CONSTRAINT known_answer CHECK (CASE kind WHEN 'resolve' THEN value IN ('done', 'not-done', 'give-up')
        WHEN 'attest' THEN value IN ('done', 'not-done') WHEN 'override' THEN value <> '' WHEN 'consent' THEN value <> ''
        ELSE true END)
);
CREATE INDEX run_act_request ON bc.run_act (request, id);
COMMENT ON TABLE bc.run_act IS 'What people decide about a run. Written by bc_ui; the runner verifies the proof before it counts.';

CREATE TABLE bc.freeze (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    since timestamptz NOT NULL DEFAULT bc.now(),
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    reason bc.line NOT NULL,
    thawed_at timestamptz,
    thawed_issuer bc.line,
    thawed_subject bc.line,
    thaw_reason bc.line,
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity,
    FOREIGN KEY (thawed_issuer, thawed_subject) REFERENCES bc.identity,
    CONSTRAINT thawed_whole CHECK (num_nonnulls(thawed_at, thawed_issuer, thawed_subject, thaw_reason) IN (0, 4))
);
CREATE UNIQUE INDEX freeze_one_open ON bc.freeze ((true)) WHERE thawed_at IS NULL;
COMMENT ON TABLE bc.freeze IS 'The kill switch and its history: while a row is not thawed, nothing starts.';
"""

LEASE = """
CREATE SEQUENCE bc.run_epoch;
CREATE TABLE bc.run_term (
    epoch bigint PRIMARY KEY,
    request text NOT NULL REFERENCES bc.request,
    holder bc.line NOT NULL,
    began_at timestamptz NOT NULL DEFAULT bc.now(),
    UNIQUE (epoch, request, holder)
);
COMMENT ON TABLE bc.run_term IS 'Every right to act that was ever given, and to whom. Its guard draws the epoch, so that none is used twice.';

CREATE TABLE bc.resource_lease (
    resource bc.name PRIMARY KEY,
    request text NOT NULL,
    epoch bigint NOT NULL,
    holder bc.line NOT NULL,
    ttl_s double precision NOT NULL CHECK (ttl_s > 0 AND ttl_s <= 300),
    expires_at timestamptz NOT NULL,
    released_at timestamptz,
    FOREIGN KEY (epoch, request, holder) REFERENCES bc.run_term (epoch, request, holder),
    -- A change of epoch locks as strongly as a delete, and so waits for journal entries of the old epoch; a renewal does not.
    CONSTRAINT resource_lease_epoch UNIQUE (resource, epoch)
);
CREATE INDEX resource_lease_request ON bc.resource_lease (request) WHERE released_at IS NULL;
COMMENT ON TABLE bc.resource_lease IS 'Whose a resource is: until released_at. Who may act on it: the epoch, until expires_at.';
"""


def upgrade() -> None:
    """Tables; what may be written to them, and when, stands in sql/guards/execution.sql."""
    run_script(op.get_bind(), INVENTORY + RUN + PEOPLE + LEASE)
