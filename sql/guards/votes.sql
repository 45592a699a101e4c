-- Votes, confirmations and break-glass: by the right person, in the right state, in time (S1, S2, SEC-006).
-- Each trigger locks the request first, so that two of them are decided one after the other, and reads the clock then.

-- A key that came after what is decided on decides nothing: whoever makes one now cannot sign for what waits already.
CREATE OR REPLACE FUNCTION bc.key_too_new(proof jsonb, asked_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM bc.vote_key k WHERE k.key_id = proof->>'key_id' AND k.since > asked_at)
$$;
REVOKE ALL ON FUNCTION bc.key_too_new(jsonb, timestamptz) FROM PUBLIC;

CREATE OR REPLACE FUNCTION bc.vote_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r bc.request;
    named jsonb := jsonb_build_object('request', NEW.request, 'role', NEW.role, 'wanted', 'PendingApproval');
BEGIN
    SELECT * INTO r FROM bc.request WHERE id = NEW.request FOR UPDATE;
    NEW.at := bc.now();
    NEW.person := bc.person_of(NEW.issuer, NEW.subject);
    IF session_user <> 'bc_ui' OR NEW.person IS NULL OR NOT bc.holds_role(NEW.person, NEW.role) THEN
        PERFORM bc.refuse('ROLE_MISSING', named);
    ELSIF r.state IS DISTINCT FROM 'PendingApproval' THEN
        PERFORM bc.refuse('WRONG_STATE', named || jsonb_build_object('state', r.state));
    ELSIF r.expires_at <= NEW.at THEN
        PERFORM bc.refuse('REQUEST_EXPIRED', named);
    ELSIF NEW.person = bc.person_of(r.issuer, r.subject) OR bc.person_of(r.issuer, r.subject) IS NULL THEN
        PERFORM bc.refuse('REQUESTER_EXCLUDED', named);
    ELSIF bc.schedule_editor(r.id, NEW.person) THEN
        PERFORM bc.refuse('EDITOR_EXCLUDED', named || jsonb_build_object('schedule', r.schedule));
    ELSIF NOT EXISTS (SELECT FROM bc.policy_need n WHERE n.version = r.policy_version AND n.position = r.policy_position
                      AND n.role = NEW.role) THEN
        PERFORM bc.refuse('NOT_A_NEEDED_ROLE', named);
    ELSIF NOT EXISTS (SELECT FROM bc.request_plan p WHERE p.request = r.id AND p.revision = r.plan_revision
                      AND p.revision = NEW.plan_revision AND p.digest = NEW.plan_digest) THEN
        PERFORM bc.refuse('STALE_VERSION', named);
    ELSIF EXISTS (SELECT FROM bc.vote v WHERE v.request = r.id AND v.plan_revision = r.plan_revision
                  AND bc.person_of(v.issuer, v.subject) = NEW.person) THEN
        PERFORM bc.refuse('ALREADY_DECIDED', named);
    ELSIF bc.key_too_new(NEW.proof, r.created_at) THEN
        PERFORM bc.refuse('KEY_TOO_NEW', named);
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.vote_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER vote_written BEFORE INSERT ON bc.vote FOR EACH ROW EXECUTE FUNCTION bc.vote_written();
ALTER TABLE bc.vote ENABLE ALWAYS TRIGGER vote_written;

CREATE OR REPLACE FUNCTION bc.confirmation_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r bc.request;
    person bigint;
    phrase text;
    broken bigint;
    named jsonb := jsonb_build_object('request', NEW.request, 'role', 'operator', 'wanted', 'Approved');
BEGIN
    SELECT * INTO r FROM bc.request WHERE id = NEW.request FOR UPDATE;
    NEW.at := bc.now();
    person := bc.person_of(NEW.issuer, NEW.subject);
    phrase := upper(r.type) || ' ' || r.scope_name || ' TO ' || r.target_site;
    IF session_user <> 'bc_ui' OR person IS NULL OR NOT bc.holds_role(person, 'operator') THEN
        PERFORM bc.refuse('ROLE_MISSING', named);
    ELSIF r.state IS DISTINCT FROM 'Approved' THEN
        PERFORM bc.refuse('WRONG_STATE', named || jsonb_build_object('state', r.state));
    ELSIF r.expires_at <= NEW.at THEN
        PERFORM bc.refuse('REQUEST_EXPIRED', named);
    ELSIF NEW.plan_revision <> r.plan_revision THEN
        PERFORM bc.refuse('STALE_VERSION', named);
    ELSIF NEW.phrase IS DISTINCT FROM phrase THEN
        PERFORM bc.refuse('PHRASE_WRONG', named || jsonb_build_object('phrase', phrase));
    ELSIF bc.key_too_new(NEW.proof, r.created_at) THEN
        PERFORM bc.refuse('KEY_TOO_NEW', named);
    END IF;
    -- Who broke the glass for this plan goes through with it; another operator's confirmation is no part of that word.
    SELECT g.id INTO broken FROM bc.breakglass_grant g WHERE g.id = r.breakglass
        AND g.used_by = r.id || '/' || r.plan_revision AND bc.holds_role(bc.person_of(g.issuer, g.subject), 'operator')
        AND person IS DISTINCT FROM bc.person_of(g.issuer, g.subject);
    IF FOUND THEN
        PERFORM bc.refuse('GRANT_NOT_VALID', jsonb_build_object('grant', broken));
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.confirmation_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER confirmation_written BEFORE INSERT ON bc.confirmation
    FOR EACH ROW EXECUTE FUNCTION bc.confirmation_written();
ALTER TABLE bc.confirmation ENABLE ALWAYS TRIGGER confirmation_written;

CREATE OR REPLACE FUNCTION bc.grant_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
    overdue record;
    moment timestamptz;
BEGIN
    PERFORM bc.require_login('bc_ui');
    LOCK TABLE bc.breakglass_grant IN SHARE ROW EXCLUSIVE MODE;
    IF person IS NULL OR NOT (bc.holds_role(person, 'operator') OR bc.holds_role(person, 'admin')) THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'operator or admin'));
    END IF;
    SELECT g.id, g.incident INTO overdue FROM bc.breakglass_grant g
    WHERE upper(g.incident) <> upper(NEW.incident) AND g.review_due <= bc.now()
      AND bc.word_counts('breakglass_grant', g.id::text)
      AND NOT EXISTS (SELECT FROM bc.breakglass_review v WHERE v.grant_id = g.id
                      AND bc.word_counts('breakglass_review', v.id::text)) ORDER BY g.review_due LIMIT 1;
    IF FOUND THEN
        PERFORM bc.refuse('REVIEW_OVERDUE', jsonb_build_object('grant', overdue.id, 'incident', overdue.incident));
    END IF;
    moment := bc.now();
    NEW.expires_at := moment + least(NEW.expires_at - NEW.granted_at, interval '60 minutes');
    NEW.granted_at := moment; NEW.review_due := moment + interval '72 hours';
    NEW.used_by := NULL; NEW.used_at := NULL;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.grant_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER grant_written BEFORE INSERT ON bc.breakglass_grant FOR EACH ROW EXECUTE FUNCTION bc.grant_written();
ALTER TABLE bc.breakglass_grant ENABLE ALWAYS TRIGGER grant_written;

-- A grant is spent once, by the request's guard above, and changes in no other way.
CREATE OR REPLACE FUNCTION bc.grant_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() < 2 OR OLD.used_by IS NOT NULL
            OR (to_jsonb(NEW) - '{used_by,used_at}'::text[]) <> (to_jsonb(OLD) - '{used_by,used_at}'::text[]) THEN
        PERFORM bc.refuse('GRANT_NOT_VALID', jsonb_build_object('grant', OLD.id));
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.grant_changed() FROM PUBLIC;
CREATE OR REPLACE TRIGGER grant_changed BEFORE UPDATE ON bc.breakglass_grant FOR EACH ROW EXECUTE FUNCTION bc.grant_changed();
ALTER TABLE bc.breakglass_grant ENABLE ALWAYS TRIGGER grant_changed;

CREATE OR REPLACE FUNCTION bc.review_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    g bc.breakglass_grant;
    person bigint := bc.person_of(NEW.issuer, NEW.subject);
BEGIN
    PERFORM bc.require_login('bc_ui');
    SELECT * INTO g FROM bc.breakglass_grant WHERE id = NEW.grant_id FOR UPDATE;
    NEW.at := bc.now();
    IF person IS NULL OR NOT (bc.holds_role(person, 'approver-it') OR bc.holds_role(person, 'approver-business')
                              OR bc.holds_role(person, 'admin')) THEN
        PERFORM bc.refuse('ROLE_MISSING', jsonb_build_object('role', 'approver-it or approver-business or admin'));
    ELSIF person = bc.person_of(g.issuer, g.subject) OR EXISTS (
            SELECT FROM bc.request r LEFT JOIN bc.confirmation c ON c.request = r.id
            WHERE r.id = split_part(g.used_by, '/', 1)
              AND (person IN (bc.person_of(r.issuer, r.subject), bc.person_of(c.issuer, c.subject))
                   OR bc.schedule_editor(r.id, person))) THEN
        PERFORM bc.refuse('REVIEWER_EXCLUDED', jsonb_build_object('grant', g.id));
    ELSIF EXISTS (SELECT FROM bc.breakglass_review v WHERE v.grant_id = g.id AND bc.word_counts('breakglass_review', v.id::text)) THEN
        PERFORM bc.refuse('GRANT_REVIEWED', jsonb_build_object('grant', g.id));
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.review_written() FROM PUBLIC;
CREATE OR REPLACE TRIGGER review_written BEFORE INSERT ON bc.breakglass_review
    FOR EACH ROW EXECUTE FUNCTION bc.review_written();
ALTER TABLE bc.breakglass_review ENABLE ALWAYS TRIGGER review_written;
