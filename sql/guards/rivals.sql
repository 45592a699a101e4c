-- One open request for a resource (FR-030): two that compete are never both admitted, however many ask at once.

-- The request that is open for one of these resources: one that waits and has not expired, one that runs, or one that
-- still holds the resource. No row: nothing stands against it. A retry stands beside the others, but not beside another
-- retry of the same request; a date of a schedule stands beside its earlier dates that nobody decided on. `but`: the
-- request that asks.
CREATE OR REPLACE FUNCTION bc.open_request(wanted text[], retry text, by_schedule text, but text)
    RETURNS TABLE (resource text, holder text, what text, who text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.resource, r.id,
           CASE WHEN r.type = 'drill' AND r.drill = 'live' THEN 'live drill' WHEN r.type = 'drill' THEN 'rehearsal' ELSE r.type END
               || ' of ' || r.scope_name || ' to ' || r.target_site, coalesce(p.name, r.subject)
    FROM bc.request r JOIN bc.request_plan q ON q.request = r.id AND q.revision = r.plan_revision
    CROSS JOIN LATERAL (SELECT e.value->>'resource' AS resource FROM jsonb_array_elements(q.plan->'targets') e) t
    LEFT JOIN bc.identity i ON i.issuer = r.issuer AND i.subject = r.subject LEFT JOIN bc.person p ON p.id = i.person
    WHERE r.state IN ('PendingApproval', 'Approved', 'ReadyToStart', 'Running', 'Held', 'Stopping', 'ServiceRestored')
      AND t.resource = ANY (wanted) AND r.id IS DISTINCT FROM but
      AND (r.expires_at IS NULL OR r.expires_at > bc.now())
      AND (r.state <> 'ServiceRestored' OR EXISTS (SELECT FROM bc.resource_lease l
           WHERE l.request = r.id AND l.resource = t.resource AND l.released_at IS NULL))
      AND (retry IS NULL OR r.retry_of = retry)
      AND NOT (by_schedule IS NOT NULL AND coalesce(r.schedule, '') = by_schedule
               AND r.state IN ('PendingApproval', 'Approved', 'ReadyToStart'))
    ORDER BY r.created_at, r.id, t.resource LIMIT 1
$$;
REVOKE ALL ON FUNCTION bc.open_request(text[], text, text, text) FROM PUBLIC;

-- Whether this person holds a break-glass grant for the scope that is neither used nor over.
CREATE OR REPLACE FUNCTION bc.glass_for(person bigint, kind text, wanted text) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM bc.breakglass_grant g
        WHERE g.scope_kind = kind AND g.scope_name = wanted AND g.used_by IS NULL AND g.expires_at > bc.now()
          AND bc.person_of(g.issuer, g.subject) = person)
$$;
REVOKE ALL ON FUNCTION bc.glass_for(bigint, text, text) FROM PUBLIC;

-- The first plan of a request says which resources it is about. Whoever comes second waits here for the first one's
-- commit and then sees it: each statement of this function reads anew.
CREATE OR REPLACE FUNCTION bc.no_rival() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    r bc.request;
    wanted text[];
    one text;
    rival record;
BEGIN
    SELECT * INTO STRICT r FROM bc.request WHERE id = NEW.request;
    IF r.state <> 'Draft' THEN
        RETURN NEW;
    END IF;
    wanted := ARRAY(SELECT DISTINCT e.value->>'resource' FROM jsonb_array_elements(NEW.plan->'targets') e ORDER BY 1);
    FOREACH one IN ARRAY wanted LOOP
        PERFORM bc.take_turn('resource ' || one);
    END LOOP;
    IF r.schedule IS NULL AND bc.glass_for(bc.person_of(r.issuer, r.subject), r.scope_kind, r.scope_name) THEN
        RETURN NEW;
    END IF;
    SELECT * INTO rival FROM bc.open_request(wanted, r.retry_of, r.schedule, r.id);
    IF FOUND THEN
        PERFORM bc.refuse('OPEN_REQUEST', to_jsonb(rival));
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION bc.no_rival() FROM PUBLIC;
CREATE OR REPLACE TRIGGER no_rival BEFORE INSERT ON bc.request_plan FOR EACH ROW EXECUTE FUNCTION bc.no_rival();
ALTER TABLE bc.request_plan ENABLE ALWAYS TRIGGER no_rival;
