-- What each login role may do with schedules. Applied after database_roles.sql, which takes all back first.
-- bc_ui writes what editors say; it turns no date into a request.
GRANT INSERT (schedule, version, state, title, type, drill, tag, scope_kind, scope_name, target_site, reason, ticket, zone,
    starts, rule, lasts_s, catch_up_s, window_after_s, window_s, notices, issuer, subject, key, note)
    ON bc.schedule_version TO bc_ui;
GRANT INSERT (schedule, first_day, last_day, zone, reason, issuer, subject),
    UPDATE (ended_at, ended_issuer, ended_subject) ON bc.blackout TO bc_ui;
GRANT INSERT (digest, title, issuer, subject), UPDATE (revoked_at) ON bc.calendar_feed TO bc_ui;
-- bc_runner records what became of a date and asks in the name of its schedule; it has no vote on what it asks for.
GRANT INSERT (schedule, due_at, version, outcome, code, because) ON bc.schedule_occurrence TO bc_runner;
GRANT INSERT (schedule, due_at, channel, lead_s, version) ON bc.schedule_notice TO bc_runner;
GRANT INSERT ON bc.request TO bc_runner;
