-- Which rules may be the approval policy (S2), and how an agreed proposal becomes it. Who may agree: changes.sql.

-- What is wrong with a rule set, as a phrase that follows "because"; empty where it is safe. The domain says the same
-- (bc_lib/domain/requests/policy_rules.py). Raises for what is no JSON.
CREATE OR REPLACE FUNCTION bc.policy_trouble(document text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    said jsonb := document::jsonb;
    rules jsonb := said->'rules';
    rule jsonb;
    need record;
    asked integer;
    names text[] := '{}';
    tier integer;
    kind text;
    place text;
    deciding jsonb;
BEGIN
    IF jsonb_typeof(said) <> 'object' OR said->>'bc' IS DISTINCT FROM 'policy-1'
            OR (SELECT count(*) FROM jsonb_object_keys(said)) <> 2 OR jsonb_typeof(rules) IS DISTINCT FROM 'array'
            OR jsonb_array_length(rules) NOT BETWEEN 1 AND 100 THEN
        RETURN 'it is not a list of 1 to 100 rules';
    END IF;
    FOR rule IN SELECT value FROM jsonb_array_elements(rules) LOOP
        IF jsonb_typeof(rule) <> 'object' OR NOT rule ?& ARRAY['name', 'tiers', 'types', 'environments', 'needs',
                'ticket_required', 'ticket_pattern', 'pending_s', 'approved_s', 'ready_s']
                OR (SELECT count(*) FROM jsonb_object_keys(rule)) <> 10 + (rule ? 'in_blackout')::integer
                OR (rule ? 'in_blackout' AND rule->'in_blackout' <> '"warn"') OR jsonb_typeof(rule->'name') <> 'string'
                OR jsonb_typeof(rule->'tiers') <> 'array' OR jsonb_typeof(rule->'types') <> 'array'
                OR jsonb_typeof(rule->'environments') <> 'array' OR jsonb_typeof(rule->'needs') <> 'array'
                OR jsonb_typeof(rule->'ticket_required') <> 'boolean'
                OR jsonb_typeof(rule->'ticket_pattern') NOT IN ('string', 'null')
                OR jsonb_typeof(rule->'pending_s') <> 'number' OR jsonb_typeof(rule->'approved_s') <> 'number'
                OR jsonb_typeof(rule->'ready_s') <> 'number' THEN
            RETURN 'a rule is not of the known form';
        ELSIF length(rule->>'name') NOT BETWEEN 1 AND 200 OR rule->>'name' ~ '[[:cntrl:]]' OR rule->>'name' = ANY(names) THEN
            RETURN 'a rule''s name is given twice or is not one line';
        ELSIF EXISTS (SELECT FROM jsonb_array_elements(rule->'tiers') v WHERE v::text NOT IN ('1', '2'))
                OR EXISTS (SELECT FROM jsonb_array_elements(rule->'types') v
                           WHERE v NOT IN ('"failover"', '"switchover"', '"failback"', '"drill"'))
                OR EXISTS (SELECT FROM jsonb_array_elements(rule->'environments') v
                           WHERE v NOT IN ('"prod"', '"staging"', '"test"', '"dev"', '"demo"')) THEN
            RETURN 'a rule names a tier, type or environment that does not exist';
        ELSIF length(rule->>'ticket_pattern') NOT BETWEEN 1 AND 200 THEN
            RETURN 'a ticket''s form is empty or longer than 200 characters';
        ELSIF NOT ((rule->>'pending_s')::numeric BETWEEN 60 AND 2592000 AND (rule->>'approved_s')::numeric BETWEEN 60 AND 604800
                   AND (rule->>'ready_s')::numeric BETWEEN 60 AND 86400) THEN
            RETURN 'a rule''s times are out of their limits';
        END IF;
        names := names || (rule->>'name');
        asked := 0;
        FOR need IN SELECT value AS said, value->>'role' AS role, count(*) OVER (PARTITION BY value->>'role') AS times
                    FROM jsonb_array_elements(rule->'needs') LOOP
            IF jsonb_typeof(need.said) <> 'object' OR (SELECT count(*) FROM jsonb_object_keys(need.said)) <> 2
                    OR need.role IS NULL OR need.role NOT IN ('approver-it', 'approver-business') OR need.times > 1
                    OR need.said->'count' IS NULL OR (need.said->'count')::text !~ '^[1-9]$' THEN
                RETURN 'a rule asks for something else than 1 to 9 of each approver role';
            END IF;
            asked := asked + (need.said->>'count')::integer;
        END LOOP;
        IF asked = 0 THEN
            RETURN 'a rule asks for nobody';
        END IF;
    END LOOP;
    FOREACH tier IN ARRAY ARRAY[1, 2] LOOP
        FOREACH kind IN ARRAY ARRAY['failover', 'switchover', 'failback', 'drill'] LOOP
            FOREACH place IN ARRAY ARRAY['prod', 'staging', 'test', 'dev', 'demo'] LOOP
                SELECT r.value INTO deciding FROM jsonb_array_elements(rules) WITH ORDINALITY r
                WHERE (r.value->'tiers' = '[]' OR r.value->'tiers' @> to_jsonb(tier))
                  AND (r.value->'types' = '[]' OR r.value->'types' @> to_jsonb(kind))
                  AND (r.value->'environments' = '[]' OR r.value->'environments' @> to_jsonb(place))
                ORDER BY r.ordinality LIMIT 1;
                IF NOT FOUND THEN
                    RETURN format('no rule covers a %s of tier %s in %s', kind, tier, place);
                ELSIF tier = 1 AND (SELECT sum((n->>'count')::integer) FROM jsonb_array_elements(deciding->'needs') n) < 2 THEN
                    RETURN format('a %s of tier 1 in %s would need fewer than two persons', kind, place);
                END IF;
            END LOOP;
        END LOOP;
    END LOOP;
    RETURN '';
END $$;
REVOKE ALL ON FUNCTION bc.policy_trouble(text) FROM PUBLIC;

-- Makes an agreed proposal the newest version of the policy; the version. For bc_runner, which has verified both
-- signatures; persons, roles, time, base and rules are checked here again. The caller writes the audit record.
CREATE OR REPLACE FUNCTION bc.apply_policy_change(wanted bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    newest integer := bc.change_alone('policy');
    p bc.change_proposal := bc.change_agreed(wanted, 'policy', newest);
BEGIN
    IF bc.policy_trouble(p.document) <> '' THEN
        PERFORM bc.refuse('POLICY_UNSAFE', jsonb_build_object('trouble', bc.policy_trouble(p.document)));
    END IF;
    INSERT INTO bc.policy_rule (version, position, name, tiers, types, environments, ticket_required, ticket_pattern,
                                pending_s, approved_s, ready_s, in_blackout)
    SELECT newest + 1, r.ordinality, r.value->>'name', ARRAY(SELECT v::smallint FROM jsonb_array_elements_text(r.value->'tiers') v),
           ARRAY(SELECT jsonb_array_elements_text(r.value->'types')), ARRAY(SELECT jsonb_array_elements_text(r.value->'environments')),
           (r.value->>'ticket_required')::boolean, r.value->>'ticket_pattern', (r.value->>'pending_s')::double precision,
           (r.value->>'approved_s')::double precision, (r.value->>'ready_s')::double precision,
           coalesce(r.value->>'in_blackout', 'forbid')
    FROM jsonb_array_elements(p.document::jsonb->'rules') WITH ORDINALITY r;
    INSERT INTO bc.policy_need (version, position, role, count)
    SELECT newest + 1, r.ordinality, n->>'role', (n->>'count')::integer
    FROM jsonb_array_elements(p.document::jsonb->'rules') WITH ORDINALITY r, jsonb_array_elements(r.value->'needs') n;
    INSERT INTO bc.change_outcome (proposal, outcome, version, at) VALUES (wanted, 'applied', newest + 1, bc.now());
    RETURN newest + 1;
END $$;
REVOKE ALL ON FUNCTION bc.apply_policy_change(bigint) FROM PUBLIC;
