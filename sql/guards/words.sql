-- Signed words: each signature once over all tables that hold one, made for this incarnation, stored soon after it was
-- made, audited where the row is stored. Whether it holds is the runner's to say, and it says it here (bc.proof).

-- Which incarnation of the shared database this is; a proof names it.
CREATE OR REPLACE FUNCTION bc.incarnation() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT i.id::text FROM bc.instance i ORDER BY i.incarnation DESC LIMIT 1
$$;
REVOKE ALL ON FUNCTION bc.incarnation() FROM PUBLIC;

-- Whether what a row says counts: for the runner only what it has verified, for others as long as it was not found unproven.
CREATE OR REPLACE FUNCTION bc.word_counts(wanted text, which text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT p.holds FROM bc.proof p WHERE p.kind = wanted AND p.ref = which ORDER BY p.id DESC LIMIT 1),
                    session_user <> 'bc_runner')
$$;
REVOKE ALL ON FUNCTION bc.word_counts(text, text) FROM PUBLIC;

-- Arguments: the column of the proof, then those whose values name the row.
CREATE OR REPLACE FUNCTION bc.word_stored() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    said jsonb := to_jsonb(NEW);
    shown jsonb := said->TG_ARGV[0];
    made timestamptz;
    seen boolean := TG_TABLE_NAME IN ('evidence_signoff', 'change_proposal', 'change_decision');
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD)->TG_ARGV[0] IS NOT DISTINCT FROM shown AND to_jsonb(OLD)->'thawed_at' IS NOT DISTINCT FROM said->'thawed_at' THEN
        RETURN NULL;
    END IF;
    IF jsonb_typeof(shown->'once') = 'object' THEN
        BEGIN
            made := shown#>>'{once,at}';
        EXCEPTION WHEN OTHERS THEN made := NULL;
        END;
        IF shown#>>'{once,incarnation}' IS DISTINCT FROM bc.incarnation() OR made IS NULL
                OR made NOT BETWEEN bc.now() - interval '15 minutes' AND bc.now() + interval '1 minute' THEN
            PERFORM bc.refuse('PROOF_OLD');
        END IF;
    END IF;
    -- Words that have a watch of their own (sign-offs, proposals) are here for their signature only.
    INSERT INTO bc.proof (kind, ref, request, signature, looked_at, holds)
    SELECT TG_TABLE_NAME, string_agg(said->>k.name, '/' ORDER BY k.place), said->>'request',
        CASE WHEN lower(shown->>'signature') ~ '^[0-9a-f]{128}$' THEN lower(shown->>'signature') END, CASE WHEN seen THEN bc.now() END, CASE WHEN seen THEN true END
    FROM unnest(TG_ARGV[1:]) WITH ORDINALITY AS k (name, place);
    RETURN NULL;
EXCEPTION WHEN unique_violation THEN
    PERFORM bc.refuse('PROOF_USED');
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION bc.word_stored() FROM PUBLIC;

-- At the end of the transaction, so that nobody waits for the log longer than for the page's own record. Not SECURITY
-- DEFINER: the record shows the role that wrote.
CREATE OR REPLACE FUNCTION bc.audit_word() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    said jsonb := to_jsonb(NEW);
    thaw boolean := TG_TABLE_NAME = 'freeze';
    shown jsonb := said->CASE WHEN thaw THEN 'thaw_proof' ELSE 'proof' END;
BEGIN
    PERFORM bc_audit.append(jsonb_build_object(
        'kind', 'recorded', 'verb', 'word.stored', 'channel', 'database',
        'outcome', CASE WHEN thaw THEN 'thaw' ELSE coalesce(said->>'decision', said->>'kind', TG_TABLE_NAME) END,
        'actor', jsonb_build_object('issuer', said->CASE WHEN thaw THEN 'thawed_issuer' ELSE 'issuer' END,
            'subject', said->CASE WHEN thaw THEN 'thawed_subject' ELSE 'subject' END,
            'name', said->>CASE WHEN thaw THEN 'thawed_subject' ELSE 'subject' END),
        'request_id', said->'request',
        'payload', jsonb_strip_nulls(jsonb_build_object('table', TG_TABLE_NAME, 'row', said->'id', 'grant', said->'grant_id',
            'revision', said->'plan_revision', 'proof', shown->'key_id', 'signature', left(shown->>'signature', 128)))));
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION bc.audit_word() FROM PUBLIC;

DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['vote', 'run_act', 'breakglass_grant', 'breakglass_use', 'breakglass_review', 'withdrawal'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER word_stored AFTER INSERT ON bc.%I
                        FOR EACH ROW EXECUTE FUNCTION bc.word_stored(proof, id)', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER word_stored', kept);
    END LOOP;
    FOREACH kept IN ARRAY ARRAY['vote', 'run_act', 'breakglass_grant', 'breakglass_use', 'breakglass_review', 'withdrawal',
                                'confirmation'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS audit_word ON bc.%I', kept);
        EXECUTE format('CREATE CONSTRAINT TRIGGER audit_word AFTER INSERT ON bc.%I DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW EXECUTE FUNCTION bc.audit_word()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER audit_word', kept);
    END LOOP;
END $$;
CREATE OR REPLACE TRIGGER word_stored AFTER INSERT ON bc.confirmation
    FOR EACH ROW EXECUTE FUNCTION bc.word_stored(proof, request, plan_revision);
ALTER TABLE bc.confirmation ENABLE ALWAYS TRIGGER word_stored;
CREATE OR REPLACE TRIGGER word_stored AFTER UPDATE ON bc.freeze
    FOR EACH ROW EXECUTE FUNCTION bc.word_stored(thaw_proof, id);
ALTER TABLE bc.freeze ENABLE ALWAYS TRIGGER word_stored;
DROP TRIGGER IF EXISTS audit_word ON bc.freeze;
CREATE CONSTRAINT TRIGGER audit_word AFTER UPDATE ON bc.freeze DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION bc.audit_word();
ALTER TABLE bc.freeze ENABLE ALWAYS TRIGGER audit_word;
CREATE OR REPLACE TRIGGER word_stored AFTER INSERT ON bc.evidence_signoff
    FOR EACH ROW EXECUTE FUNCTION bc.word_stored(proof, request, side);
ALTER TABLE bc.evidence_signoff ENABLE ALWAYS TRIGGER word_stored;
CREATE OR REPLACE TRIGGER word_stored AFTER INSERT ON bc.change_proposal
    FOR EACH ROW EXECUTE FUNCTION bc.word_stored(proof, id);
ALTER TABLE bc.change_proposal ENABLE ALWAYS TRIGGER word_stored;
CREATE OR REPLACE TRIGGER word_stored AFTER INSERT ON bc.change_decision
    FOR EACH ROW EXECUTE FUNCTION bc.word_stored(proof, proposal);
ALTER TABLE bc.change_decision ENABLE ALWAYS TRIGGER word_stored;

-- What the runner found is said once; what was signed is never changed.
CREATE OR REPLACE FUNCTION bc.proof_looked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM bc.require_login('bc_runner');
    IF OLD.looked_at IS NOT NULL OR NEW.holds IS NULL
            OR (to_jsonb(NEW) - '{looked_at,holds}'::text[]) <> (to_jsonb(OLD) - '{looked_at,holds}'::text[]) THEN
        RAISE EXCEPTION 'What was found about a proof is never changed.' USING ERRCODE = 'check_violation';
    END IF;
    NEW.looked_at := bc.now();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.proof_looked() FROM PUBLIC;
CREATE OR REPLACE TRIGGER proof_looked BEFORE UPDATE ON bc.proof FOR EACH ROW EXECUTE FUNCTION bc.proof_looked();
ALTER TABLE bc.proof ENABLE ALWAYS TRIGGER proof_looked;

-- The holder uses a grant, on the plan that is current; the requester withdraws.
CREATE OR REPLACE FUNCTION bc.said_about_plan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r bc.request;
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
    given bigint := (to_jsonb(NEW)->>'grant_id')::bigint;
    named jsonb := jsonb_build_object('request', NEW.request, 'grant', given);
BEGIN
    PERFORM bc.require_login('bc_ui');
    SELECT * INTO r FROM bc.request WHERE id = NEW.request FOR UPDATE;
    NEW.at := bc.now();
    IF NOT EXISTS (SELECT FROM bc.request_plan p WHERE p.request = r.id AND p.revision = r.plan_revision
                   AND p.revision = NEW.plan_revision AND p.digest = NEW.plan_digest) THEN
        PERFORM bc.refuse('STALE_VERSION', named);
    ELSIF TG_TABLE_NAME = 'withdrawal' AND (person IS NULL
            OR person IS DISTINCT FROM bc.person_of(r.issuer, r.subject) AND NOT bc.schedule_editor(r.id, person)) THEN
        PERFORM bc.refuse('REQUESTER_ONLY', named);
    ELSIF given IS NOT NULL AND NOT EXISTS (SELECT FROM bc.breakglass_grant g WHERE g.id = given AND g.used_by IS NULL
            AND bc.person_of(g.issuer, g.subject) = person) THEN
        PERFORM bc.refuse('GRANT_NOT_VALID', named);
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.said_about_plan() FROM PUBLIC;
DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['breakglass_use', 'withdrawal'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER said_about_plan BEFORE INSERT ON bc.%I
                        FOR EACH ROW EXECUTE FUNCTION bc.said_about_plan()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER said_about_plan', kept);
        EXECUTE format('CREATE OR REPLACE TRIGGER never_changed BEFORE UPDATE OR DELETE ON bc.%I
                        FOR EACH ROW EXECUTE FUNCTION bc.never_changed()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER never_changed', kept);
        EXECUTE format('CREATE OR REPLACE TRIGGER never_emptied BEFORE TRUNCATE ON bc.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed()', kept);
        EXECUTE format('ALTER TABLE bc.%I ENABLE ALWAYS TRIGGER never_emptied', kept);
    END LOOP;
    CREATE OR REPLACE TRIGGER never_emptied BEFORE DELETE OR TRUNCATE ON bc.proof
        FOR EACH STATEMENT EXECUTE FUNCTION bc.never_changed();
    ALTER TABLE bc.proof ENABLE ALWAYS TRIGGER never_emptied;
END $$;
