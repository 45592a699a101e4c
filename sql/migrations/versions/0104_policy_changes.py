"""Proposals to change the approval policy, what a second administrator said, how each ended (decision 8 and 16, S5)."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0104"
down_revision = "0103"


def upgrade() -> None:
    """Tables; what may be written to them, and when, stands in sql/guards/policy.sql."""
    run_script(
        op.get_bind(),
        """
CREATE TABLE bc.policy_proposal (
    id bigint PRIMARY KEY CHECK (id > 0),
    base_version integer NOT NULL CHECK (base_version > 0),
    document text NOT NULL CHECK (octet_length(document) BETWEEN 2 AND 100000),
    digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamptz NOT NULL DEFAULT bc.now(),
    expires_at timestamptz NOT NULL,
    channel text NOT NULL,
    signed_in_how text NOT NULL,
    signed_in_at timestamptz NOT NULL,
    mfa text[] NOT NULL DEFAULT '{}',
    proof jsonb NOT NULL,
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity
);
COMMENT ON TABLE bc.policy_proposal IS 'A rule set that one administrator wants. `document` is JSON, `digest` its SHA-256; base_version: the rules it was made from.';

CREATE TABLE bc.policy_decision (
    proposal bigint PRIMARY KEY REFERENCES bc.policy_proposal,
    decision text NOT NULL CHECK (decision IN ('agree', 'reject')),
    digest text NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 200 AND reason !~ '[[:cntrl:]]'),
    at timestamptz NOT NULL DEFAULT bc.now(),
    channel text NOT NULL,
    signed_in_how text NOT NULL,
    signed_in_at timestamptz NOT NULL,
    mfa text[] NOT NULL DEFAULT '{}',
    proof jsonb NOT NULL,
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity
);
COMMENT ON TABLE bc.policy_decision IS 'What a second administrator said. One word a proposal: the first counts.';

CREATE TABLE bc.policy_outcome (
    proposal bigint PRIMARY KEY REFERENCES bc.policy_proposal,
    outcome text NOT NULL CHECK (outcome IN ('applied', 'rejected', 'expired', 'void')),
    version integer UNIQUE,
    code text,
    because text,
    at timestamptz NOT NULL DEFAULT bc.now(),
    CONSTRAINT applied_whole CHECK ((outcome = 'applied') = (version IS NOT NULL))
);
COMMENT ON TABLE bc.policy_outcome IS 'How a proposal ended, written by the runner through functions only. No row: it is still open or agreed.';
""",
    )
