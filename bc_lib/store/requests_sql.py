"""Statements of requests, in one place to be read beside sql/guards/requests.sql."""

from __future__ import annotations

REQUEST = """
SELECT r.*, p.id AS person_id, p.name AS person_name, c.at AS confirmed_at, cp.name AS confirmed_by,
    s.title AS site_title,
    ARRAY(SELECT DISTINCT ei.person FROM bc.schedule_occurrence o
        JOIN bc.schedule_version v ON v.schedule = o.schedule AND v.version <= o.version
        JOIN bc.identity ei ON ei.issuer = v.issuer AND ei.subject = v.subject
        WHERE o.schedule = r.schedule AND o.due_at = r.due_at) AS editors
FROM bc.request r
JOIN bc.identity i ON i.issuer = r.issuer AND i.subject = r.subject JOIN bc.person p ON p.id = i.person
LEFT JOIN bc.site s ON s.name = r.target_site
LEFT JOIN bc.confirmation c ON c.request = r.id AND c.plan_revision = r.plan_revision
LEFT JOIN bc.identity ci ON ci.issuer = c.issuer AND ci.subject = c.subject LEFT JOIN bc.person cp ON cp.id = ci.person
"""
PERSON = """
SELECT p.id, p.name, p.disabled, coalesce(array_agg(a.role::text) FILTER (
    WHERE a.last_seen_at > bc.now() - interval '24 hours'), '{}') AS roles
FROM bc.identity i JOIN bc.person p ON p.id = i.person LEFT JOIN bc.role_assignment a ON a.person = p.id
WHERE i.issuer = :issuer AND i.subject = :subject GROUP BY p.id
"""
PLAN = "SELECT * FROM bc.request_plan WHERE request = :id ORDER BY revision"
CURRENT_PLAN = """
SELECT p.* FROM bc.request_plan p JOIN bc.request r ON r.id = p.request AND r.plan_revision = p.revision
WHERE r.id = :id
"""
VOTES = """
SELECT v.*, i.person AS person_now, p.name, NOT p.disabled AND EXISTS (
    SELECT FROM bc.role_assignment a WHERE a.person = i.person AND a.role = v.role
      AND a.last_seen_at > bc.now() - interval '24 hours') AS role_held
FROM bc.vote v JOIN bc.identity i ON i.issuer = v.issuer AND i.subject = v.subject JOIN bc.person p ON p.id = i.person
WHERE v.request = :id ORDER BY v.id
"""
KEYS = """
SELECT k.key_id, k.issuer, k.subject, k.public_key, bc.incarnation() AS incarnation FROM bc.vote_key k
WHERE k.revoked_at IS NULL AND k.since <= (SELECT created_at FROM bc.request WHERE id = :id)
    AND (k.issuer, k.subject) IN (
    SELECT issuer, subject FROM bc.vote WHERE request = :id
    UNION SELECT issuer, subject FROM bc.confirmation WHERE request = :id
    UNION SELECT issuer, subject FROM bc.run_act WHERE request = :id
    UNION SELECT issuer, subject FROM bc.withdrawal WHERE request = :id
    UNION SELECT g.issuer, g.subject FROM bc.breakglass_grant g JOIN bc.request r ON r.breakglass = g.id
    WHERE r.id = :id
    UNION SELECT v.issuer, v.subject FROM bc.breakglass_review v JOIN bc.request r ON r.breakglass = v.grant_id
    WHERE r.id = :id)
"""
RULES = """
SELECT r.*, coalesce((SELECT jsonb_agg(jsonb_build_object('role', n.role, 'count', n.count) ORDER BY n.role DESC)
    FROM bc.policy_need n WHERE n.version = r.version AND n.position = r.position), '[]') AS needs
FROM bc.policy_rule r WHERE r.version = (SELECT max(version) FROM bc.policy_rule) ORDER BY r.position
"""
GRANTS = """
SELECT g.*, EXISTS (SELECT FROM bc.proof p WHERE p.kind = 'breakglass_grant' AND p.ref = g.id::text
        AND p.holds = false) AS voided,
    i.person AS holder, p.name AS holder_name, v.at AS reviewed_at, v.findings, vp.name AS reviewed_by,
    ARRAY(SELECT i.person UNION
        SELECT ti.person FROM bc.request r
        JOIN bc.identity ti ON ti.issuer = r.issuer AND ti.subject = r.subject
        WHERE r.id = split_part(g.used_by, '/', 1) UNION
        SELECT ti.person FROM bc.confirmation c
        JOIN bc.identity ti ON ti.issuer = c.issuer AND ti.subject = c.subject
        WHERE c.request = split_part(g.used_by, '/', 1) UNION
        SELECT ti.person FROM bc.request r
        JOIN bc.schedule_occurrence o ON o.schedule = r.schedule AND o.due_at = r.due_at
        JOIN bc.schedule_version sv ON sv.schedule = o.schedule AND sv.version <= o.version
        JOIN bc.identity ti ON ti.issuer = sv.issuer AND ti.subject = sv.subject
        WHERE r.id = split_part(g.used_by, '/', 1)) AS took_part
FROM bc.breakglass_grant g
JOIN bc.identity i ON i.issuer = g.issuer AND i.subject = g.subject JOIN bc.person p ON p.id = i.person
LEFT JOIN LATERAL (SELECT * FROM bc.breakglass_review w WHERE w.grant_id = g.id
    AND bc.word_counts('breakglass_review', w.id::text) ORDER BY w.id DESC LIMIT 1) v ON true
LEFT JOIN bc.identity vi ON vi.issuer = v.issuer AND vi.subject = v.subject LEFT JOIN bc.person vp ON vp.id = vi.person
WHERE CAST(:id AS bigint) IS NULL OR g.id = :id ORDER BY g.id DESC
"""
UNSIGNED = """
SELECT r.id, coalesce(array_agg(s.side) FILTER (WHERE s.side IS NOT NULL), '{}') AS sides,
    coalesce(array_agg(i.person) FILTER (WHERE s.side IS NOT NULL), '{}') AS persons
FROM bc.request r JOIN bc.run n ON n.request = r.id JOIN bc.evidence e ON e.request = r.id AND e.number = 0
LEFT JOIN bc.evidence_signoff s ON s.request = r.id
LEFT JOIN bc.identity i ON i.issuer = s.issuer AND i.subject = s.subject
WHERE r.state IN ('Succeeded', 'Failed') GROUP BY r.id, r.state_since
HAVING count(s.side) < :sides ORDER BY r.state_since DESC LIMIT :limit
"""
OPEN_REQUEST = """
SELECT * FROM bc.open_request(CAST(:resources AS text[]), CAST(:retry AS text), CAST(:schedule AS text), NULL)
"""
GLASS_FOR = "SELECT bc.glass_for(:person, :kind, :name)"
CREATE = """
INSERT INTO bc.request (id, type, scope_kind, scope_name, target_site, reason, ticket, retry_of,
    window_start, window_end, tier,
    environment, policy_version, policy_position, issuer, subject, key, key_digest, state, version, last_by, drill,
    schedule, due_at, tag)
VALUES ('r-0', :type, :scope_kind, :scope_name, :target_site, :reason, :ticket, :retry_of,
    :window_start, :window_end, :tier,
    :environment, :policy_version, :policy_position, :issuer, :subject, :key, :key_digest, 'Draft', 0, :by, :drill,
    :schedule, :due_at, :tag)
RETURNING id
"""
ADD_PLAN = """
INSERT INTO bc.request_plan (request, revision, digest, plan, because)
VALUES (:request, :revision, :digest, CAST(:plan AS jsonb), :because)
"""
MOVE = """
UPDATE bc.request SET state = :state, version = version + 1, plan_revision = plan_revision + :revisions,
    last_event = :event,
    last_by = :by, last_reason = :reason, breakglass = coalesce(:grant, breakglass)
WHERE id = :id AND version = :version RETURNING id
"""
# bc_runner may not write the column breakglass, not even with what it holds.
MOVE_ONLY = MOVE.replace(", breakglass = coalesce(:grant, breakglass)", "")
VOTE = """
INSERT INTO bc.vote (request, plan_revision, plan_digest, person, issuer, subject, role, decision, reason, channel,
    signed_in_how, signed_in_at, mfa, proof)
VALUES (:request, :plan_revision, :plan_digest, 0, :issuer, :subject, :role, :decision, :reason, :channel,
    :how, :signed_in_at, :mfa, CAST(:proof AS jsonb)) RETURNING id
"""
CONFIRM = """
INSERT INTO bc.confirmation (request, plan_revision, issuer, subject, phrase, channel, proof)
VALUES (:request, :plan_revision, :issuer, :subject, :phrase, :channel, CAST(:proof AS jsonb))
"""
CONFIRMATION = """
SELECT c.*, p.digest FROM bc.confirmation c JOIN bc.request r ON r.id = c.request AND r.plan_revision = c.plan_revision
JOIN bc.request_plan p ON p.request = c.request AND p.revision = c.plan_revision WHERE r.id = :id
"""
USE = """
SELECT u.* FROM bc.breakglass_use u JOIN bc.breakglass_grant g ON g.id = u.grant_id
    AND g.used_by = u.request || '/' || u.plan_revision
JOIN bc.request_plan p ON p.request = u.request AND p.revision = u.plan_revision AND p.digest = u.plan_digest
WHERE g.id = :id ORDER BY u.id DESC LIMIT 1
"""
# A grant that was found unproven stays so, whatever else its row says.
GRANT = """
SELECT g.* FROM bc.breakglass_grant g WHERE g.id = :id AND NOT EXISTS (
    SELECT FROM bc.proof p WHERE p.kind = 'breakglass_grant' AND p.ref = g.id::text AND p.holds = false)
"""
REVIEW = """
SELECT v.* FROM bc.breakglass_review v
WHERE v.grant_id = :id AND bc.word_counts('breakglass_review', v.id::text) ORDER BY v.id DESC LIMIT 1
"""
ADD_USE = """
INSERT INTO bc.breakglass_use (grant_id, request, plan_revision, plan_digest, issuer, subject, proof)
VALUES (:grant, :request, :revision, :digest, :issuer, :subject, CAST(:proof AS jsonb))
"""
ADD_WITHDRAWAL = """
INSERT INTO bc.withdrawal (request, plan_revision, plan_digest, issuer, subject, proof)
VALUES (:request, :revision, :digest, :issuer, :subject, CAST(:proof AS jsonb))
"""
ADD_GRANT = """
INSERT INTO bc.breakglass_grant (incident, reason, scope_kind, scope_name, issuer, subject,
    granted_at, expires_at, review_due, proof)
SELECT :incident, :reason, :scope_kind, :scope_name, :issuer, :subject,
    moment, moment + make_interval(mins => :minutes),
    moment + interval '72 hours', CAST(:proof AS jsonb) FROM (SELECT bc.now() AS moment) AS clock RETURNING id
"""
ADD_REVIEW = (
    "INSERT INTO bc.breakglass_review (grant_id, issuer, subject, findings, proof) "
    "VALUES (:id, :issuer, :subject, :findings, CAST(:proof AS jsonb))"
)
REFUSED = """
INSERT INTO bc.refused_attempt AS r (issuer, subject, verb, code, system, minute, audited)
VALUES (:issuer, :subject, :verb, :code, :system, date_trunc('minute', bc.now()), 1)
ON CONFLICT (issuer, subject, minute, verb, code, system) DO UPDATE SET count = r.count + 1
RETURNING *
"""
REFUSED_SINCE = """
SELECT coalesce(sum(count), 0) FROM bc.refused_attempt
WHERE issuer = :issuer AND subject = :subject AND minute > bc.now() - make_interval(secs => :seconds)
"""
REPEATS = """
UPDATE bc.refused_attempt AS r SET audited = r.count FROM (
    SELECT * FROM bc.refused_attempt WHERE count > audited AND minute < date_trunc('minute', bc.now())
    ORDER BY minute LIMIT :limit FOR UPDATE SKIP LOCKED) AS found
WHERE (r.issuer, r.subject, r.minute, r.verb, r.code, r.system)
    = (found.issuer, found.subject, found.minute, found.verb, found.code, found.system)
RETURNING found.*
"""
CREATED_SINCE = """
SELECT count(*) FROM bc.request r JOIN bc.identity i ON i.issuer = r.issuer AND i.subject = r.subject
WHERE i.person = :person AND r.created_at > bc.now() - make_interval(secs => :seconds)
"""
TELL = """
INSERT INTO bc.outbox (channel, dedup_key, resource, environment, notification)
SELECT :channel, :dedup_key, :resource, :environment, CAST(:notification AS jsonb)
FROM bc.channel c LEFT JOIN bc.resource r ON r.name = :resource
WHERE c.name = :channel AND (NOT c.production OR r.environment = 'prod')
ON CONFLICT (channel, dedup_key) DO NOTHING
"""
LIST = (
    REQUEST
    + """
WHERE (CAST(:states AS text[]) IS NULL OR r.state = ANY(:states))
  AND (CAST(:scope AS text) IS NULL OR r.scope_name = :scope)
  AND (CAST(:requester AS bigint) IS NULL OR p.id = :requester)
ORDER BY r.created_at DESC, r.id DESC LIMIT :limit
"""
)
