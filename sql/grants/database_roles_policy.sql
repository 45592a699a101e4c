-- Changing the approval policy. Applied after database_roles.sql, which takes all back first.
-- bc_ui writes what administrators say; it writes no rule.
GRANT INSERT (id, base_version, document, digest, issuer, subject, channel, signed_in_how, signed_in_at, mfa, proof)
    ON bc.policy_proposal TO bc_ui;
GRANT INSERT (proposal, decision, digest, issuer, subject, reason, channel, signed_in_how, signed_in_at, mfa, proof)
    ON bc.policy_decision TO bc_ui;
-- bc_runner applies and ends proposals through functions that check again; it writes no rule by itself either.
GRANT EXECUTE ON FUNCTION bc.apply_policy_change(bigint), bc.end_policy_change(bigint, text, text, text) TO bc_runner;
