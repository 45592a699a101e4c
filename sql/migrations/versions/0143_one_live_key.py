"""One live vote key an identity, and no key of two: a second one signed in somebody's name at once."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0143"
down_revision = "0140"

ONE_LIVE_KEY = """
UPDATE bc.vote_key k SET revoked_at = bc.now()
WHERE k.revoked_at IS NULL AND EXISTS (SELECT FROM bc.vote_key n WHERE (n.issuer, n.subject) = (k.issuer, k.subject)
    AND n.revoked_at IS NULL AND (n.since, n.key_id) > (k.since, k.key_id));
CREATE UNIQUE INDEX one_live_key ON bc.vote_key (issuer, subject) WHERE revoked_at IS NULL;
ALTER TABLE bc.vote_key ADD CONSTRAINT one_key_one_account UNIQUE (public_key);
COMMENT ON TABLE bc.vote_key IS
    'Ed25519 public keys that proofs of votes are checked with. Written by bc_sign_on only (decision 16); audited.';
"""


def upgrade() -> None:
    """Of several live keys of an account the newest stays."""
    run_script(op.get_bind(), ONE_LIVE_KEY)
