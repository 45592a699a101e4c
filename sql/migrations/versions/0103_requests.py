"""Requests, plans, votes, confirmations, approval policy, break-glass, refused attempts (FR-030..032, SEC-006)."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0103"
down_revision = "0102"

POLICY = """
CREATE TABLE bc.policy_rule (
    version integer NOT NULL CHECK (version > 0),
    position integer NOT NULL CHECK (position > 0),
    name bc.line NOT NULL,
    tiers smallint[] NOT NULL DEFAULT '{}',
    types text[] NOT NULL DEFAULT '{}',
    environments text[] NOT NULL DEFAULT '{}',
    ticket_required boolean NOT NULL DEFAULT false,
    ticket_pattern text,
    pending_s bc.seconds NOT NULL DEFAULT 86400,
    approved_s bc.seconds NOT NULL DEFAULT 14400,
    ready_s bc.seconds NOT NULL DEFAULT 900,
    PRIMARY KEY (version, position)
);
COMMENT ON TABLE bc.policy_rule IS 'Approval rules. The newest version counts; the first rule that covers a request decides.';
CREATE TABLE bc.policy_need (
    version integer NOT NULL,
    position integer NOT NULL,
    role bc.role NOT NULL CHECK (role IN ('approver-it', 'approver-business')),
    count integer NOT NULL CHECK (count BETWEEN 1 AND 9),
    PRIMARY KEY (version, position, role),
    FOREIGN KEY (version, position) REFERENCES bc.policy_rule
);
INSERT INTO bc.policy_rule (version, position, name, tiers) VALUES (1, 1, 'Tier 1', '{1}'), (1, 2, 'Everything else', '{}');
INSERT INTO bc.policy_need VALUES (1, 1, 'approver-it', 1), (1, 1, 'approver-business', 1), (1, 2, 'approver-it', 1);
"""

REQUEST = """
CREATE SEQUENCE bc.request_number;
CREATE TABLE bc.breakglass_grant (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident text NOT NULL CHECK (length(incident) <= 40 AND incident ~ '^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$'),
    reason bc.line NOT NULL,
    scope_kind text NOT NULL CHECK (scope_kind IN ('resource', 'group')),
    scope_name bc.name NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT bc.now(),
    expires_at timestamptz NOT NULL,
    review_due timestamptz NOT NULL,
    used_by text UNIQUE,
    used_at timestamptz,
    proof jsonb NOT NULL,
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity,
    CONSTRAINT one_hour CHECK (expires_at > granted_at AND expires_at <= granted_at + interval '60 minutes'),
    CONSTRAINT used_whole CHECK ((used_by IS NULL) = (used_at IS NULL))
);
CREATE TABLE bc.breakglass_review (
    grant_id bigint PRIMARY KEY REFERENCES bc.breakglass_grant,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    findings text NOT NULL CHECK (length(findings) BETWEEN 1 AND 4000),
    at timestamptz NOT NULL DEFAULT bc.now(),
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity
);

CREATE TABLE bc.request (
    id text PRIMARY KEY CHECK (id ~ '^r-[0-9]+$'),
    type text NOT NULL CHECK (type IN ('failover', 'switchover', 'failback', 'drill')),
    scope_kind text NOT NULL CHECK (scope_kind IN ('resource', 'group')),
    scope_name bc.name NOT NULL,
    target_site bc.name NOT NULL,
    reason bc.line NOT NULL,
    ticket bc.line,
    retry_of text REFERENCES bc.request,
    window_start timestamptz,
    window_end timestamptz,
    tier smallint NOT NULL CHECK (tier IN (1, 2)),
    environment bc.environment NOT NULL,
    policy_version integer NOT NULL,
    policy_position integer NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 100),
    key_digest text NOT NULL,
    state text NOT NULL CHECK (state IN ('Draft', 'PendingApproval', 'Approved', 'ReadyToStart', 'Running', 'Held', 'Stopping',
        'ServiceRestored', 'Succeeded', 'Failed', 'Rejected', 'Expired', 'Cancelled')),
    version integer NOT NULL,
    plan_revision integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT bc.now(),
    state_since timestamptz NOT NULL DEFAULT bc.now(),
    expires_at timestamptz,
    breakglass bigint UNIQUE REFERENCES bc.breakglass_grant,
    last_event text NOT NULL DEFAULT 'draft',
    last_by text,
    last_reason text,
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity,
    FOREIGN KEY (policy_version, policy_position) REFERENCES bc.policy_rule,
    UNIQUE (issuer, subject, key),
    CONSTRAINT window_whole CHECK ((window_start IS NULL) = (window_end IS NULL) AND window_start < window_end)
);
CREATE INDEX request_state ON bc.request (state, expires_at);
CREATE INDEX request_scope ON bc.request (scope_name, created_at DESC);
CREATE INDEX request_requester ON bc.request (issuer, subject, created_at DESC);
COMMENT ON TABLE bc.request IS 'One asked-for state change. Its guard fills tier, environment, policy, times and number.';

CREATE TABLE bc.request_plan (
    request text NOT NULL REFERENCES bc.request,
    revision integer NOT NULL CHECK (revision > 0),
    digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    plan jsonb NOT NULL,
    made_at timestamptz NOT NULL DEFAULT bc.now(),
    because text,
    PRIMARY KEY (request, revision)
);
COMMENT ON COLUMN bc.request_plan.because IS 'Why it replaced the revision before and voided its votes.';

CREATE TABLE bc.vote (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request text NOT NULL,
    plan_revision integer NOT NULL,
    plan_digest text NOT NULL,
    person bigint NOT NULL REFERENCES bc.person,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    role bc.role NOT NULL,
    decision text NOT NULL CHECK (decision IN ('approve', 'deny')),
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 200),
    at timestamptz NOT NULL DEFAULT bc.now(),
    channel text NOT NULL,
    signed_in_how text NOT NULL,
    signed_in_at timestamptz NOT NULL,
    mfa text[] NOT NULL DEFAULT '{}',
    proof jsonb NOT NULL,
    FOREIGN KEY (request, plan_revision) REFERENCES bc.request_plan,
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity,
    CONSTRAINT one_vote_a_person UNIQUE (request, plan_revision, person)
);

CREATE TABLE bc.confirmation (
    request text NOT NULL,
    plan_revision integer NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    phrase text NOT NULL,
    at timestamptz NOT NULL DEFAULT bc.now(),
    channel text NOT NULL,
    proof jsonb NOT NULL,
    PRIMARY KEY (request, plan_revision),
    FOREIGN KEY (request, plan_revision) REFERENCES bc.request_plan,
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity
);

CREATE TABLE bc.request_history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request text NOT NULL REFERENCES bc.request,
    at timestamptz NOT NULL,
    version integer NOT NULL,
    event text NOT NULL,
    before text,
    after text NOT NULL,
    by text,
    reason text
);
CREATE INDEX request_history_request ON bc.request_history (request, id);

CREATE TABLE bc.refused_attempt (
    issuer text NOT NULL,
    subject text NOT NULL,
    verb text NOT NULL,
    code text NOT NULL,
    system text NOT NULL DEFAULT '',
    minute timestamptz NOT NULL,
    count integer NOT NULL DEFAULT 1,
    audited integer NOT NULL DEFAULT 0,
    PRIMARY KEY (issuer, subject, minute, verb, code, system)
);
COMMENT ON TABLE bc.refused_attempt IS 'Refusals counted by the minute: the audit gets the first one and one record of the repeats.';
"""


def upgrade() -> None:
    """Tables; what may be written to them, and when, stands in sql/guards/requests.sql and votes.sql."""
    run_script(op.get_bind(), POLICY + REQUEST)
