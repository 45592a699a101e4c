-- What each login role may do with runs. Applied after database_roles.sql, which takes all back first.
-- bc_runner writes the journal and holds the leases; epochs are drawn by a guard, times are the guards'.
GRANT INSERT (request, holder) ON bc.run_term TO bc_runner;
GRANT INSERT (resource, request, epoch, holder, ttl_s, expires_at),
    UPDATE (request, epoch, holder, ttl_s, expires_at, released_at) ON bc.resource_lease TO bc_runner;
GRANT INSERT (request, plan_revision, epoch, executor, prechecks, proofs),
    UPDATE (epoch, owed, outcome, members, outage_began_at, restored_at, unprotected_since, held_because, ended_at)
    ON bc.run TO bc_runner;
GRANT INSERT (request, key, position, step), UPDATE (state, epoch, sentence, facts, findings) ON bc.run_step TO bc_runner;
GRANT INSERT (request, step, name, epoch, at, facts) ON bc.run_mark TO bc_runner;
GRANT INSERT (request, level, text, step) ON bc.run_event TO bc_runner;
GRANT INSERT (request, findings) ON bc.precheck TO bc_runner;
GRANT UPDATE (answered_at, findings, against) ON bc.check_asked TO bc_runner;

-- bc_ui writes what people decide, and the kill switch; nothing that a runner writes.
GRANT INSERT (request, plan_revision, plan_digest, kind, step, value, note, issuer, subject, role, channel, signed_in_how,
    signed_in_at, mfa, proof) ON bc.run_act TO bc_ui;
GRANT INSERT (issuer, subject, reason), UPDATE (thawed_at, thawed_issuer, thawed_subject, thaw_reason,
    thaw_proof) ON bc.freeze TO bc_ui;
GRANT INSERT (type, scope_kind, scope_name, target_site, drill), UPDATE (asked_at) ON bc.check_asked TO bc_ui;
