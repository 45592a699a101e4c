"""Persons, their identities, the roles last seen for them, and the keys their votes are checked with (SEC-002, SEC-007)."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0102"
down_revision = "0003"


def upgrade() -> None:
    """Written by bc_keeper, which brings them from the sign-on; never by bc_ui."""
    run_script(
        op.get_bind(),
        """
CREATE DOMAIN bc.role AS text CHECK (VALUE IN ('viewer', 'operator', 'approver-it', 'approver-business', 'admin'));

CREATE TABLE bc.person (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name bc.line NOT NULL,
    disabled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT bc.now()
);

CREATE TABLE bc.identity (
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    person bigint NOT NULL REFERENCES bc.person,
    linked_at timestamptz NOT NULL DEFAULT bc.now(),
    PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX identity_one_case ON bc.identity (lower(issuer), lower(subject));
CREATE INDEX identity_person ON bc.identity (person);
COMMENT ON TABLE bc.identity IS 'Accounts of a person. Linked accounts are one person: every rule compares persons.';

CREATE TABLE bc.role_assignment (
    person bigint NOT NULL REFERENCES bc.person,
    role bc.role NOT NULL,
    last_seen_at timestamptz NOT NULL DEFAULT bc.now(),
    PRIMARY KEY (person, role)
);
COMMENT ON COLUMN bc.role_assignment.last_seen_at IS 'When the sign-on last said so. Not seen for 24 h: it does not count.';

CREATE TABLE bc.vote_key (
    key_id bc.line PRIMARY KEY,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    public_key text NOT NULL CHECK (public_key ~ '^[0-9a-f]{64}$'),
    since timestamptz NOT NULL DEFAULT bc.now(),
    revoked_at timestamptz,
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity
);
COMMENT ON TABLE bc.vote_key IS 'Ed25519 public keys that proofs of votes are checked with. bc_ui cannot write here (decision 16).';
""",
    )
