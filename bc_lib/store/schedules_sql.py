"""Statements of schedules, in one place to be read beside sql/guards/schedules.sql."""

from __future__ import annotations

VERSION = """
SELECT v.*, s.title AS site_title, p.id AS editor, p.name AS editor_name
FROM bc.schedule_version v
JOIN bc.identity i ON i.issuer = v.issuer AND i.subject = v.subject JOIN bc.person p ON p.id = i.person
LEFT JOIN bc.site s ON s.name = v.target_site
"""
NEWEST = f"""{VERSION}
WHERE v.version = (SELECT max(n.version) FROM bc.schedule_version n WHERE n.schedule = v.schedule)
  AND (:removed OR v.state <> 'removed') ORDER BY CAST(substr(v.schedule, 3) AS bigint)
"""  # noqa: S608
ONE = VERSION + "WHERE v.schedule = :schedule ORDER BY v.version"
BY_KEY = VERSION + "WHERE v.issuer = :issuer AND v.subject = :subject AND v.key = :key"
STORE = """
INSERT INTO bc.schedule_version (schedule, version, state, title, type, drill, tag, scope_kind, scope_name, target_site,
    reason, ticket, zone, starts, rule, lasts_s, catch_up_s, window_after_s, window_s, notices, issuer, subject, key,
    note)
VALUES (:schedule, :version, :state, :title, :type, :drill, :tag, :scope_kind, :scope_name, :target_site,
    :reason, :ticket, :zone, :starts, :rule, :lasts_s, :catch_up_s, :window_after_s, :window_s, CAST(:notices AS jsonb),
    :issuer, :subject, :key, :note) RETURNING schedule
"""
SETTLE = """
INSERT INTO bc.schedule_occurrence (schedule, due_at, version, outcome, code, because)
VALUES (:schedule, :due_at, :version, :outcome, :code, :because)
ON CONFLICT (schedule, due_at) DO NOTHING RETURNING schedule
"""
TELL_ONCE = """
INSERT INTO bc.schedule_notice (schedule, due_at, channel, lead_s, version)
VALUES (:schedule, :due_at, :channel, :lead_s, :version)
ON CONFLICT (schedule, due_at, channel, lead_s) DO NOTHING RETURNING schedule
"""
PAST = """
SELECT o.*, r.id AS request FROM bc.schedule_occurrence o
LEFT JOIN bc.request r ON r.schedule = o.schedule AND r.due_at = o.due_at
WHERE (CAST(:schedule AS text) IS NULL OR o.schedule = :schedule)
  AND (CAST(:after AS timestamptz) IS NULL OR o.due_at > :after)
  AND (CAST(:upto AS timestamptz) IS NULL OR o.due_at <= :upto) ORDER BY o.due_at DESC, o.schedule LIMIT :limit
"""
TOLD = "SELECT due_at, channel, lead_s FROM bc.schedule_notice WHERE schedule = :schedule AND due_at > :after"
BLACKOUTS = """
SELECT b.*, p.name AS by_name FROM bc.blackout b
JOIN bc.identity i ON i.issuer = b.issuer AND i.subject = b.subject JOIN bc.person p ON p.id = i.person
WHERE :ended OR b.ended_at IS NULL ORDER BY b.first_day, b.id
"""
ADD_BLACKOUT = """
INSERT INTO bc.blackout (schedule, first_day, last_day, zone, reason, issuer, subject)
VALUES (:schedule, :first, :last, :zone, :reason, :issuer, :subject) RETURNING id
"""
END_BLACKOUT = """
UPDATE bc.blackout SET ended_at = bc.now(), ended_issuer = :issuer, ended_subject = :subject
WHERE id = :id AND ended_at IS NULL RETURNING id
"""
FEEDS = """
SELECT f.*, p.id AS person, p.name, p.disabled FROM bc.calendar_feed f
JOIN bc.identity i ON i.issuer = f.issuer AND i.subject = f.subject JOIN bc.person p ON p.id = i.person
"""
