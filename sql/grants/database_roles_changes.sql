-- Changes by two administrators. Applied after database_roles.sql, which takes all back first.
-- bc_ui writes what administrators say; it writes no rule, and of the inventory only what one administrator may change.
GRANT INSERT (id, topic, base_version, document, digest, issuer, subject, channel, signed_in_how, signed_in_at, mfa, proof)
    ON bc.change_proposal TO bc_ui;
GRANT INSERT (proposal, decision, digest, issuer, subject, reason, channel, signed_in_how, signed_in_at, mfa, proof)
    ON bc.change_decision TO bc_ui;
-- bc_runner applies and ends proposals through functions that check again; it writes neither by itself.
GRANT EXECUTE ON FUNCTION bc.apply_policy_change(bigint), bc.apply_inventory_change(bigint),
    bc.end_change(bigint, text, text, text) TO bc_runner;
