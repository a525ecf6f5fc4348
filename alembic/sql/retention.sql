-- Keeping and removing (R71). No door deletes anything: what has passed its term leaves through the functions below, which
-- run as the remover, read the term from the table and the day from the clock of the database, and write the certificate in
-- the same stroke. Nobody can sign in as the remover or become him.
INSERT INTO identity.retention_term (kept, years) VALUES
    ('medical', 20), ('absence', 2), ('absence_wga', 10), ('absence_zw', 5), ('paper', 7),
    ('invoice', 7), ('log', 5), ('account', 1), ('person', 5);

GRANT SELECT ON identity.retention_term, identity.retention_hold, identity.removal_certificate
    TO providerboog_open, providerboog_care;
GRANT INSERT, UPDATE (ended_at, ended_by) ON identity.retention_hold TO providerboog_care;
GRANT UPDATE (key_id, signature) ON identity.removal_certificate TO providerboog_care;
CREATE POLICY reader ON identity.retention_term FOR SELECT USING (true);
CREATE POLICY keeper ON identity.retention_hold TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('physician', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'physician');
CREATE POLICY reader ON identity.removal_certificate FOR SELECT TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('auditor', 'system'));
CREATE POLICY signer ON identity.removal_certificate FOR UPDATE TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'system');
CREATE TRIGGER as_given BEFORE UPDATE ON identity.retention_hold
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('ended_at', 'ended_by');
CREATE TRIGGER as_given BEFORE UPDATE ON identity.removal_certificate
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('signature', 'key_id');
CREATE TRIGGER append_only BEFORE DELETE ON identity.removal_certificate
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();

-- Once the term of an absence is over, the side of whoever pays sees neither it nor its employee, though a medical file
-- that is kept longer still hangs on them.
CREATE POLICY kept ON cases.absence_case AS RESTRICTIVE TO providerboog_open
    USING (absence_removed_on IS NULL OR employee_id = app.subject()) WITH CHECK (true);
CREATE POLICY kept ON cases.employee AS RESTRICTIVE TO providerboog_open
    USING (absence_removed_on IS NULL OR id = app.subject()) WITH CHECK (true);

-- What the remover may reach: of the own tenant of whoever calls, and in no other way than through a function of his.
GRANT USAGE ON SCHEMA app, identity, cases, billing, medical TO providerboog_remover;
GRANT SELECT, INSERT ON identity.removal_certificate TO providerboog_remover;
GRANT SELECT ON identity.retention_term TO providerboog_remover;
GRANT SELECT, DELETE ON identity.retention_hold, identity.membership, identity.assignment TO providerboog_remover;
GRANT UPDATE (ended_at) ON identity.membership TO providerboog_remover;
GRANT SELECT, DELETE ON identity.audit_event, identity.audit_link TO providerboog_remover;
GRANT SELECT ON identity.audit_anchor TO providerboog_remover;
GRANT SELECT, DELETE ON ALL TABLES IN SCHEMA medical TO providerboog_remover;
GRANT SELECT ON ALL TABLES IN SCHEMA cases TO providerboog_remover;
GRANT DELETE ON cases.absence_case, cases.employee, cases.sick_spell, cases.step_done, cases.open_progress,
    cases.authorised_doctor, cases.intervention_request, cases.consent, cases.withdrawal_seen, cases.emergency_access,
    cases.mandate TO providerboog_remover;
GRANT SELECT, DELETE ON
    billing.budget_request, billing.cofinancing_request, billing.insurer_share TO providerboog_remover;
GRANT UPDATE ON cases.absence_case, cases.employee TO providerboog_remover;
GRANT SELECT, UPDATE (document) ON billing.invoice TO providerboog_remover;
GRANT SELECT, UPDATE (employee_reference) ON billing.charge TO providerboog_remover;

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT DISTINCT format('%I.%I', g.table_schema, g.table_name) FROM information_schema.role_table_grants g
        WHERE g.grantee = 'providerboog_remover' AND g.table_name <> 'retention_term'
        UNION SELECT 'billing.invoice' UNION SELECT 'billing.charge'
    LOOP
        EXECUTE format(
            'CREATE POLICY remover ON %s TO providerboog_remover USING (tenant_id = app.tenant() AND app.role() = ''system'')',
            name
        );
    END LOOP;
END
$$;

-- The day before which a term must have begun to be over today.
CREATE FUNCTION app.term_began(what text) RETURNS date LANGUAGE sql STABLE AS
$$ SELECT (app.today() - make_interval(years => t.years))::date FROM identity.retention_term t WHERE t.kept = what $$;

CREATE FUNCTION app.is_held(who uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT FROM identity.retention_hold h WHERE h.employee_id = who AND h.ended_at IS NULL) $$;

CREATE FUNCTION app.certify(what text, things bigint, gone bigint, mark bytea, at_position bigint, at_digest bytea)
RETURNS uuid LANGUAGE sql AS $$
    INSERT INTO identity.removal_certificate
        (id, tenant_id, created_at, kept, years, until, things, rows, fingerprint, position, digest)
    SELECT gen_random_uuid(), app.tenant(), now(), what, t.years, app.term_began(what), things, gone, mark,
        at_position, at_digest
    FROM identity.retention_term t WHERE t.kept = what
    RETURNING id
$$;

-- Delete by each statement, again and again where something still refers to its rows, until all is gone. A statement may
-- ask for `$1`, a list of ids. Returns how many rows went, and a hash over their ids.
CREATE FUNCTION app.delete_all(statements text[], about uuid[], OUT gone bigint, OUT mark bytea) LANGUAGE plpgsql AS $$
DECLARE
    pending text[] := statements;
    blocked text[];
    statement text;
    count_of bigint;
    ids text;
BEGIN
    gone := 0;
    mark := ''::bytea;
    WHILE cardinality(pending) > 0 LOOP
        blocked := '{}';
        FOREACH statement IN ARRAY pending LOOP
            BEGIN
                EXECUTE 'WITH gone AS (DELETE FROM ' || statement || ' RETURNING id)'
                    ' SELECT count(*), string_agg(id::text, '','' ORDER BY id) FROM gone'
                    INTO count_of, ids USING about;
                gone := gone + count_of;
                mark := sha256(mark || convert_to(coalesce(ids, ''), 'UTF8'));
            EXCEPTION WHEN foreign_key_violation THEN
                blocked := blocked || statement;
            END;
        END LOOP;
        IF cardinality(blocked) = cardinality(pending) THEN
            RAISE EXCEPTION 'something that is kept still refers to this: %', blocked[1]
                USING ERRCODE = 'foreign_key_violation';
        END IF;
        pending := blocked;
    END LOOP;
END
$$;

-- Every table of the medical room with rows of a case; a new one is found by itself.
CREATE FUNCTION medical.tables_of_cases() RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT c.relname::text FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = 'case_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'medical'::regnamespace AND c.relkind = 'r' ORDER BY c.relname
$$;

-- When a medical file was last added to or changed; none where there is no file.
CREATE FUNCTION medical.last_change(of_case uuid) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
    name text;
    found timestamptz;
    latest timestamptz;
BEGIN
    FOR name IN SELECT medical.tables_of_cases() LOOP
        EXECUTE format('SELECT max(created_at) FROM medical.%I WHERE case_id = $1', name) INTO found USING of_case;
        latest := greatest(latest, found);
    END LOOP;
    IF latest IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT greatest(latest, max(r.state_since)) INTO latest FROM medical.referral r WHERE r.case_id = of_case;
    SELECT greatest(latest, max(i.created_at), max(i.judged_at)) INTO latest FROM medical.provider_invoice i
        JOIN medical.referral r ON r.id = i.referral_id WHERE r.case_id = of_case;
    SELECT greatest(latest, max(c.created_at), max(c.withdrawn_at)) INTO latest FROM cases.consent c WHERE c.case_id = of_case;
    RETURN latest;
END
$$;

CREATE FUNCTION medical.file_is_over(of_case uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM cases.absence_case c
        WHERE c.id = of_case AND c.tenant_id = app.tenant() AND NOT app.is_held(c.employee_id)
            AND c.closed_at < app.term_began('medical') AND medical.last_change(of_case) < app.term_began('medical')
    )
$$;

CREATE FUNCTION medical.files_past_term(most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.id FROM cases.absence_case c
    WHERE c.tenant_id = app.tenant() AND c.closed_at < app.term_began('medical') AND medical.file_is_over(c.id)
    ORDER BY c.closed_at LIMIT least(most, 500)
$$;

-- An employee of whom the absences left, once nothing refers to him; what opened his own pages ends with him.
CREATE FUNCTION cases.delete_employee(who uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM cases.employee e WHERE e.id = who AND e.absence_removed_on IS NOT NULL;
    IF FOUND THEN
        DELETE FROM identity.retention_hold h WHERE h.employee_id = who;
        UPDATE identity.membership m SET ended_at = now() WHERE m.subject_id = who AND m.ended_at IS NULL;
    END IF;
EXCEPTION WHEN foreign_key_violation THEN
    NULL;  -- another case of him is kept, or what a provider sent
END
$$;

-- Invoices with those that they corrected or replaced, and that replaced them, also where these name no referral.
CREATE FUNCTION medical.invoices_with(invoices uuid[]) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    WITH RECURSIVE found AS (
        SELECT i.id, i.corrects_id, i.supersedes_id FROM medical.provider_invoice i WHERE i.id = ANY (invoices)
        UNION
        SELECT i.id, i.corrects_id, i.supersedes_id FROM found f JOIN medical.provider_invoice i
            ON i.id = f.corrects_id OR i.id = f.supersedes_id OR i.corrects_id = f.id OR i.supersedes_id = f.id
    )
    SELECT f.id FROM found f
$$;

CREATE FUNCTION medical.invoices_of(of_case uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT medical.invoices_with(ARRAY(SELECT i.id FROM medical.provider_invoice i
        JOIN medical.referral r ON r.id = i.referral_id WHERE r.case_id = of_case))
$$;

-- The head of a case, on which consents and requests hang: it goes with the last that was kept under it.
CREATE FUNCTION cases.delete_head(of_case uuid, OUT gone bigint, OUT mark bytea) LANGUAGE plpgsql AS $$
DECLARE
    who uuid;
BEGIN
    SELECT c.employee_id INTO who FROM cases.absence_case c WHERE c.id = of_case AND c.tenant_id = app.tenant();
    gone := 0;
    mark := ''::bytea;
    BEGIN
        SELECT d.gone, d.mark INTO gone, mark FROM app.delete_all(ARRAY[
            'billing.insurer_share WHERE request_id IN'
                ' (SELECT q.id FROM billing.cofinancing_request q WHERE q.case_id = ANY ($1))',
            'billing.cofinancing_request WHERE case_id = ANY ($1)',
            'billing.budget_request WHERE case_id = ANY ($1)',
            'cases.intervention_request WHERE case_id = ANY ($1)',
            'cases.withdrawal_seen WHERE consent_id IN (SELECT c.id FROM cases.consent c WHERE c.case_id = ANY ($1))',
            'cases.consent WHERE case_id = ANY ($1)',
            'cases.emergency_access WHERE case_id = ANY ($1)',
            'cases.absence_case WHERE id = ANY ($1)'
        ], ARRAY[of_case]) d;
        PERFORM cases.delete_employee(who);
    EXCEPTION WHEN foreign_key_violation THEN
        gone := 0;  -- the medical file is kept longer, or the spells of an absence are
        mark := ''::bytea;
    END;
END
$$;

-- How invoices are deleted with all that hangs on them.
CREATE FUNCTION medical.invoice_statements() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['medical.invoice_check WHERE invoice_id = ANY ($1)', 'medical.invoice_talk WHERE invoice_id = ANY ($1)',
        'medical.provider_invoice_line WHERE invoice_id = ANY ($1)',
        'medical.payable_link WHERE provider_invoice_id = ANY ($1)', 'medical.provider_invoice WHERE id = ANY ($1)']
$$;

-- Remove the medical files of cases: everything in the medical room, and the head where the absence left before.
CREATE FUNCTION medical.remove_files(of_cases uuid[]) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    each uuid;
    invoices uuid[];
    done record;
    head record;
    total bigint := 0;
    mark bytea := ''::bytea;
BEGIN
    FOREACH each IN ARRAY of_cases LOOP
        PERFORM FROM cases.absence_case c WHERE c.id = each FOR UPDATE;
        IF app.role() <> 'system' OR NOT medical.file_is_over(each) THEN
            RAISE EXCEPTION 'the term of this file is not over' USING ERRCODE = 'restrict_violation';
        END IF;
        invoices := ARRAY(SELECT medical.invoices_of(each));
        SELECT * INTO done FROM app.delete_all(
            ARRAY(SELECT format('medical.%I WHERE case_id = ANY ($1)', t) FROM medical.tables_of_cases() t)
            || medical.invoice_statements(),
            ARRAY[each] || invoices
        );
        total := total + done.gone;
        mark := sha256(mark || done.mark);
        IF EXISTS (SELECT FROM cases.absence_case c WHERE c.id = each AND c.absence_removed_on IS NOT NULL) THEN
            SELECT * INTO head FROM cases.delete_head(each);
            total := total + head.gone;
            mark := sha256(mark || head.mark);
        END IF;
    END LOOP;
    RETURN app.certify('medical', cardinality(of_cases), total, mark, NULL, NULL);
END
$$;

-- Which term an absence has: of an employer who bears a risk himself it is longer.
CREATE FUNCTION cases.absence_term(own_risk text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE own_risk WHEN 'wga' THEN 'absence_wga' WHEN 'zw' THEN 'absence_zw' ELSE 'absence' END $$;

CREATE FUNCTION cases.absence_is_over(who uuid, what text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM cases.employee e
        WHERE e.id = who AND e.tenant_id = app.tenant() AND e.absence_removed_on IS NULL
            AND cases.absence_term(e.own_risk) = what AND e.employed_until < app.term_began(what) AND NOT app.is_held(e.id)
            AND NOT EXISTS (SELECT FROM cases.absence_case c WHERE c.employee_id = e.id
                AND (c.closed_at IS NULL OR c.closed_at >= app.term_began(what)))
    )
$$;

CREATE FUNCTION cases.absences_past_term(what text, most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.id FROM cases.employee e
    WHERE e.tenant_id = app.tenant() AND e.employed_until < app.term_began(what) AND cases.absence_is_over(e.id, what)
    ORDER BY e.employed_until LIMIT least(most, 500)
$$;

-- Remove the absences of employees: spells, steps and what the employer's side kept. Where a medical file hangs on a case,
-- its head, its consents and the name of its employee stay for that file, and for the medical side alone.
CREATE FUNCTION cases.remove_absences(of_employees uuid[], what text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    each uuid;
    one_case uuid;
    of_cases uuid[];
    done record;
    head record;
    total bigint := 0;
    mark bytea := ''::bytea;
BEGIN
    FOREACH each IN ARRAY of_employees LOOP
        PERFORM FROM cases.employee e WHERE e.id = each FOR UPDATE;
        IF app.role() <> 'system' OR NOT cases.absence_is_over(each, what) THEN
            RAISE EXCEPTION 'the term of this absence is not over' USING ERRCODE = 'restrict_violation';
        END IF;
        of_cases := ARRAY(SELECT c.id FROM cases.absence_case c WHERE c.employee_id = each);
        SELECT * INTO done FROM app.delete_all(ARRAY[
            'cases.sick_spell WHERE case_id = ANY ($1)', 'cases.step_done WHERE case_id = ANY ($1)',
            'medical.progress_link WHERE case_id = ANY ($1)', 'cases.open_progress WHERE case_id = ANY ($1)',
            'cases.authorised_doctor WHERE employee_id = ANY ($1)'
        ], of_cases || each);
        total := total + done.gone;
        mark := sha256(mark || done.mark);
        UPDATE cases.employee e SET absence_removed_on = app.today(), reference = 'weg-' || left(e.id::text, 13)
            WHERE e.id = each;
        FOREACH one_case IN ARRAY of_cases LOOP
            UPDATE cases.absence_case c SET absence_removed_on = app.today(), postcode = NULL WHERE c.id = one_case;
            SELECT * INTO head FROM cases.delete_head(one_case);
            total := total + head.gone;
            mark := sha256(mark || head.mark);
        END LOOP;
    END LOOP;
    RETURN app.certify(what, cardinality(of_employees), total, mark, NULL, NULL);
END
$$;

-- What an invoice says of somebody is the employer's reference on a line of an open intervention. After its term that goes;
-- number, parties, amounts and the ledger stay, and tell of nobody.
CREATE FUNCTION billing.remove_references(most integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found uuid[];
    total bigint;
    mark bytea;
BEGIN
    IF app.role() <> 'system' THEN
        RAISE EXCEPTION 'the system does this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    found := ARRAY(
        SELECT i.id FROM billing.invoice i
        WHERE i.tenant_id = app.tenant()
            AND (date_trunc('year', i.issue_date) + interval '1 year')::date <= app.term_began('invoice')
            AND (jsonb_path_exists(i.document, '$.lines[*].reference ? (@ != null)')
                OR EXISTS (SELECT FROM billing.charge g WHERE g.invoice_id = i.id AND g.employee_reference IS NOT NULL))
        ORDER BY i.issue_date LIMIT least(most, 1000) FOR UPDATE
    );
    IF cardinality(found) = 0 THEN
        RETURN NULL;
    END IF;
    UPDATE billing.invoice i SET document = jsonb_set(i.document, '{lines}', (
        SELECT jsonb_agg(line || '{"reference": null}'::jsonb ORDER BY nr)
        FROM jsonb_array_elements(i.document -> 'lines') WITH ORDINALITY AS l(line, nr)
    )) WHERE i.id = ANY (found);
    UPDATE billing.charge g SET employee_reference = NULL WHERE g.invoice_id = ANY (found) AND g.employee_reference IS NOT NULL;
    GET DIAGNOSTICS total = ROW_COUNT;
    SELECT sha256(convert_to(string_agg(id::text, ',' ORDER BY id), 'UTF8')) INTO mark FROM unnest(found) id;
    RETURN app.certify('invoice', cardinality(found), cardinality(found) + total, mark, NULL, NULL);
END
$$;

-- Remove the oldest events of the audit trail with their links, up to the first that is younger than its term or that is
-- about somebody whose file is held. Only what an anchor has covered goes, and the certificate says where the rest begins.
CREATE FUNCTION app.remove_log(most integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last bigint;
    last_digest bytea;
    ids uuid[];
    mark bytea;
BEGIN
    IF app.role() <> 'system' THEN
        RAISE EXCEPTION 'the system does this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    WITH oldest AS (
        SELECT l.position, l.digest, e.at < app.term_began('log') AND NOT app.is_held(e.data_subject_id) AS over
        FROM identity.audit_link l JOIN identity.audit_event e ON e.id = l.event_id
        WHERE l.tenant_id = app.tenant()
            AND l.position <= (SELECT max(a.position) FROM identity.audit_anchor a WHERE a.tenant_id = app.tenant())
        ORDER BY l.position LIMIT least(most, 10000)
    )
    SELECT o.position, o.digest INTO last, last_digest FROM oldest o
    WHERE o.over AND o.position < coalesce((SELECT min(k.position) FROM oldest k WHERE NOT k.over), 9223372036854775807)
    ORDER BY o.position DESC LIMIT 1;
    IF last IS NULL THEN
        RETURN NULL;
    END IF;
    WITH gone AS (
        DELETE FROM identity.audit_link l WHERE l.tenant_id = app.tenant() AND l.position <= last RETURNING l.event_id
    )
    SELECT array_agg(event_id ORDER BY event_id) INTO ids FROM gone;
    DELETE FROM identity.audit_event e WHERE e.id = ANY (ids);
    SELECT sha256(convert_to(string_agg(id::text, ',' ORDER BY id), 'UTF8')) INTO mark FROM unnest(ids) id;
    RETURN app.certify('log', cardinality(ids), 2 * cardinality(ids), mark, last, last_digest);
END
$$;

-- The doors may call some of these; the others are the remover's own tools.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'app.term_began(text)', 'app.is_held(uuid)', 'app.certify(text, bigint, bigint, bytea, bigint, bytea)',
        'app.delete_all(text[], uuid[])', 'medical.tables_of_cases()', 'medical.last_change(uuid)',
        'medical.file_is_over(uuid)', 'medical.files_past_term(integer)', 'cases.delete_head(uuid)',
        'cases.delete_employee(uuid)', 'medical.invoices_with(uuid[])', 'medical.invoice_statements()',
        'medical.remove_files(uuid[])', 'cases.absence_term(text)', 'cases.absence_is_over(uuid, text)',
        'cases.absences_past_term(text, integer)', 'cases.remove_absences(uuid[], text)',
        'billing.remove_references(integer)', 'app.remove_log(integer)', 'medical.invoices_of(uuid)'
    ] LOOP
        EXECUTE format('GRANT CREATE ON SCHEMA %I TO providerboog_remover', split_part(name, '.', 1));
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', name);
        IF name ~ '(past_term|remove_|invoices_of)' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO providerboog_care', name);
        END IF;
        EXECUTE format('ALTER FUNCTION %s OWNER TO providerboog_remover', name);
        EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM providerboog_remover', split_part(name, '.', 1));
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION app.today(), app.tenant(), app.role(), app.subject() TO providerboog_remover;
