"""Statements of evidence, in one place to be read beside sql/guards/evidence.sql."""

from __future__ import annotations

OVER = "('Succeeded', 'Failed', 'Rejected', 'Expired', 'Cancelled')"

STORED = """
SELECT request, number, digest, made_at, tells FROM bc.evidence WHERE request = :id ORDER BY number
"""
PACKS = """
SELECT e.request, r.type, r.scope_name AS scope, coalesce(s.title, r.target_site) AS "where",
    r.state, e.made_at, e.digest,
    (SELECT count(*) FROM bc.evidence a WHERE a.request = e.request AND a.number > 0) AS addenda
FROM bc.evidence e JOIN bc.request r ON r.id = e.request LEFT JOIN bc.site s ON s.name = r.target_site
WHERE e.number = 0
  AND (CAST(:start AS timestamptz) IS NULL OR r.created_at >= :start)
  AND (CAST(:end AS timestamptz) IS NULL OR r.created_at < :end)
  AND (CAST(:system AS text) IS NULL OR r.scope_name = :system OR EXISTS (
    SELECT FROM bc_audit.record m WHERE m.request_id = r.id AND m.systems @> ARRAY[CAST(:system AS text)]))
  AND (CAST(:request AS text) IS NULL OR r.id = :request)
  AND (CAST(:type AS text) IS NULL OR r.type = :type)
  AND (CAST(:target AS text) IS NULL OR r.target_site = :target)
  AND (CAST(:outcome AS text) IS NULL OR lower(r.state) = lower(:outcome))
  AND (CAST(:person AS text) IS NULL OR lower(:person) IN (lower(r.subject), (
    SELECT lower(p.name) FROM bc.identity i JOIN bc.person p ON p.id = i.person
    WHERE i.issuer = r.issuer AND i.subject = r.subject)))
ORDER BY r.created_at DESC, r.id LIMIT :limit
"""
FILES = "SELECT files FROM bc.evidence WHERE request = :id AND number = :number"
KEEP = """
INSERT INTO bc.evidence (request, number, manifest, digest, files, tells)
VALUES (:id, :number, :manifest, :digest, :files, :tells) ON CONFLICT (request, number) DO NOTHING RETURNING number
"""
SIGNOFFS = """
SELECT s.*, i.person AS person_now, p.name FROM bc.evidence_signoff s
JOIN bc.identity i ON i.issuer = s.issuer AND i.subject = s.subject JOIN bc.person p ON p.id = i.person
WHERE s.request = :id ORDER BY s.id
"""
SIGNOFF_KEYS = """
SELECT k.key_id, k.issuer, k.subject, k.public_key, bc.incarnation() AS incarnation FROM bc.vote_key k
WHERE k.revoked_at IS NULL AND (k.issuer, k.subject) IN (
    SELECT issuer, subject FROM bc.evidence_signoff WHERE request = :id)
"""
SIGN_OFF = """
INSERT INTO bc.evidence_signoff (request, side, answer, note, digest, issuer, subject, role, channel, signed_in_how,
    signed_in_at, mfa, proof)
VALUES (:id, :side, :answer, :note, :digest, :issuer, :subject, :role, :channel, :how, :signed_in_at, :mfa,
    CAST(:proof AS jsonb))
"""
REMARKS = """
SELECT f.id, f.request, r.scope_name AS scope, f.what, f.owner, f.due, p.name AS raised_by, f.at AS raised_at,
    cp.name AS closed_by, c.at AS closed_at, coalesce(c.note, '') AS closing
FROM bc.finding f JOIN bc.request r ON r.id = f.request
JOIN bc.identity i ON i.issuer = f.issuer AND i.subject = f.subject JOIN bc.person p ON p.id = i.person
LEFT JOIN bc.finding_closed c ON c.finding = f.id
LEFT JOIN bc.identity ci ON ci.issuer = c.issuer AND ci.subject = c.subject LEFT JOIN bc.person cp ON cp.id = ci.person
WHERE (CAST(:id AS text) IS NULL OR f.request = :id) AND (CAST(:number AS bigint) IS NULL OR f.id = :number)
  AND (NOT :only_open OR c.finding IS NULL)
ORDER BY c.finding IS NOT NULL, f.due, f.id
"""
RAISE = """
INSERT INTO bc.finding (request, what, owner, due, key, issuer, subject)
VALUES (:id, :what, :owner, :due, :key, :issuer, :subject)
ON CONFLICT (request, issuer, subject, key) DO NOTHING RETURNING id
"""
RAISED = "SELECT id FROM bc.finding WHERE request = :id AND issuer = :issuer AND subject = :subject AND key = :key"
CLOSE = "INSERT INTO bc.finding_closed (finding, note, issuer, subject) VALUES (:number, :note, :issuer, :subject)"
INVOLVED = """
SELECT p.id, p.name, p.disabled, (SELECT jsonb_agg(jsonb_build_array(a.role, a.last_seen_at) ORDER BY a.role)
    FROM bc.role_assignment a WHERE a.person = p.id) AS roles
FROM bc.identity i JOIN bc.person p ON p.id = i.person WHERE i.issuer = :issuer AND i.subject = :subject
"""
CONFIRMATIONS = """
SELECT c.*, p.digest, n.name FROM bc.confirmation c
JOIN bc.request_plan p ON p.request = c.request AND p.revision = c.plan_revision
JOIN bc.identity i ON i.issuer = c.issuer AND i.subject = c.subject JOIN bc.person n ON n.id = i.person
WHERE c.request = :id ORDER BY c.at
"""
DUE_PACKS = f"""
SELECT r.id FROM bc.request r WHERE r.state IN {OVER} AND NOT EXISTS (
    SELECT FROM bc.evidence e WHERE e.request = r.id) ORDER BY r.state_since LIMIT :limit
"""  # noqa: S608 (a constant)
OWED = f"""
SELECT bc.now() AS now, count(*)::integer AS count, (array_agg(r.id ORDER BY r.state_since, r.id))[1] AS oldest,
    min(r.state_since) AS since
FROM bc.request r WHERE r.state IN {OVER} AND NOT EXISTS (SELECT FROM bc.evidence e WHERE e.request = r.id)
"""  # noqa: S608 (a constant)
DUE_ADDENDA = """
SELECT e.request FROM bc.evidence e
WHERE e.number = (SELECT max(n.number) FROM bc.evidence n WHERE n.request = e.request)
  AND e.tells < (SELECT count(*) FROM bc.evidence_signoff s WHERE s.request = e.request)
    + (SELECT count(*) + count(c.finding) FROM bc.finding f LEFT JOIN bc.finding_closed c ON c.finding = f.id
       WHERE f.request = e.request)
ORDER BY e.made_at LIMIT :limit
"""
