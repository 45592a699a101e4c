"""Each signed word once: one row a signature over all tables that hold one, and proofs where there were none."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0141"
down_revision = "0144"

PROOFS = """
CREATE TABLE bc.proof (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    ref text NOT NULL,
    request text,
    signature text UNIQUE,
    stored_at timestamptz NOT NULL DEFAULT bc.now(),
    looked_at timestamptz,
    holds boolean,
    CONSTRAINT looked_whole CHECK ((looked_at IS NULL) = (holds IS NULL))
);
CREATE INDEX proof_of ON bc.proof (kind, ref, id DESC);
CREATE INDEX proof_unseen ON bc.proof (id) WHERE looked_at IS NULL;
COMMENT ON TABLE bc.proof IS 'Every signed word: which table and row it is, its signature once, and what the runner found. Written by a trigger.';

CREATE TABLE bc.breakglass_use (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    grant_id bigint NOT NULL REFERENCES bc.breakglass_grant,
    request text NOT NULL,
    plan_revision integer NOT NULL,
    plan_digest text NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamptz NOT NULL DEFAULT bc.now(),
    proof jsonb NOT NULL,
    FOREIGN KEY (request, plan_revision) REFERENCES bc.request_plan,
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity
);
CREATE TABLE bc.withdrawal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request text NOT NULL,
    plan_revision integer NOT NULL,
    plan_digest text NOT NULL,
    issuer bc.line NOT NULL,
    subject bc.line NOT NULL,
    at timestamptz NOT NULL DEFAULT bc.now(),
    proof jsonb NOT NULL,
    FOREIGN KEY (request, plan_revision) REFERENCES bc.request_plan,
    FOREIGN KEY (issuer, subject) REFERENCES bc.identity
);
COMMENT ON TABLE bc.breakglass_use IS 'The holder signs which request and which plan a grant stands in for.';
COMMENT ON TABLE bc.withdrawal IS 'The requester signs that the request is taken back.';

ALTER TABLE bc.breakglass_review DROP CONSTRAINT breakglass_review_pkey;
ALTER TABLE bc.breakglass_review ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ADD COLUMN proof jsonb;
CREATE INDEX breakglass_review_of ON bc.breakglass_review (grant_id);
ALTER TABLE bc.freeze ADD COLUMN thaw_proof jsonb;

INSERT INTO bc.proof (kind, ref, request, signature, stored_at, looked_at, holds)
SELECT kind, ref, request, CASE WHEN first THEN signature END, at, bc.now(), first OR signature IS NULL
FROM (SELECT *, row_number() OVER (PARTITION BY signature ORDER BY at, kind, length(ref), ref) = 1 AS first FROM (
    SELECT 'vote' AS kind, id::text AS ref, request, at, lower(proof->>'signature') AS signature FROM bc.vote
    UNION ALL SELECT 'confirmation', request || '/' || plan_revision, request, at, lower(proof->>'signature') FROM bc.confirmation
    UNION ALL SELECT 'run_act', id::text, request, at, lower(proof->>'signature') FROM bc.run_act
    UNION ALL SELECT 'breakglass_grant', id::text, NULL, granted_at, lower(proof->>'signature') FROM bc.breakglass_grant
    UNION ALL SELECT 'breakglass_review', id::text, NULL, at, NULL FROM bc.breakglass_review
    UNION ALL SELECT 'freeze', id::text, NULL, thawed_at, NULL FROM bc.freeze WHERE thawed_at IS NOT NULL
    UNION ALL SELECT 'evidence_signoff', request || '/' || side, request, at, lower(proof->>'signature') FROM bc.evidence_signoff
    UNION ALL SELECT 'change_proposal', id::text, NULL, at, lower(proof->>'signature') FROM bc.change_proposal
    UNION ALL SELECT 'change_decision', proposal::text, NULL, at, lower(proof->>'signature') FROM bc.change_decision
) AS said) AS ordered;
"""


def upgrade() -> None:
    """Words of before this are kept as they were found; none of them can be said again."""
    run_script(op.get_bind(), PROOFS)
