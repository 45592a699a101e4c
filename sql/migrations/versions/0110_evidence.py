"""Evidence packs and their addenda, sign-off by two sides, findings (ux.md "Evidence pack")."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0110"
down_revision = "0109"

EVIDENCE = """
CREATE TABLE bc.evidence (
    request text NOT NULL REFERENCES bc.request,
    number integer NOT NULL CHECK (number >= 0),
    manifest text NOT NULL,
    digest text NOT NULL UNIQUE CHECK (digest ~ '^[0-9a-f]{64}$'),
    files bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT bc.now(),
    tells integer NOT NULL CHECK (tells >= 0),
    PRIMARY KEY (request, number)
);
ALTER TABLE bc.evidence ALTER COLUMN files SET STORAGE EXTERNAL;
COMMENT ON TABLE bc.evidence IS 'Number 0 is the pack of an ended request, the others are its addenda; never changed.';
COMMENT ON COLUMN bc.evidence.files IS 'A container of the files that the manifest names, and the manifest itself.';
COMMENT ON COLUMN bc.evidence.tells IS 'How many words after the end (sign-offs, findings, closings) it tells of.';
CREATE TABLE bc.evidence_signoff (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request text NOT NULL REFERENCES bc.request,
    side text NOT NULL CHECK (side IN ('it', 'business')),
    answer text NOT NULL CHECK (answer IN ('accepted', 'rejected')),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 200 AND note !~ '[[:cntrl:]]'),
    digest text NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    role bc.role NOT NULL,
    channel text NOT NULL,
    signed_in_how text NOT NULL,
    signed_in_at timestamptz NOT NULL,
    mfa text[] NOT NULL DEFAULT '{}',
    proof jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT bc.now(),
    UNIQUE (request, side),
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity
);
COMMENT ON COLUMN bc.evidence_signoff.digest IS 'SHA-256 of the manifest of the pack that was looked at.';
CREATE TABLE bc.finding (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request text NOT NULL REFERENCES bc.request,
    what text NOT NULL CHECK (length(what) BETWEEN 1 AND 1000 AND what !~ '[[:cntrl:]]'),
    owner bc.line NOT NULL,
    due date NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 100),
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamptz NOT NULL DEFAULT bc.now(),
    UNIQUE (request, issuer, subject, key),
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity
);
COMMENT ON COLUMN bc.finding.key IS 'The same key from the same account is the same submission.';
CREATE TABLE bc.finding_closed (
    finding bigint PRIMARY KEY REFERENCES bc.finding,
    note text NOT NULL CHECK (length(note) BETWEEN 1 AND 1000 AND note !~ '[[:cntrl:]]'),
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamptz NOT NULL DEFAULT bc.now(),
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity
);
"""


def upgrade() -> None:
    """Four tables."""
    run_script(op.get_bind(), EVIDENCE)
