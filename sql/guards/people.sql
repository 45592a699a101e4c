-- People, roles and vote keys: brought by bc_sign_on alone, at the database's time; each change is in the audit log and
-- told to security, whatever program makes it (SEC-002, SEC-007).

-- A notice to each channel of security that may be told; once for each key.
CREATE OR REPLACE FUNCTION bc.tell_security(key text, kind text, subject text, body text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO bc.outbox (channel, dedup_key, resource, environment, notification)
    SELECT c.name, key, p.name, CASE WHEN c.production THEN 'prod' ELSE 'dev' END, jsonb_build_object(
        'subject', left(format('[%s] %s', upper(kind), subject), 200), 'body', body, 'priority', 'high',
        'body_html', '<p>' || replace(replace(replace(body, '&', '&amp;'), '<', '&lt;'), '>', '&gt;') || '</p>',
        'alert_name', 'SECURITY_' || upper(replace(kind, ' ', '_')), 'idempotency_id', key,
        'metadata', jsonb_build_object('kind', kind))
    FROM bc.channel c LEFT JOIN LATERAL (
        SELECT r.name FROM bc.resource r WHERE c.production AND r.environment = 'prod' ORDER BY r.name LIMIT 1) p ON true
    WHERE c.name LIKE 'security%' AND (NOT c.production OR p.name IS NOT NULL)
    ON CONFLICT (channel, dedup_key) DO NOTHING
$$;
REVOKE ALL ON FUNCTION bc.tell_security(text, text, text, text) FROM PUBLIC;

-- A role was seen now, never in the future; it stays the person's that it is of.
CREATE OR REPLACE FUNCTION bc.role_seen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.person, NEW.role) <> (OLD.person, OLD.role) THEN
        RAISE EXCEPTION 'A role stays its person''s.' USING ERRCODE = 'check_violation';
    END IF;
    NEW.last_seen_at := bc.now();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.role_seen() FROM PUBLIC;
CREATE OR REPLACE TRIGGER role_seen BEFORE INSERT OR UPDATE ON bc.role_assignment
    FOR EACH ROW EXECUTE FUNCTION bc.role_seen();
ALTER TABLE bc.role_assignment ENABLE ALWAYS TRIGGER role_seen;

-- A key begins now and ends once; an ended one stays ended. One live key an identity: the index one_live_key.
CREATE OR REPLACE FUNCTION bc.guard_vote_key() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.since := bc.now(); NEW.revoked_at := NULL;
    ELSIF OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL
            OR to_jsonb(NEW) - 'revoked_at' <> to_jsonb(OLD) - 'revoked_at' THEN
        RAISE EXCEPTION 'A vote key is revoked once and changes in no other way.' USING ERRCODE = 'check_violation';
    ELSE
        NEW.revoked_at := bc.now();
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.guard_vote_key() FROM PUBLIC;
CREATE OR REPLACE TRIGGER guard_vote_key BEFORE INSERT OR UPDATE ON bc.vote_key
    FOR EACH ROW EXECUTE FUNCTION bc.guard_vote_key();
ALTER TABLE bc.vote_key ENABLE ALWAYS TRIGGER guard_vote_key;

-- What changed about a person, in the audit log and told to security. A role merely seen again is no change.
CREATE OR REPLACE FUNCTION bc.people_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    becomes jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    one jsonb := coalesce(becomes, was);
    about bigint := coalesce((one->>'person')::bigint, CASE TG_TABLE_NAME WHEN 'person' THEN (one->>'id')::bigint END,
        (SELECT i.person FROM bc.identity i WHERE (i.issuer, i.subject) = (one->>'issuer', one->>'subject')));
    who text := coalesce((SELECT p.name FROM bc.person p WHERE p.id = about), 'somebody');
    account text := format('%s of %s', one->>'subject', one->>'issuer');
    what text;
    number bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'role_assignment' AND (was->>'last_seen_at')::timestamptz > bc.now() - interval '24 hours'
            OR TG_OP = 'UPDATE' AND was = becomes THEN
        RETURN NULL;
    END IF;
    what := CASE TG_TABLE_NAME || ' ' || TG_OP
        WHEN 'role_assignment INSERT' THEN format('%s holds the role %s from now on', who, one->>'role')
        WHEN 'role_assignment UPDATE' THEN format('%s holds the role %s again, which was not seen for a day', who, one->>'role')
        WHEN 'role_assignment DELETE' THEN format('%s holds the role %s no longer', who, one->>'role')
        WHEN 'vote_key INSERT' THEN format('%s signs with a new vote key %s from now on (%s)', who, one->>'key_id', account)
        WHEN 'vote_key UPDATE' THEN format('the vote key %s of %s counts no longer (%s)', one->>'key_id', who, account)
        WHEN 'identity INSERT' THEN format('the account %s is %s from now on', account, who)
        WHEN 'identity UPDATE' THEN format('the account %s is %s from now on, it was somebody else''s', account, who)
        WHEN 'person UPDATE' THEN format('%s %s', who, CASE WHEN (one->>'disabled')::boolean THEN 'is switched off' ELSE 'is changed or switched on' END)
        ELSE format('%s of %s: %s', TG_TABLE_NAME, who, lower(TG_OP))
    END;
    number := bc_audit.append(jsonb_build_object(
        'kind', 'recorded', 'verb', 'people.change', 'outcome', 'changed', 'channel', 'sign-on',
        'actor', jsonb_build_object('name', 'the sign-on'),
        'payload', jsonb_build_object('what', what, 'table', TG_TABLE_NAME, 'before', was, 'after', becomes)));
    PERFORM bc.tell_security(format('people/%s', number), 'people changed', what,
        format('%s. If nobody changed this at the sign-on, somebody holds the password of %s: ', upper(left(what, 1)) || substr(what, 2),
               session_user) || 'freeze all moves (bcctl freeze) and look at the audit log.');
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION bc.people_changed() FROM PUBLIC;
CREATE OR REPLACE TRIGGER people_changed AFTER INSERT OR UPDATE OR DELETE ON bc.role_assignment
    FOR EACH ROW EXECUTE FUNCTION bc.people_changed();
ALTER TABLE bc.role_assignment ENABLE ALWAYS TRIGGER people_changed;
CREATE OR REPLACE TRIGGER people_changed AFTER INSERT OR UPDATE OR DELETE ON bc.vote_key
    FOR EACH ROW EXECUTE FUNCTION bc.people_changed();
ALTER TABLE bc.vote_key ENABLE ALWAYS TRIGGER people_changed;
CREATE OR REPLACE TRIGGER people_changed AFTER INSERT OR UPDATE OR DELETE ON bc.identity
    FOR EACH ROW EXECUTE FUNCTION bc.people_changed();
ALTER TABLE bc.identity ENABLE ALWAYS TRIGGER people_changed;
CREATE OR REPLACE TRIGGER people_changed AFTER UPDATE OR DELETE ON bc.person
    FOR EACH ROW EXECUTE FUNCTION bc.people_changed();
ALTER TABLE bc.person ENABLE ALWAYS TRIGGER people_changed;
