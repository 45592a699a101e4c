-- What each login role may do with requests, people and grants. Applied after database_roles.sql, which takes all back first.
-- bc_ui asks, votes, confirms; it writes neither people, roles, keys nor policy.
GRANT INSERT ON bc.request, bc.request_plan, bc.vote, bc.confirmation, bc.breakglass_grant,
    bc.breakglass_use, bc.breakglass_review, bc.withdrawal, bc.outbox TO bc_ui;
GRANT UPDATE (holds, looked_at) ON bc.proof TO bc_runner;
GRANT UPDATE (state, version, plan_revision, breakglass, last_event, last_by, last_reason) ON bc.request TO bc_ui;
GRANT INSERT, UPDATE ON bc.refused_attempt TO bc_ui, bc_runner;

-- bc_runner drives what is confirmed, ends what has expired, voids what has changed; it has no vote.
GRANT UPDATE (state, version, plan_revision, last_event, last_by, last_reason) ON bc.request TO bc_runner;
GRANT INSERT ON bc.request_plan TO bc_runner;

-- bc_sign_on alone brings people, roles and keys; it sends no mail and holds nothing else. Each change is audited and told
-- to security by guards/people.sql.
GRANT SELECT ON bc.person, bc.identity, bc.role_assignment, bc.vote_key TO bc_sign_on;
GRANT INSERT (name), UPDATE (disabled) ON bc.person TO bc_sign_on;
GRANT INSERT (issuer, subject, person), UPDATE (person, linked_at) ON bc.identity TO bc_sign_on;
GRANT INSERT (person, role), UPDATE (last_seen_at), DELETE ON bc.role_assignment TO bc_sign_on;
GRANT INSERT (key_id, issuer, subject, public_key), UPDATE (revoked_at) ON bc.vote_key TO bc_sign_on;
GRANT EXECUTE ON FUNCTION bc.approval_missing(text) TO bc_ui, bc_runner, bc_reader;

-- The audit log stamps a request's type and target on each record about it.
GRANT USAGE ON SCHEMA bc TO bc_audit_owner;
GRANT SELECT (id, type, target_site) ON bc.request TO bc_audit_owner;

-- Pages and commands say what stands against a request before it is asked for; the guard decides.
GRANT EXECUTE ON FUNCTION bc.open_request(text[], text, text, text), bc.glass_for(bigint, text, text)
    TO bc_ui, bc_runner, bc_reader;

-- Whether a signed word counts, and for which incarnation one is signed.
GRANT EXECUTE ON FUNCTION bc.word_counts(text, text), bc.incarnation() TO bc_ui, bc_runner, bc_keeper, bc_reader;
