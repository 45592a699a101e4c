"""Proposals are about the approval policy or the inventory (S5): the policy's tables serve both."""

from __future__ import annotations

from alembic import op

from bc_lib.store.script import run_script

revision = "0108"
down_revision = "0110"


def upgrade() -> None:
    """What may be written to them, and when, stands in sql/guards/changes.sql; the guards of before are taken away."""
    run_script(
        op.get_bind(),
        """
DO $$
DECLARE
    each text;
BEGIN
    FOREACH each IN ARRAY ARRAY['proposal', 'decision', 'outcome'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS policy_proposed ON bc.policy_%s', each);
        EXECUTE format('DROP TRIGGER IF EXISTS policy_decided ON bc.policy_%s', each);
        EXECUTE format('DROP TRIGGER IF EXISTS never_changed ON bc.policy_%s', each);
        EXECUTE format('DROP TRIGGER IF EXISTS never_emptied ON bc.policy_%s', each);
        EXECUTE format('ALTER TABLE bc.policy_%s RENAME TO change_%s', each, each);
    END LOOP;
    FOREACH each IN ARRAY ARRAY['policy_proposed()', 'policy_decided()', 'policy_word_stays()', 'policy_alone()',
            'policy_open(bigint)', 'apply_policy_change(bigint)', 'end_policy_change(bigint, text, text, text)'] LOOP
        EXECUTE format('DROP FUNCTION IF EXISTS bc.%s', each);
    END LOOP;
END $$;
ALTER TABLE bc.change_proposal ADD COLUMN topic text NOT NULL DEFAULT 'policy' CHECK (topic IN ('policy', 'inventory'));
ALTER TABLE bc.change_proposal ALTER COLUMN topic DROP DEFAULT;
ALTER TABLE bc.change_proposal ALTER COLUMN base_version TYPE bigint;
ALTER TABLE bc.change_proposal DROP CONSTRAINT policy_proposal_base_version_check, ADD CHECK (base_version >= 0);
ALTER TABLE bc.change_proposal DROP CONSTRAINT policy_proposal_document_check,
    ADD CONSTRAINT change_proposal_document_check CHECK (
        octet_length(document) BETWEEN 2 AND CASE topic WHEN 'policy' THEN 100000 ELSE 50000000 END);
ALTER TABLE bc.change_outcome DROP CONSTRAINT policy_outcome_version_key;
ALTER TABLE bc.change_outcome ALTER COLUMN version TYPE bigint;
COMMENT ON TABLE bc.change_proposal IS 'What one administrator wants of the policy or the inventory. `document` is JSON, `digest` its SHA-256; base_version: the version it was made from.';
""",
    )
