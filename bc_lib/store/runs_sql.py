"""Statements of runs, in one place to be read beside sql/guards/execution.sql."""

from __future__ import annotations

MARGIN_S = 0.5  # between the end of a lease and the next holder's first act; the guard keeps it too

FROZEN = """
SELECT f.id, f.since, f.reason, p.name FROM bc.freeze f
JOIN bc.identity i ON i.issuer = f.issuer AND i.subject = f.subject
JOIN bc.person p ON p.id = i.person WHERE f.thawed_at IS NULL OR NOT bc.word_counts('freeze', f.id::text)
ORDER BY f.id LIMIT 1
"""
FREEZE = """
INSERT INTO bc.freeze (issuer, subject, reason) VALUES (:issuer, :subject, :reason) ON CONFLICT DO NOTHING RETURNING id
"""
THAW = """
UPDATE bc.freeze SET thawed_at = bc.now(), thawed_issuer = :issuer, thawed_subject = :subject, thaw_reason = :reason,
    thaw_proof = CAST(:proof AS jsonb)
WHERE id = :id AND (thawed_at IS NULL OR NOT bc.word_counts('freeze', id::text)) RETURNING id
"""
ACTS = """
SELECT a.*, i.person AS person_now, p.name FROM bc.run_act a
JOIN bc.identity i ON i.issuer = a.issuer AND i.subject = a.subject JOIN bc.person p ON p.id = i.person
WHERE a.request = :id
"""
# One statement, so that steps, marks and decisions are of one moment.
RUN = f"""
SELECT r.*,
    (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.position) FROM bc.run_step s WHERE s.request = :id) AS steps,
    (SELECT jsonb_agg(to_jsonb(m) ORDER BY m.at, m.id) FROM bc.run_mark m WHERE m.request = :id) AS marks,
    (SELECT jsonb_agg(to_jsonb(a) ORDER BY a.id) FROM ({ACTS}) a) AS acts
FROM bc.run r WHERE r.request = :id
"""  # noqa: S608 - constants
PRECHECKS = "SELECT at, findings FROM bc.precheck WHERE request = :id ORDER BY id DESC LIMIT 1"
LEASE = """
SELECT request, holder, epoch, ttl_s, min(expires_at) AS expires_at FROM bc.resource_lease
WHERE request = :id AND released_at IS NULL GROUP BY request, holder, epoch, ttl_s ORDER BY epoch DESC LIMIT 1
"""
BUSY = """
SELECT resource, request FROM bc.resource_lease
WHERE resource = ANY(:resources) AND released_at IS NULL ORDER BY resource
"""
EVENTS = "SELECT * FROM bc.run_event WHERE request = :id AND id > :after ORDER BY id"
PAST = """
SELECT q.id, q.type, found.resource, r.started_at, r.ended_at, r.outcome, found.step_s,
       extract(epoch FROM r.restored_at - r.outage_began_at) AS outage_s
FROM bc.run r JOIN bc.request q ON q.id = r.request
CROSS JOIN LATERAL (
    SELECT resource, coalesce(jsonb_object_agg(action, seconds) FILTER (WHERE seconds IS NOT NULL), '{}') AS step_s
    FROM (SELECT s.step->>'resource' AS resource, s.step->>'action' AS action,
                 max(extract(epoch FROM s.ended_at - s.claimed_at)) FILTER (WHERE s.state = 'verified') AS seconds
          FROM bc.run_step s WHERE s.request = r.request AND s.step->>'resource' = ANY(:resources) GROUP BY 1, 2) taken
    GROUP BY resource) found
WHERE CAST(:before AS timestamptz) IS NULL OR r.ended_at <= :before
ORDER BY r.started_at DESC, found.resource LIMIT :limit
"""
WAITING = f"""
SELECT q.id FROM bc.request q
WHERE q.state = 'ReadyToStart' AND q.expires_at > bc.now()
   OR q.state IN ('Running', 'Held', 'Stopping', 'ServiceRestored') AND NOT EXISTS (
        SELECT FROM bc.resource_lease l WHERE l.request = q.id AND l.released_at IS NULL
          AND l.expires_at + interval '{MARGIN_S} seconds' > bc.now())
ORDER BY q.state_since, q.id
"""  # noqa: S608 - constants

OPENING = """
SELECT p.digest, EXISTS (SELECT FROM bc.run r WHERE r.request = q.id) AS begun
FROM bc.request q JOIN bc.request_plan p ON p.request = q.id AND p.revision = q.plan_revision WHERE q.id = :id
"""
TERM = "INSERT INTO bc.run_term (request, holder) VALUES (:id, :holder) RETURNING epoch"
# In the order of their names, so that overlapping groups wait for each other instead of locking each other out.
TAKE = """
INSERT INTO bc.resource_lease AS l (resource, request, epoch, holder, ttl_s, expires_at)
SELECT name, :id, :epoch, :holder, :ttl_s, bc.now() + make_interval(secs => :ttl_s)
FROM unnest(CAST(:resources AS text[])) AS name ORDER BY name
ON CONFLICT (resource) DO UPDATE SET request = excluded.request, epoch = excluded.epoch, holder = excluded.holder,
    ttl_s = excluded.ttl_s, expires_at = excluded.expires_at, released_at = NULL
WHERE l.released_at IS NOT NULL RETURNING resource, expires_at
"""
OPEN = """
INSERT INTO bc.run (request, plan_revision, epoch, executor, prechecks, proofs)
VALUES (:id, :revision, :epoch, :holder, CAST(:prechecks AS jsonb), CAST(:proofs AS jsonb))
"""
STEPS = """
INSERT INTO bc.run_step (request, key, position, step)
SELECT p.request, coalesce(s.step->>'key', ''), s.position, s.step
FROM bc.request_plan p, jsonb_array_elements(p.plan->'steps') WITH ORDINALITY AS s (step, position)
WHERE p.request = :id AND p.revision = :revision ORDER BY s.position
"""
LOCK_LEASES = """
SELECT holder FROM bc.resource_lease WHERE request = :id AND released_at IS NULL ORDER BY resource FOR UPDATE
"""
SECONDS_LEFT = f"""
SELECT extract(epoch FROM max(expires_at) + interval '{MARGIN_S} seconds' - bc.now()) AS seconds
FROM bc.resource_lease WHERE request = :id AND released_at IS NULL
"""  # noqa: S608 - constants
TAKE_OVER = """
UPDATE bc.resource_lease SET epoch = :epoch, holder = :holder, ttl_s = :ttl_s,
    expires_at = bc.now() + make_interval(secs => :ttl_s)
WHERE request = :id AND released_at IS NULL RETURNING expires_at
"""
RENEW = """
WITH ours AS MATERIALIZED (
    SELECT resource FROM bc.resource_lease WHERE request = :id AND epoch = :epoch AND holder = :holder
      AND released_at IS NULL ORDER BY resource FOR NO KEY UPDATE)
UPDATE bc.resource_lease l SET expires_at = bc.now() + make_interval(secs => l.ttl_s)
FROM ours WHERE l.resource = ours.resource RETURNING l.expires_at
"""
LEAVE = """
UPDATE bc.resource_lease SET expires_at = bc.now()
WHERE request = :id AND epoch = :epoch AND holder = :holder AND released_at IS NULL RETURNING resource
"""
RELEASED = "SELECT bool_and(released_at IS NOT NULL) FROM bc.resource_lease WHERE request = :id AND epoch = :epoch"
RELEASE = """
UPDATE bc.resource_lease SET released_at = bc.now() WHERE request = :id AND epoch = :epoch AND released_at IS NULL
"""

CLAIM = """
UPDATE bc.run_step SET state = 'claimed', epoch = :epoch WHERE request = :id AND key = :key
  AND (state IN ('planned', 'waiting', 'unknown') OR state = 'claimed' AND :probed AND epoch < :epoch) RETURNING *
"""
STEP_TO = """
UPDATE bc.run_step SET state = :state, epoch = :epoch,
    sentence = CASE WHEN :state = 'seen' THEN :sentence ELSE coalesce(nullif(:sentence, ''), sentence) END,
    facts = facts || CAST(:facts AS jsonb),
    findings = coalesce(CAST(:findings AS jsonb), CASE WHEN :state IN ('seen', 'verified') THEN '[]' ELSE findings END)
WHERE request = :id AND key = :key RETURNING *
"""
STANDS = """
SELECT s.state, (SELECT coalesce(bool_and(l.epoch = :epoch AND l.expires_at > bc.now()), false) FROM bc.resource_lease l
                 WHERE l.request = s.request AND l.released_at IS NULL) AS alive
FROM bc.run_step s WHERE s.request = :id AND s.key = :key
"""
MARK = """
INSERT INTO bc.run_mark (request, step, name, epoch, at, facts)
VALUES (:id, :key, :name, :epoch, :at, CAST(:facts AS jsonb)) ON CONFLICT DO NOTHING
"""
CHANGE = """
UPDATE bc.run SET epoch = :epoch, owed = coalesce(:owed, owed), outcome = coalesce(:outcome, outcome),
    members = coalesce(CAST(:members AS jsonb), members), outage_began_at = coalesce(:outage_began_at, outage_began_at),
    restored_at = coalesce(:restored_at, restored_at),
    unprotected_since = CASE WHEN :protected THEN NULL ELSE coalesce(:unprotected_since, unprotected_since) END,
    held_because = coalesce(:held_because, held_because), ended_at = CASE WHEN :ended THEN bc.now() ELSE ended_at END
WHERE request = :id RETURNING request
"""
SAY = "INSERT INTO bc.run_event (request, level, text, step) VALUES (:id, :level, :line, :step)"
# Wishes older than this were given up by who asked.
CHECK_WISHES = """
SELECT type, scope_kind, scope_name, target_site, drill FROM bc.check_asked
WHERE asked_at > coalesce(answered_at, '-infinity') AND asked_at > bc.now() - interval '2 minutes'
ORDER BY asked_at LIMIT 3
"""
_THIS_CHECK = (
    "type = :type AND scope_kind = :scope_kind AND scope_name = :scope_name AND target_site = :target_site "
    "AND drill = :drill"
)
CHECK = f"SELECT asked_at, answered_at, findings, against FROM bc.check_asked WHERE {_THIS_CHECK}"  # noqa: S608 - constants
ASK_CHECK = """
INSERT INTO bc.check_asked AS c (type, scope_kind, scope_name, target_site, drill)
VALUES (:type, :scope_kind, :scope_name, :target_site, :drill)
ON CONFLICT (type, scope_kind, scope_name, target_site, drill) DO UPDATE SET asked_at = bc.now()
"""
ANSWER_CHECK = f"""
UPDATE bc.check_asked SET answered_at = bc.now(), findings = CAST(:findings AS jsonb), against = CAST(:against AS jsonb)
WHERE {_THIS_CHECK}
"""  # noqa: S608 - constants
STORE_PRECHECKS = "INSERT INTO bc.precheck (request, findings) VALUES (:id, CAST(:findings AS jsonb))"
ADD_ACT = """
INSERT INTO bc.run_act (request, plan_revision, plan_digest, kind, step, value, note, issuer, subject, role, channel,
    signed_in_how, signed_in_at, mfa, proof)
SELECT p.request, p.revision, p.digest, :kind, :step, :value, :note, :issuer, :subject, :role, :channel,
    :how, :signed_in_at, :mfa, CAST(:proof AS jsonb)
FROM bc.request_plan p WHERE p.request = :id AND p.revision = :revision RETURNING id
"""
