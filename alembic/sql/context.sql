-- On whose behalf a transaction runs. A setting that was never made, or has ended with its transaction, is no setting.
CREATE FUNCTION app.tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.tenant', true), '')::uuid $$;

CREATE FUNCTION app.organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.organisation', true), '')::uuid $$;

CREATE FUNCTION app.account() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.account', true), '')::uuid $$;

CREATE FUNCTION app.subject() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.subject', true), '')::uuid $$;

CREATE FUNCTION app.role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('app.role', true), '') $$;

-- In which role, once that is believed: that it is the system is believed of the system's own logins alone (ADR 0001). NULL is
-- for whoever gets SQL into a login of people and says so. It names nothing of ours: not all who ask may enter this schema.
CREATE FUNCTION app.believed_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN current_setting('app.role', true) = 'system' AND NOT pg_has_role(session_user, 'providerboog_system', 'MEMBER')
            THEN NULL
        ELSE coalesce(current_setting('app.role', true), '')
    END
$$;

-- The day in the Netherlands: a mandate ends at midnight there.
CREATE FUNCTION app.today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT (now() AT TIME ZONE 'Europe/Amsterdam')::date $$;

-- The employers to whom an actor is limited: those to whom he is assigned (R14, R17), or the one that he is.
CREATE FUNCTION app.employers() RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT CASE app.role()
        WHEN 'employer' THEN ARRAY[app.organisation()]
        WHEN 'delegate' THEN ARRAY(
            SELECT a.employer_id FROM identity.assignment a
            WHERE a.account_id = app.account() AND a.role = 'delegate' AND a.ended_at IS NULL
        )
        WHEN 'case_manager' THEN ARRAY(
            SELECT a.employer_id FROM identity.assignment a
            WHERE a.account_id = app.account() AND a.role = 'case_manager' AND a.ended_at IS NULL
        )
        ELSE '{}'::uuid[]
    END
$$;

-- Whether the actor works for this employer, or is it. Without a subquery of its own it becomes part of the policy that
-- asks, so that those who work for all employers are let through without a call for every row.
CREATE FUNCTION app.works_for(employer uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT app.role() IN ('physician', 'secretary', 'system') OR employer = ANY (app.employers()) $$;

-- Whether the actor writes in the cases of this employer; employer and secretariat only read there.
CREATE FUNCTION app.keeps_cases_of(employer uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT app.role() IN ('physician', 'delegate', 'case_manager', 'system') AND app.works_for(employer) $$;

-- Steps of the Poortwachter process that belong to the medical side (column care_only of poortwachter_steps.csv).
CREATE FUNCTION app.care_only_step(step integer) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT step IN (3, 5, 6, 8, 9, 10, 12, 13, 14, 28, 42) $$;

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO providerboog_identity, providerboog_open, providerboog_care;
