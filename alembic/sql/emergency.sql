-- Emergency access (R22). A delegate reads the medical side of the employers assigned to him and of nobody else (R17).
-- When he must look into another case and nobody who may is there, he opens it: for an hour, for one case, to read and
-- not to write, and a second person is told. A transaction that reads so says so with the setting `app.emergency`;
-- without an access that is open in the name of whoever asks that setting opens nothing.

REVOKE INSERT, UPDATE ON cases.emergency_access FROM providerboog_open, providerboog_care;
GRANT UPDATE (ended_at, told_at, reviewed_at, reviewed_by, verdict) ON cases.emergency_access TO providerboog_care;
REVOKE UPDATE ON medical.emergency_words FROM providerboog_care;

CREATE POLICY holder ON cases.emergency_access FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND app.role() = 'delegate' AND account_id = app.account()
);
CREATE POLICY holder_ends ON cases.emergency_access FOR UPDATE TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'delegate' AND account_id = app.account())
    WITH CHECK (tenant_id = app.tenant() AND reviewed_at IS NULL);
CREATE POLICY reviewer ON cases.emergency_access FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('physician', 'system'));
CREATE POLICY reviewer_acts ON cases.emergency_access FOR UPDATE TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('physician', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND (reviewed_by IS NULL OR reviewed_by = app.account() OR app.role() = 'system'));
CREATE POLICY auditor ON cases.emergency_access FOR SELECT TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'auditor');

CREATE POLICY words ON medical.emergency_words FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant()
    AND (app.role() = 'physician' OR (app.role() = 'delegate' AND account_id = app.account()))
);
CREATE POLICY words_given ON medical.emergency_words FOR INSERT TO providerboog_care WITH CHECK (
    tenant_id = app.tenant() AND account_id = app.account() AND EXISTS (
        SELECT FROM cases.emergency_access e
        WHERE e.id = access_id AND e.account_id = app.account() AND e.case_id = emergency_words.case_id
    )
);

-- The case that this transaction may read in an emergency; none without an access that is open now.
CREATE FUNCTION app.emergency_case() RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT e.case_id FROM cases.emergency_access e
    WHERE e.id = nullif(current_setting('app.emergency', true), '')::uuid AND e.tenant_id = app.tenant()
        AND e.account_id = app.account() AND app.role() = 'delegate' AND e.ended_at IS NULL AND e.until > now()
$$;
GRANT EXECUTE ON FUNCTION app.emergency_case() TO providerboog_care;

-- What it opens, to read: each asks once, not for every row.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'cases.sick_spell', 'cases.step_done', 'cases.consent', 'medical.assessment', 'medical.referral',
        'medical.referral_content', 'medical.attachment', 'medical.referral_basis', 'medical.referral_event',
        'medical.content_version', 'medical.referral_message', 'medical.referral_result', 'medical.provider_report'
    ] LOOP
        EXECUTE format(
            'CREATE POLICY emergency ON %s FOR SELECT TO providerboog_care'
            ' USING (tenant_id = app.tenant() AND case_id = (SELECT app.emergency_case()))', name
        );
    END LOOP;
END
$$;
CREATE POLICY emergency ON cases.absence_case FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND id = (SELECT app.emergency_case()));
CREATE POLICY emergency ON cases.employee FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND id = (SELECT c.employee_id FROM cases.absence_case c WHERE c.id = app.emergency_case())
);

-- Opening one. The case is looked for where whoever asks cannot see it, so this runs as the breaker, who reads these
-- columns and writes this one table, and nobody signs in as him. What is not there, is over, is already open to him, or
-- is kept from him because he stands on the other side of the employer (R14, R15) gets one answer: none.
GRANT USAGE ON SCHEMA app, identity, cases, billing TO providerboog_breaker;
GRANT SELECT (id, tenant_id, account_id, role, organisation_id, responsible_account_id, registered_until, ended_at,
    subject_id, created_at) ON identity.membership TO providerboog_breaker;
GRANT SELECT (id, person_id) ON identity.account TO providerboog_breaker;
GRANT SELECT (person_id, account_id, role, employer_id, ended_at) ON identity.assignment TO providerboog_breaker;
GRANT SELECT (id, tenant_id, employer_id, employee_id, number, closed_at) ON cases.absence_case TO providerboog_breaker;
GRANT SELECT (id, tenant_id, employer_id, reference) ON cases.employee TO providerboog_breaker;
GRANT SELECT (employer_id, insurer_id, valid_until) ON billing.insurance_policy TO providerboog_breaker;
GRANT SELECT, INSERT ON cases.emergency_access TO providerboog_breaker;
CREATE POLICY breaker ON identity.membership FOR SELECT TO providerboog_breaker USING (true);
CREATE POLICY breaker ON identity.account FOR SELECT TO providerboog_breaker USING (true);
CREATE POLICY breaker ON identity.assignment FOR SELECT TO providerboog_breaker USING (true);
CREATE POLICY breaker ON cases.absence_case FOR SELECT TO providerboog_breaker
    USING (tenant_id = app.tenant() AND app.role() = 'delegate');
CREATE POLICY breaker ON cases.employee FOR SELECT TO providerboog_breaker
    USING (tenant_id = app.tenant() AND app.role() = 'delegate');
CREATE POLICY breaker ON billing.insurance_policy FOR SELECT TO providerboog_breaker
    USING (tenant_id = app.tenant() AND app.role() = 'delegate');
CREATE POLICY breaker ON cases.emergency_access TO providerboog_breaker
    USING (tenant_id = app.tenant() AND app.role() = 'delegate')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'delegate' AND account_id = app.account());

-- Whether a person stands on the side of an employer, through whatever account; or is the employee himself.
CREATE FUNCTION app.stands_opposite(person uuid, employer uuid, employee uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM identity.assignment s
        WHERE s.person_id = person AND s.employer_id = employer AND s.role = 'case_manager' AND s.ended_at IS NULL
    ) OR EXISTS (
        SELECT FROM identity.membership m JOIN identity.account a ON a.id = m.account_id
        WHERE a.person_id = person AND m.ended_at IS NULL AND (
            (m.role = 'employer' AND m.organisation_id = employer) OR (m.role = 'employee' AND m.subject_id = employee)
            OR (m.role = 'insurer' AND m.organisation_id IN (
                SELECT p.insurer_id FROM billing.insurance_policy p
                WHERE p.employer_id = employer AND p.valid_until >= app.today()
            ))
        )
    )
$$;

CREATE FUNCTION cases.open_emergency(sought text, employer uuid, why text, moment timestamptz) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found record;
    person uuid;
    responsible uuid;
    told uuid;
    made uuid := gen_random_uuid();
BEGIN
    SELECT a.person_id, m.responsible_account_id INTO person, responsible
    FROM identity.membership m JOIN identity.account a ON a.id = m.account_id
    WHERE m.account_id = app.account() AND m.tenant_id = app.tenant() AND m.role = 'delegate' AND m.ended_at IS NULL
        AND m.registered_until >= app.today();
    SELECT c.id, c.employer_id, c.employee_id INTO found
    FROM cases.absence_case c JOIN cases.employee e ON e.id = c.employee_id
    WHERE c.closed_at IS NULL AND (c.number = sought OR (c.employer_id = employer AND e.reference = sought))
    ORDER BY c.number = sought DESC LIMIT 1;
    IF person IS NULL OR found.id IS NULL OR moment > clock_timestamp() OR EXISTS (
        SELECT FROM identity.assignment s
        WHERE s.account_id = app.account() AND s.employer_id = found.employer_id AND s.ended_at IS NULL
    ) OR app.stands_opposite(person, found.employer_id, found.employee_id) THEN
        RETURN NULL;
    END IF;
    -- Told is the physician under whom he works, or else the one who has been there longest; never himself.
    SELECT m.account_id INTO told FROM identity.membership m JOIN identity.account a ON a.id = m.account_id
    WHERE m.tenant_id = app.tenant() AND m.role = 'physician' AND m.ended_at IS NULL AND a.person_id <> person
    ORDER BY m.account_id IS DISTINCT FROM responsible, m.created_at, m.id LIMIT 1;
    PERFORM pg_advisory_xact_lock(hashtextextended('emergency:' || app.account()::text, 0));
    IF told IS NULL OR EXISTS (
        SELECT FROM cases.emergency_access e
        WHERE e.account_id = app.account() AND e.ended_at IS NULL AND e.until > clock_timestamp()
    ) THEN
        RAISE EXCEPTION 'one emergency at a time, and never without a second person' USING ERRCODE = 'restrict_violation';
    END IF;
    INSERT INTO cases.emergency_access (id, tenant_id, created_at, case_id, employer_id, employee_id, account_id,
        told_account_id, reason, until)
    VALUES (made, app.tenant(), moment, found.id, found.employer_id, found.employee_id, app.account(), told, why,
        moment + interval '60 minutes');
    RETURN made;
END
$$;
REVOKE EXECUTE ON FUNCTION cases.open_emergency(text, uuid, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases.open_emergency(text, uuid, text, timestamptz) TO providerboog_care;
GRANT CREATE ON SCHEMA cases TO providerboog_breaker;
ALTER FUNCTION cases.open_emergency(text, uuid, text, timestamptz) OWNER TO providerboog_breaker;
REVOKE CREATE ON SCHEMA cases FROM providerboog_breaker;

-- What was opened stays as it was; it ends once, and is looked at once, when it is over, by another person.
CREATE FUNCTION cases.keep_emergency() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may text[] := ARRAY['ended_at', 'told_at', 'reviewed_at', 'reviewed_by', 'verdict'];
BEGIN
    IF to_jsonb(OLD) - may <> to_jsonb(NEW) - may
        OR (OLD.reviewed_at IS NOT NULL AND to_jsonb(OLD) - 'told_at' <> to_jsonb(NEW) - 'told_at')
        OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at)
        OR (OLD.told_at IS NOT NULL AND NEW.told_at IS DISTINCT FROM OLD.told_at) THEN
        RAISE EXCEPTION 'an emergency stays as it was' USING ERRCODE = 'restrict_violation';
    END IF;
    -- A mail that leaves late marks one that was looked at already, and is not the one who looks.
    IF OLD.reviewed_at IS NULL AND NEW.reviewed_at IS NOT NULL AND (app.role() <> 'physician'
        OR (NEW.ended_at IS NULL AND NEW.until > clock_timestamp())
        OR NOT EXISTS (
            SELECT FROM identity.account reviewer, identity.account holder
            WHERE reviewer.id = NEW.reviewed_by AND holder.id = NEW.account_id
                AND reviewer.person_id <> holder.person_id
        )) THEN
        RAISE EXCEPTION 'another person looks at an emergency, when it is over' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER keep BEFORE UPDATE ON cases.emergency_access FOR EACH ROW EXECUTE FUNCTION cases.keep_emergency();

-- Whatever is done or read meanwhile carries the mark, whoever writes the event.
CREATE FUNCTION identity.mark_emergency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.emergency_id := nullif(current_setting('app.emergency', true), '')::uuid;
    NEW.ground := 'emergency';
    RETURN NEW;
END
$$;
CREATE TRIGGER emergency BEFORE INSERT ON identity.audit_event
    FOR EACH ROW WHEN (current_setting('app.emergency', true) <> '') EXECUTE FUNCTION identity.mark_emergency();
