-- What two administrators change together (S5, decisions 8 and 16): bc_ui proposes and agrees, bc_runner applies through
-- one function a topic that checks again. Signatures are checked by the runner; everything else here too.

-- One change at a time: whoever proposes or applies holds this row, which bc_ui and bc_runner cannot lock. The newest
-- version of the topic, which stays until the end of the transaction.
CREATE OR REPLACE FUNCTION bc.change_alone(topic text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    newest bigint;
BEGIN
    PERFORM FROM bc.policy_rule ORDER BY version, position LIMIT 1 FOR NO KEY UPDATE;
    IF topic = 'inventory' THEN
        SELECT revision INTO newest FROM bc.inventory_revision FOR NO KEY UPDATE;
    ELSE
        newest := (SELECT max(version) FROM bc.policy_rule);
    END IF;
    RETURN newest;
END $$;
REVOKE ALL ON FUNCTION bc.change_alone(text) FROM PUBLIC;

-- A proposal: by an administrator, from the version that stands now, safe, and what its digest says.
CREATE OR REPLACE FUNCTION bc.change_proposed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
    newest bigint := bc.change_alone(NEW.topic);
    trouble text;
BEGIN
    IF session_user <> 'bc_ui' OR person IS NULL OR NOT bc.holds_role(person, 'admin') THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'admin'));
    ELSIF NEW.base_version <> newest OR NEW.id <> 1 + coalesce((SELECT max(p.id) FROM bc.change_proposal p), 0) THEN
        PERFORM bc.refuse('PROPOSAL_STALE', jsonb_build_object('topic', NEW.topic));
    ELSIF NEW.digest <> encode(sha256(convert_to(NEW.document, 'UTF8')), 'hex') THEN
        PERFORM bc.refuse('PROPOSAL_DIGEST', jsonb_build_object('topic', NEW.topic, 'proposal', NEW.id));
    END IF;
    BEGIN
        trouble := CASE NEW.topic WHEN 'policy' THEN bc.policy_trouble(NEW.document) ELSE bc.inventory_trouble(NEW.document) END;
    EXCEPTION WHEN data_exception THEN
        trouble := 'it cannot be read';
    END;
    IF trouble <> '' THEN
        PERFORM bc.refuse(upper(NEW.topic) || '_UNSAFE', jsonb_build_object('trouble', trouble));
    END IF;
    NEW.at := bc.now();
    NEW.expires_at := NEW.at + interval '7 days';
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.change_proposed() FROM PUBLIC;
CREATE OR REPLACE TRIGGER change_proposed BEFORE INSERT ON bc.change_proposal
    FOR EACH ROW EXECUTE FUNCTION bc.change_proposed();
ALTER TABLE bc.change_proposal ENABLE ALWAYS TRIGGER change_proposed;

-- A proposal that is not over, locked; refuses otherwise.
CREATE OR REPLACE FUNCTION bc.change_open(wanted bigint) RETURNS bc.change_proposal
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    p bc.change_proposal;
BEGIN
    SELECT * INTO p FROM bc.change_proposal WHERE id = wanted FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM bc.refuse('UNKNOWN_PROPOSAL', jsonb_build_object('topic', 'such', 'proposal', wanted));
    ELSIF EXISTS (SELECT FROM bc.change_outcome o WHERE o.proposal = wanted) THEN
        PERFORM bc.refuse('PROPOSAL_OVER', jsonb_build_object('topic', p.topic, 'proposal', wanted));
    END IF;
    RETURN p;
END $$;
REVOKE ALL ON FUNCTION bc.change_open(bigint) FROM PUBLIC;

-- A second administrator agrees; any administrator rejects. The first word counts.
CREATE OR REPLACE FUNCTION bc.change_decided() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
    p bc.change_proposal;
    named jsonb;
BEGIN
    IF session_user <> 'bc_ui' OR person IS NULL OR NOT bc.holds_role(person, 'admin') THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'admin'));
    END IF;
    p := bc.change_open(NEW.proposal);
    named := jsonb_build_object('topic', p.topic, 'proposal', NEW.proposal);
    NEW.at := bc.now();
    IF EXISTS (SELECT FROM bc.change_decision d WHERE d.proposal = NEW.proposal) OR p.expires_at <= NEW.at THEN
        PERFORM bc.refuse('PROPOSAL_OVER', named);
    ELSIF NEW.digest <> p.digest THEN
        PERFORM bc.refuse('PROPOSAL_DIGEST', named);
    ELSIF NEW.decision = 'agree' AND p.base_version <> (CASE p.topic
            WHEN 'policy' THEN (SELECT max(version) FROM bc.policy_rule) ELSE (SELECT revision FROM bc.inventory_revision) END) THEN
        PERFORM bc.refuse('PROPOSAL_STALE', named);
    ELSIF NEW.decision = 'agree' AND (person = bc.person_of(p.issuer, p.subject) OR bc.person_of(p.issuer, p.subject) IS NULL) THEN
        PERFORM bc.refuse('PROPOSER_EXCLUDED', named);
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.change_decided() FROM PUBLIC;
CREATE OR REPLACE TRIGGER change_decided BEFORE INSERT ON bc.change_decision
    FOR EACH ROW EXECUTE FUNCTION bc.change_decided();
ALTER TABLE bc.change_decision ENABLE ALWAYS TRIGGER change_decided;

-- What must hold of a proposal that bc_runner applies; refuses otherwise. Locks it.
CREATE OR REPLACE FUNCTION bc.change_agreed(wanted bigint, about text, newest bigint) RETURNS bc.change_proposal
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    p bc.change_proposal := bc.change_open(wanted);
    d bc.change_decision;
    proposer bigint := bc.person_of(p.issuer, p.subject);
    second bigint;
    named jsonb := jsonb_build_object('topic', about, 'proposal', wanted);
BEGIN
    SELECT * INTO d FROM bc.change_decision WHERE proposal = wanted;
    second := bc.person_of(d.issuer, d.subject);
    IF session_user <> 'bc_runner' THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'bc_runner'));
    ELSIF p.topic <> about THEN
        PERFORM bc.refuse('UNKNOWN_PROPOSAL', named);
    ELSIF d.decision IS DISTINCT FROM 'agree' THEN
        PERFORM bc.refuse('NOT_AGREED', named);
    ELSIF p.expires_at <= bc.now() THEN
        PERFORM bc.refuse('PROPOSAL_OVER', named);
    ELSIF p.base_version <> newest THEN
        PERFORM bc.refuse('PROPOSAL_STALE', named);
    ELSIF proposer IS NULL OR second IS NULL OR NOT bc.holds_role(proposer, 'admin') OR NOT bc.holds_role(second, 'admin') THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'admin'));
    ELSIF proposer = second THEN
        PERFORM bc.refuse('PROPOSER_EXCLUDED', named);
    ELSIF p.digest <> encode(sha256(convert_to(p.document, 'UTF8')), 'hex') OR d.digest <> p.digest THEN
        PERFORM bc.refuse('PROPOSAL_DIGEST', named);
    END IF;
    RETURN p;
END $$;
REVOKE ALL ON FUNCTION bc.change_agreed(bigint, text, bigint) FROM PUBLIC;

-- Ends a proposal without applying it, for bc_runner: rejected, expired, or void with the code of what is wrong.
CREATE OR REPLACE FUNCTION bc.end_change(wanted bigint, how text, why_code text, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    p bc.change_proposal := bc.change_open(wanted);
    named jsonb := jsonb_build_object('topic', p.topic, 'proposal', wanted);
BEGIN
    IF session_user <> 'bc_runner' OR how NOT IN ('rejected', 'expired', 'void') THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'bc_runner'));
    ELSIF how = 'expired' AND p.expires_at > bc.now() THEN
        PERFORM bc.refuse('PROPOSAL_OPEN', named);
    ELSIF how = 'rejected' AND NOT EXISTS (SELECT FROM bc.change_decision d WHERE d.proposal = wanted AND d.decision = 'reject') THEN
        PERFORM bc.refuse('PROPOSAL_OPEN', named);
    END IF;
    INSERT INTO bc.change_outcome (proposal, outcome, code, because, at) VALUES (wanted, how, why_code, why, bc.now());
END $$;
REVOKE ALL ON FUNCTION bc.end_change(bigint, text, text, text) FROM PUBLIC;

-- What was said stays (bc.never_changed stands in requests.sql, which is applied after this file).
CREATE OR REPLACE FUNCTION bc.word_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION bc.word_stays() FROM PUBLIC;
DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['change_proposal', 'change_decision', 'change_outcome'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER never_changed BEFORE UPDATE OR DELETE ON bc.%I
                        FOR EACH ROW EXECUTE FUNCTION bc.word_stays()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER never_changed', kept);
        EXECUTE format('CREATE OR REPLACE TRIGGER never_emptied BEFORE TRUNCATE ON bc.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION bc.word_stays()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER never_emptied', kept);
    END LOOP;
END $$;
