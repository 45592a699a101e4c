"""Statements about what was tried: the newest live drill of everything, and lists of requests with who took part."""

from __future__ import annotations

LIVE = """
SELECT r.id, r.state, r.state_since, r.scope_kind, r.scope_name, p.plan
FROM bc.request r JOIN bc.request_plan p ON p.request = r.id AND p.revision = r.plan_revision
WHERE r.type = 'drill' AND r.drill = 'live' AND r.state IN ('Succeeded', 'Failed')
"""
# A group's drill is ranked for the group and for each resource that it touched.
NEWEST = f"""
WITH live AS MATERIALIZED ({LIVE}), touched AS (
    SELECT id, state, state_since, scope_kind AS kind, scope_name::text AS name FROM live WHERE scope_kind = 'group'
    UNION ALL
    SELECT l.id, l.state, l.state_since, 'resource', t.target ->> 'resource'
    FROM live l, jsonb_array_elements(l.plan -> 'targets') AS t (target)
), ranked AS (
    SELECT id, state, row_number() OVER (PARTITION BY kind, name ORDER BY state_since DESC, id DESC) AS place,
        row_number() OVER (PARTITION BY kind, name, state ORDER BY state_since DESC, id DESC) AS of_state FROM touched
)
SELECT * FROM live WHERE id IN (SELECT id FROM ranked WHERE place = 1 OR state = 'Succeeded' AND of_state = 1)
ORDER BY state_since DESC, id DESC
"""  # noqa: S608 - constants
STAMP = """
SELECT concat_ws('/', (SELECT revision FROM bc.inventory_revision), (SELECT max(version) FROM bc.policy_rule),
    count(*), max(state_since)) AS stamp
FROM bc.request WHERE type = 'drill' AND drill = 'live' AND state IN ('Succeeded', 'Failed')
"""
BEFORE = f"""
{LIVE} AND r.state_since < :moment AND (r.scope_kind = :kind AND r.scope_name = :name
    OR :kind = 'resource' AND p.plan -> 'targets' @> jsonb_build_array(jsonb_build_object('resource', :name)))
ORDER BY r.state_since DESC, r.id DESC LIMIT 1
"""
ASKED = """
SELECT r.*, s.title AS site_title, p.name AS asked_by, u.executor, u.outcome, e.digest AS pack,
    ARRAY(SELECT t.target ->> 'resource' FROM bc.request_plan rp,
            jsonb_array_elements(rp.plan -> 'targets') AS t (target)
        WHERE rp.request = r.id AND rp.revision = r.plan_revision) AS members,
    ARRAY(SELECT DISTINCT vp.name::text FROM bc.vote v
        JOIN bc.identity vi ON vi.issuer = v.issuer AND vi.subject = v.subject JOIN bc.person vp ON vp.id = vi.person
        WHERE v.request = r.id AND v.plan_revision = r.plan_revision AND v.decision = 'approve' ORDER BY 1) AS agreed,
    ARRAY(SELECT DISTINCT vp.name::text FROM bc.vote v
        JOIN bc.identity vi ON vi.issuer = v.issuer AND vi.subject = v.subject JOIN bc.person vp ON vp.id = vi.person
        WHERE v.request = r.id AND v.plan_revision = r.plan_revision AND v.decision = 'deny' ORDER BY 1) AS denied,
    ARRAY(SELECT DISTINCT cp.name::text FROM bc.confirmation c
        JOIN bc.identity ci ON ci.issuer = c.issuer AND ci.subject = c.subject JOIN bc.person cp ON cp.id = ci.person
        WHERE c.request = r.id AND c.plan_revision = r.plan_revision ORDER BY 1) AS confirmed,
    ARRAY(SELECT DISTINCT ap.name::text FROM bc.run_act a
        JOIN bc.identity ai ON ai.issuer = a.issuer AND ai.subject = a.subject JOIN bc.person ap ON ap.id = ai.person
        WHERE a.request = r.id ORDER BY 1) AS decided
FROM bc.request r
JOIN bc.identity i ON i.issuer = r.issuer AND i.subject = r.subject JOIN bc.person p ON p.id = i.person
LEFT JOIN bc.site s ON s.name = r.target_site
LEFT JOIN bc.run u ON u.request = r.id LEFT JOIN bc.evidence e ON e.request = r.id AND e.number = 0
"""
TRIED = f"""
{ASKED} WHERE r.id IN (
    SELECT DISTINCT ON (scope_kind, scope_name, type, drill) id FROM bc.request WHERE state IN ('Succeeded', 'Failed')
    ORDER BY scope_kind, scope_name, type, drill, state_since DESC, id DESC)
ORDER BY r.state_since DESC, r.id DESC
"""  # noqa: S608 - constants
DURING = f"""
{ASKED} WHERE r.created_at < :end AND r.state <> 'Draft'
    AND (r.state_since >= :start OR r.state NOT IN ('Succeeded', 'Failed', 'Rejected', 'Expired', 'Cancelled'))
ORDER BY r.created_at DESC, r.id DESC
"""
