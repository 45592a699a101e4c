"""Schedules, what became of their dates, pre-notices, blackouts, calendar feeds; requests that a schedule asked for."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0109"
down_revision = "0107"

TABLES = """
CREATE SEQUENCE bc.schedule_number;
CREATE TABLE bc.schedule_version (
    schedule text NOT NULL CHECK (schedule ~ '^s-[0-9]+$'),
    version integer NOT NULL CHECK (version > 0),
    state text NOT NULL CHECK (state IN ('active', 'paused', 'removed')),
    title bc.line NOT NULL,
    type text NOT NULL CHECK (type IN ('switchover', 'failback', 'drill')),
    drill text CHECK (drill IN ('rehearsal', 'live')),
    tag text CHECK (tag IS NULL OR tag = 'planned-rotation' AND type = 'switchover'),
    scope_kind text NOT NULL CHECK (scope_kind IN ('resource', 'group')),
    scope_name bc.name NOT NULL,
    target_site bc.name,
    reason bc.line NOT NULL,
    ticket bc.line,
    zone text NOT NULL CHECK (length(zone) BETWEEN 1 AND 63),
    starts timestamp NOT NULL,
    rule text CHECK (length(rule) BETWEEN 1 AND 200),
    lasts_s bc.seconds NOT NULL,
    catch_up_s double precision NOT NULL CHECK (catch_up_s BETWEEN 0 AND 86400),
    window_after_s double precision CHECK (window_after_s >= 0),
    window_s bc.seconds,
    notices jsonb NOT NULL DEFAULT '[]',
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamptz NOT NULL DEFAULT bc.now(),
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 100),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 200 AND note !~ '[[:cntrl:]]'),
    PRIMARY KEY (schedule, version),
    UNIQUE (issuer, subject, key),
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity,
    CONSTRAINT drill_said CHECK ((drill IS NULL) = (type <> 'drill')),
    CONSTRAINT window_whole CHECK ((window_after_s IS NULL) = (window_s IS NULL))
);
COMMENT ON TABLE bc.schedule_version IS 'Every version of every schedule; the newest counts. Whoever made one is an editor and counts as requester.';

CREATE TABLE bc.schedule_occurrence (
    schedule text NOT NULL,
    due_at timestamptz NOT NULL,
    version integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('requested', 'missed', 'refused', 'skipped')),
    code text,
    because text CHECK (length(because) <= 1000),
    at timestamptz NOT NULL DEFAULT bc.now(),
    PRIMARY KEY (schedule, due_at),
    FOREIGN KEY (schedule, version) REFERENCES bc.schedule_version
);
CREATE INDEX schedule_occurrence_due ON bc.schedule_occurrence (due_at DESC);
COMMENT ON TABLE bc.schedule_occurrence IS 'What became of a date that has come: one row, at most one request, whoever looks how often.';

CREATE TABLE bc.schedule_notice (
    schedule text NOT NULL,
    due_at timestamptz NOT NULL,
    channel bc.name NOT NULL,
    lead_s bc.seconds NOT NULL,
    version integer NOT NULL,
    at timestamptz NOT NULL DEFAULT bc.now(),
    PRIMARY KEY (schedule, due_at, channel, lead_s),
    FOREIGN KEY (schedule, version) REFERENCES bc.schedule_version
);
COMMENT ON TABLE bc.schedule_notice IS 'Pre-notices that were put into the outbox: each once.';

CREATE TABLE bc.blackout (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    schedule text CHECK (schedule ~ '^s-[0-9]+$'),
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day AND last_day - first_day <= 400),
    zone text NOT NULL CHECK (length(zone) BETWEEN 1 AND 63),
    reason bc.line NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamptz NOT NULL DEFAULT bc.now(),
    ended_at timestamptz,
    ended_issuer bc.line,
    ended_subject bc.line,
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity,
    FOREIGN KEY (ended_issuer, ended_subject) REFERENCES bc.identity,
    CONSTRAINT ended_whole CHECK ((ended_at IS NULL) = (ended_issuer IS NULL) AND (ended_at IS NULL) = (ended_subject IS NULL))
);

CREATE TABLE bc.calendar_feed (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest text NOT NULL UNIQUE CHECK (digest ~ '^[0-9a-f]{64}$'),
    title bc.line NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamptz NOT NULL DEFAULT bc.now(),
    revoked_at timestamptz,
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity
);
COMMENT ON COLUMN bc.calendar_feed.digest IS 'SHA-256 of the token; the token itself is nowhere.';

ALTER TABLE bc.request ADD COLUMN schedule text, ADD COLUMN due_at timestamptz,
    ADD COLUMN tag text CHECK (tag IS NULL OR tag = 'planned-rotation' AND type = 'switchover'),
    ADD CONSTRAINT scheduled_whole CHECK ((schedule IS NULL) = (due_at IS NULL)),
    ADD CONSTRAINT one_request_a_date UNIQUE (schedule, due_at),
    ADD CONSTRAINT scheduled FOREIGN KEY (schedule, due_at) REFERENCES bc.schedule_occurrence;
"""


def upgrade() -> None:
    """Tables; what may be written to them, and when, stands in sql/guards/schedules.sql."""
    run_script(op.get_bind(), TABLES)
