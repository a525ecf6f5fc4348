-- What leaves besides files, absences and invoices (R71): papers of providers that belong to no file, what an account was
-- opened with, and at last who somebody was. By the same road as in retention.sql, and by no other.

-- Accounts belong to no tenant. The remover weighs all that somebody is anywhere, and takes away what opens his account once
-- he is nothing anywhere; a membership he takes away in the tenant in which he works alone.
GRANT SELECT, DELETE ON identity.person, identity.account, identity.one_time_link, identity.web_session, identity.api_token,
    identity.calendar_address, identity.second_factor, identity.recovery_code, identity.known_device,
    identity.provider_link, identity.owner_notice, identity.digest, network.favourite, network.saved_search
    TO providerboog_remover;
GRANT UPDATE (email, password_hash, disabled_at, access_removed_on) ON identity.account TO providerboog_remover;
GRANT USAGE ON SCHEMA network TO providerboog_remover;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'identity.person', 'identity.account', 'identity.one_time_link', 'identity.web_session', 'identity.api_token',
        'identity.calendar_address', 'identity.second_factor', 'identity.recovery_code', 'identity.known_device',
        'identity.provider_link', 'identity.owner_notice', 'identity.digest', 'network.favourite', 'network.saved_search'
    ] LOOP
        EXECUTE format('CREATE POLICY remover ON %s TO providerboog_remover USING (app.role() = ''system'')', name);
    END LOOP;
END
$$;
CREATE POLICY remover_weighs ON identity.membership FOR SELECT TO providerboog_remover USING (app.role() = 'system');

-- A paper that belongs to no file: what an employer's own provider specified, once it was judged, or an invoice that no
-- referral was found for. Its term counts from the last that was done or said about it.
CREATE FUNCTION medical.paper_is_over(paper uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM medical.direct_specification s
        WHERE s.id = paper AND s.tenant_id = app.tenant() AND s.state IN ('agreed', 'not_agreed')
            AND s.state_since < app.term_began('paper')
            AND NOT EXISTS (SELECT FROM medical.direct_message m
                WHERE m.specification_id = s.id AND m.created_at >= app.term_began('paper'))
            AND NOT EXISTS (SELECT FROM medical.direct_naming n
                WHERE n.specification_id = s.id AND app.is_held(n.employee_id))
    ) OR EXISTS (
        SELECT FROM medical.provider_invoice i WHERE i.id = paper AND i.tenant_id = app.tenant()
    ) AND NOT EXISTS (
        SELECT FROM medical.provider_invoice i JOIN medical.invoices_with(ARRAY[paper]) f ON f = i.id
        WHERE i.referral_id IS NOT NULL OR app.is_held(i.employee_id)
            OR greatest(i.created_at, i.judged_at) >= app.term_began('paper')
            OR EXISTS (SELECT FROM medical.invoice_talk t
                WHERE t.invoice_id = i.id AND t.created_at >= app.term_began('paper'))
    )
$$;

CREATE FUNCTION medical.papers_past_term(most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH over AS (
        SELECT p.id FROM (
            SELECT s.id, s.created_at FROM medical.direct_specification s WHERE s.tenant_id = app.tenant()
            UNION ALL
            SELECT i.id, i.created_at FROM medical.provider_invoice i
            WHERE i.tenant_id = app.tenant() AND i.referral_id IS NULL
        ) p
        WHERE p.created_at < app.term_began('paper') AND medical.paper_is_over(p.id)
        ORDER BY p.created_at LIMIT least(most, 500)
    )
    SELECT o.id FROM over o UNION SELECT medical.invoices_with(ARRAY(SELECT o.id FROM over o))
$$;

-- Remove papers; of an invoice also those that it corrected or replaced have to be among them. An employee of whom only such
-- a paper was left goes with it.
CREATE FUNCTION medical.remove_papers(of_papers uuid[]) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    each uuid;
    named uuid[];
    done record;
BEGIN
    FOREACH each IN ARRAY of_papers LOOP
        IF app.role() <> 'system' OR NOT medical.paper_is_over(each) THEN
            RAISE EXCEPTION 'the term of this paper is not over' USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    named := ARRAY(
        SELECT n.employee_id FROM medical.direct_naming n WHERE n.specification_id = ANY (of_papers)
        UNION SELECT i.employee_id FROM medical.provider_invoice i WHERE i.id = ANY (of_papers) AND i.employee_id IS NOT NULL
    );
    SELECT * INTO done FROM app.delete_all(ARRAY[
        'medical.direct_naming WHERE specification_id = ANY ($1)', 'medical.direct_message WHERE specification_id = ANY ($1)',
        'medical.direct_specification WHERE id = ANY ($1)'
    ] || medical.invoice_statements(), of_papers);
    PERFORM cases.delete_employee(who) FROM unnest(named) who;
    RETURN app.certify('paper', cardinality(of_papers), done.gone, done.mark, NULL, NULL);
END
$$;

-- Whether somebody is nothing any more, anywhere, for the whole term of an account, and was not asked back since.
CREATE FUNCTION identity.account_is_over(who uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM identity.account a WHERE a.id = who AND a.access_removed_on IS NULL
            AND NOT EXISTS (SELECT FROM identity.membership m
                WHERE m.account_id = a.id AND (m.ended_at IS NULL OR m.ended_at >= app.term_began('account')))
            AND NOT EXISTS (SELECT FROM identity.one_time_link l
                WHERE l.email = a.email AND l.kind <> 'reset' AND l.expires_at >= app.term_began('account'))
    )
$$;

-- Remove what opened the accounts of who left: address, password, factors, sessions, and what they kept for themselves. Of
-- accounts that go on, what has ended for as long goes too. A name and a random id stay, which trail and files refer to.
CREATE FUNCTION identity.remove_accounts(most integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    began date := app.term_began('account');
    found uuid[];
    members uuid[];
    done record;
BEGIN
    IF app.role() <> 'system' THEN
        RAISE EXCEPTION 'the system does this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    found := ARRAY(
        SELECT DISTINCT m.account_id FROM identity.membership m
        WHERE m.tenant_id = app.tenant() AND m.ended_at < began AND identity.account_is_over(m.account_id)
        LIMIT least(most, 500)
    );
    members := ARRAY(SELECT m.id FROM identity.membership m WHERE m.account_id = ANY (found));
    SELECT * INTO done FROM app.delete_all(ARRAY[
        'identity.web_session WHERE membership_id = ANY ($1)', 'identity.api_token WHERE membership_id = ANY ($1)',
        'identity.calendar_address WHERE membership_id = ANY ($1)', 'identity.second_factor WHERE account_id = ANY ($1)',
        'identity.recovery_code WHERE account_id = ANY ($1)', 'identity.known_device WHERE account_id = ANY ($1)',
        'identity.provider_link WHERE account_id = ANY ($1)', 'identity.owner_notice WHERE account_id = ANY ($1)',
        'identity.digest WHERE account_id = ANY ($1)', 'network.favourite WHERE account_id = ANY ($1)',
        'network.saved_search WHERE account_id = ANY ($1)',
        'identity.one_time_link WHERE email IN (SELECT a.email FROM identity.account a WHERE a.id = ANY ($1))',
        format('identity.one_time_link WHERE expires_at < %L', began),
        format('identity.web_session WHERE expires_at < %L', began),
        format('identity.api_token WHERE least(expires_at, revoked_at) < %L', began),
        format('identity.calendar_address WHERE revoked_at < %L', began),
        format('identity.second_factor WHERE removed_at < %L', began),
        format('identity.recovery_code WHERE least(used_at, replaced_at) < %L', began),
        format('identity.known_device WHERE least(expires_at, ended_at) < %L', began),
        format('identity.provider_link WHERE removed_at < %L', began),
        format('identity.owner_notice WHERE created_at < %L', began), format('identity.digest WHERE day < %L', began),
        format('network.favourite WHERE removed_at < %L', began), format('network.saved_search WHERE removed_at < %L', began)
    ], found || members);
    UPDATE identity.account a SET email = 'weg-' || a.id, password_hash = NULL, disabled_at = coalesce(a.disabled_at, now()),
        access_removed_on = app.today() WHERE a.id = ANY (found);
    IF done.gone = 0 AND cardinality(found) = 0 THEN
        RETURN NULL;
    END IF;
    RETURN app.certify('account', cardinality(found), done.gone, done.mark, NULL, NULL);
END
$$;

-- In which columns a file of an employee or the trail says who did something; a new one is found by its name.
CREATE FUNCTION identity.naming_columns() RETURNS TABLE (place text, name text) LANGUAGE sql STABLE AS $$
    SELECT c.oid::regclass::text, a.attname::text FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.atttypid = 'uuid'::regtype AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND a.attname ~ '(_by|account_id|owner_id)$'
        AND (c.relnamespace IN ('cases'::regnamespace, 'medical'::regnamespace)
            OR c.oid IN ('identity.audit_event'::regclass, 'identity.retention_hold'::regclass))
        AND c.oid NOT IN ('cases.mandate'::regclass, 'medical.answered_act'::regclass, 'medical.direct_link'::regclass)
    ORDER BY c.oid = 'identity.audit_event'::regclass, 1, 2
$$;

-- Remove who somebody was, where the term of that is over and neither a file nor the trail of the own tenant names him any
-- more: his roles and mandates there, and account and name where he was nothing anywhere else. Without a term that is over
-- the trail is not looked through.
CREATE FUNCTION identity.remove_persons(most integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found uuid[];
    each uuid;
    place record;
    done record;
    people bigint := 0;
    total bigint := 0;
    mark bytea := ''::bytea;
BEGIN
    IF app.role() <> 'system' THEN
        RAISE EXCEPTION 'the system does this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    found := ARRAY(
        SELECT m.account_id FROM identity.membership m JOIN identity.account a ON a.id = m.account_id
        WHERE m.tenant_id = app.tenant() AND a.access_removed_on IS NOT NULL
        GROUP BY m.account_id HAVING max(m.ended_at) < app.term_began('person')
    );
    FOR place IN SELECT * FROM identity.naming_columns() LOOP
        EXIT WHEN cardinality(found) = 0;
        EXECUTE format('SELECT ARRAY(SELECT unnest($1) EXCEPT SELECT %I FROM %s WHERE %I = ANY ($1))',
            place.name, place.place, place.name) INTO found USING found;
    END LOOP;
    FOREACH each IN ARRAY found[:least(most, 500)] LOOP
        BEGIN
            SELECT * INTO done FROM identity.delete_person(each);
            people := people + 1;
            total := total + done.gone;
            mark := sha256(mark || done.mark);
        EXCEPTION WHEN foreign_key_violation THEN
            NULL;  -- something that is kept longer still refers to him
        END;
    END LOOP;
    IF people = 0 THEN
        RETURN NULL;
    END IF;
    RETURN app.certify('person', people, total, mark, NULL, NULL);
END
$$;

CREATE FUNCTION identity.delete_person(who uuid, OUT gone bigint, OUT mark bytea) LANGUAGE plpgsql AS $$
DECLARE
    somewhere boolean := EXISTS (
        SELECT FROM identity.membership m WHERE m.account_id = who AND m.tenant_id <> app.tenant()
    );
    human uuid := (SELECT a.person_id FROM identity.account a WHERE a.id = who);
    statements text[] := ARRAY[
        'cases.mandate WHERE $1[1] IN (physician_account_id, holder_account_id)',
        'identity.assignment WHERE account_id = $1[1]', 'identity.membership WHERE account_id = $1[1]'
    ];
BEGIN
    IF NOT somewhere THEN
        statements := statements || 'identity.account WHERE id = $1[1]'::text;
        IF NOT EXISTS (SELECT FROM identity.account a WHERE a.person_id = human AND a.id <> who) THEN
            statements := statements || 'identity.person WHERE id = $1[2]'::text;
        END IF;
    END IF;
    SELECT d.gone, d.mark INTO gone, mark FROM app.delete_all(statements, ARRAY[who, human]) d;
END
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'medical.paper_is_over(uuid)', 'medical.papers_past_term(integer)', 'medical.remove_papers(uuid[])',
        'identity.account_is_over(uuid)', 'identity.remove_accounts(integer)', 'identity.naming_columns()',
        'identity.remove_persons(integer)', 'identity.delete_person(uuid)'
    ] LOOP
        EXECUTE format('GRANT CREATE ON SCHEMA %I TO providerboog_remover', split_part(name, '.', 1));
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', name);
        IF name ~ '(past_term|remove_)' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO providerboog_care', name);
        END IF;
        EXECUTE format('ALTER FUNCTION %s OWNER TO providerboog_remover', name);
        EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM providerboog_remover', split_part(name, '.', 1));
    END LOOP;
END
$$;
