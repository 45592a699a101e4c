-- The approval policy changes by two administrators (S2, S5, decisions 8 and 16): bc_ui proposes and agrees, bc_runner
-- applies through one function that checks again. Signatures are checked by the runner; everything else here too.

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
                OR (SELECT count(*) FROM jsonb_object_keys(rule)) <> 10 OR jsonb_typeof(rule->'name') <> 'string'
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

-- One change of the policy at a time: whoever proposes or applies holds this row. bc_ui and bc_runner cannot lock it.
CREATE OR REPLACE FUNCTION bc.policy_alone() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM bc.policy_rule ORDER BY version, position LIMIT 1 FOR NO KEY UPDATE;
    RETURN (SELECT max(version) FROM bc.policy_rule);
END $$;
REVOKE ALL ON FUNCTION bc.policy_alone() FROM PUBLIC;

-- A proposal: by an administrator, from the rules as they are now, safe, and what its digest says.
CREATE OR REPLACE FUNCTION bc.policy_proposed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
    newest integer := bc.policy_alone();
    trouble text;
BEGIN
    IF session_user <> 'bc_ui' OR person IS NULL OR NOT bc.holds_role(person, 'admin') THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'admin'));
    ELSIF NEW.base_version <> newest OR NEW.id <> 1 + coalesce((SELECT max(p.id) FROM bc.policy_proposal p), 0) THEN
        PERFORM bc.refuse('POLICY_STALE');
    ELSIF NEW.digest <> encode(sha256(convert_to(NEW.document, 'UTF8')), 'hex') THEN
        PERFORM bc.refuse('POLICY_DIGEST', jsonb_build_object('proposal', NEW.id));
    END IF;
    BEGIN
        trouble := bc.policy_trouble(NEW.document);
    EXCEPTION WHEN data_exception THEN
        trouble := 'it cannot be read';
    END;
    IF trouble <> '' THEN
        PERFORM bc.refuse('POLICY_UNSAFE', jsonb_build_object('trouble', trouble));
    END IF;
    NEW.at := bc.now();
    NEW.expires_at := NEW.at + interval '7 days';
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.policy_proposed() FROM PUBLIC;
CREATE OR REPLACE TRIGGER policy_proposed BEFORE INSERT ON bc.policy_proposal
    FOR EACH ROW EXECUTE FUNCTION bc.policy_proposed();
ALTER TABLE bc.policy_proposal ENABLE ALWAYS TRIGGER policy_proposed;

-- What must hold of a proposal that somebody wants to go on with; refuses otherwise. Locks it.
CREATE OR REPLACE FUNCTION bc.policy_open(wanted bigint) RETURNS bc.policy_proposal
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    p bc.policy_proposal;
    named jsonb := jsonb_build_object('proposal', wanted);
BEGIN
    SELECT * INTO p FROM bc.policy_proposal WHERE id = wanted FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM bc.refuse('UNKNOWN_PROPOSAL', named);
    ELSIF EXISTS (SELECT FROM bc.policy_outcome o WHERE o.proposal = wanted) THEN
        PERFORM bc.refuse('PROPOSAL_OVER', named);
    END IF;
    RETURN p;
END $$;
REVOKE ALL ON FUNCTION bc.policy_open(bigint) FROM PUBLIC;

-- A second administrator agrees; any administrator rejects. The first word counts.
CREATE OR REPLACE FUNCTION bc.policy_decided() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
    p bc.policy_proposal;
    named jsonb := jsonb_build_object('proposal', NEW.proposal);
BEGIN
    IF session_user <> 'bc_ui' OR person IS NULL OR NOT bc.holds_role(person, 'admin') THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'admin'));
    END IF;
    p := bc.policy_open(NEW.proposal);
    NEW.at := bc.now();
    IF EXISTS (SELECT FROM bc.policy_decision d WHERE d.proposal = NEW.proposal) OR p.expires_at <= NEW.at THEN
        PERFORM bc.refuse('PROPOSAL_OVER', named);
    ELSIF NEW.digest <> p.digest THEN
        PERFORM bc.refuse('POLICY_DIGEST', named);
    ELSIF NEW.decision = 'agree' AND p.base_version <> (SELECT max(version) FROM bc.policy_rule) THEN
        PERFORM bc.refuse('POLICY_STALE');
    ELSIF NEW.decision = 'agree' AND (person = bc.person_of(p.issuer, p.subject) OR bc.person_of(p.issuer, p.subject) IS NULL) THEN
        PERFORM bc.refuse('PROPOSER_EXCLUDED', named);
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.policy_decided() FROM PUBLIC;
CREATE OR REPLACE TRIGGER policy_decided BEFORE INSERT ON bc.policy_decision
    FOR EACH ROW EXECUTE FUNCTION bc.policy_decided();
ALTER TABLE bc.policy_decision ENABLE ALWAYS TRIGGER policy_decided;

-- Makes an agreed proposal the newest version of the policy; the version. For bc_runner, which has verified both
-- signatures; persons, roles, time, base and rules are checked here again. The caller writes the audit record.
CREATE OR REPLACE FUNCTION bc.apply_policy_change(wanted bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    newest integer := bc.policy_alone();
    p bc.policy_proposal := bc.policy_open(wanted);
    d bc.policy_decision;
    proposer bigint := bc.person_of(p.issuer, p.subject);
    second bigint;
    moment timestamptz := bc.now();
    named jsonb := jsonb_build_object('proposal', wanted);
BEGIN
    SELECT * INTO d FROM bc.policy_decision WHERE proposal = wanted;
    second := bc.person_of(d.issuer, d.subject);
    IF session_user <> 'bc_runner' THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'bc_runner'));
    ELSIF d.decision IS DISTINCT FROM 'agree' THEN
        PERFORM bc.refuse('NOT_AGREED', named);
    ELSIF p.expires_at <= moment THEN
        PERFORM bc.refuse('PROPOSAL_OVER', named);
    ELSIF p.base_version <> newest THEN
        PERFORM bc.refuse('POLICY_STALE');
    ELSIF proposer IS NULL OR second IS NULL OR NOT bc.holds_role(proposer, 'admin') OR NOT bc.holds_role(second, 'admin') THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'admin'));
    ELSIF proposer = second THEN
        PERFORM bc.refuse('PROPOSER_EXCLUDED', named);
    ELSIF p.digest <> encode(sha256(convert_to(p.document, 'UTF8')), 'hex') OR d.digest <> p.digest THEN
        PERFORM bc.refuse('POLICY_DIGEST', named);
    ELSIF bc.policy_trouble(p.document) <> '' THEN
        PERFORM bc.refuse('POLICY_UNSAFE', jsonb_build_object('trouble', bc.policy_trouble(p.document)));
    END IF;
    INSERT INTO bc.policy_rule (version, position, name, tiers, types, environments, ticket_required, ticket_pattern,
                                pending_s, approved_s, ready_s)
    SELECT newest + 1, r.ordinality, r.value->>'name', ARRAY(SELECT v::smallint FROM jsonb_array_elements_text(r.value->'tiers') v),
           ARRAY(SELECT jsonb_array_elements_text(r.value->'types')), ARRAY(SELECT jsonb_array_elements_text(r.value->'environments')),
           (r.value->>'ticket_required')::boolean, r.value->>'ticket_pattern', (r.value->>'pending_s')::double precision,
           (r.value->>'approved_s')::double precision, (r.value->>'ready_s')::double precision
    FROM jsonb_array_elements(p.document::jsonb->'rules') WITH ORDINALITY r;
    INSERT INTO bc.policy_need (version, position, role, count)
    SELECT newest + 1, r.ordinality, n->>'role', (n->>'count')::integer
    FROM jsonb_array_elements(p.document::jsonb->'rules') WITH ORDINALITY r, jsonb_array_elements(r.value->'needs') n;
    INSERT INTO bc.policy_outcome (proposal, outcome, version, at) VALUES (wanted, 'applied', newest + 1, moment);
    RETURN newest + 1;
END $$;
REVOKE ALL ON FUNCTION bc.apply_policy_change(bigint) FROM PUBLIC;

-- Ends a proposal without applying it, for bc_runner: rejected, expired, or void with the code of what is wrong.
CREATE OR REPLACE FUNCTION bc.end_policy_change(wanted bigint, how text, why_code text, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    p bc.policy_proposal := bc.policy_open(wanted);
BEGIN
    IF session_user <> 'bc_runner' OR how NOT IN ('rejected', 'expired', 'void') THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'bc_runner'));
    ELSIF how = 'expired' AND p.expires_at > bc.now() THEN
        PERFORM bc.refuse('PROPOSAL_OPEN', jsonb_build_object('proposal', wanted));
    ELSIF how = 'rejected' AND NOT EXISTS (SELECT FROM bc.policy_decision d WHERE d.proposal = wanted AND d.decision = 'reject') THEN
        PERFORM bc.refuse('PROPOSAL_OPEN', jsonb_build_object('proposal', wanted));
    END IF;
    INSERT INTO bc.policy_outcome (proposal, outcome, code, because, at) VALUES (wanted, how, why_code, why, bc.now());
END $$;
REVOKE ALL ON FUNCTION bc.end_policy_change(bigint, text, text, text) FROM PUBLIC;

-- What was said stays (bc.never_changed stands in requests.sql, which is applied after this file).
CREATE OR REPLACE FUNCTION bc.policy_word_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION bc.policy_word_stays() FROM PUBLIC;
DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['policy_proposal', 'policy_decision', 'policy_outcome'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER never_changed BEFORE UPDATE OR DELETE ON bc.%I
                        FOR EACH ROW EXECUTE FUNCTION bc.policy_word_stays()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER never_changed', kept);
        EXECUTE format('CREATE OR REPLACE TRIGGER never_emptied BEFORE TRUNCATE ON bc.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION bc.policy_word_stays()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER never_emptied', kept);
    END LOOP;
END $$;
