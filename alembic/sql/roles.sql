-- Roles belong to the server, not to one database, so each is made only where it is missing.
-- A login owns nothing, inherits nothing, and can become one role only (R22). Jobs and the payment provider have logins of
-- their own on both sides: these alone belong to the system, which has no rights and which nobody can become, and of these
-- alone it is believed that they are the system (ADR 0001). The keeper owns the few functions that must look across
-- tenants at sign-in, and the matcher the one that finds a referral for an invoice, the teller the one that tells whether
-- an employer may know of an intervention, the breaker the one that opens a case in an emergency, the remover the few that
-- take away what has passed its term, the keyholder those that wrap keys anew and destroy them; nobody can sign in as any
-- of them.
DO $$
DECLARE
    door text;
BEGIN
    FOREACH door IN ARRAY ARRAY['identity', 'open', 'care', 'jobs', 'system'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'providerboog_' || door) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', 'providerboog_' || door);
        END IF;
    END LOOP;
    FOREACH door IN ARRAY ARRAY['identity', 'open', 'care', 'jobs', 'system_open', 'system_care'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'providerboog_' || door || '_login') THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', 'providerboog_' || door || '_login');
        END IF;
        EXECUTE format(
            'GRANT %I TO %I WITH INHERIT FALSE, SET TRUE',
            'providerboog_' || replace(door, 'system_', ''), 'providerboog_' || door || '_login'
        );
    END LOOP;
    GRANT providerboog_system TO providerboog_system_open_login, providerboog_system_care_login WITH INHERIT FALSE, SET FALSE;
    FOREACH door IN ARRAY ARRAY['keeper', 'matcher', 'teller', 'breaker', 'remover', 'keyholder'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'providerboog_' || door) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', 'providerboog_' || door);
        END IF;
        EXECUTE format('GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', 'providerboog_' || door, current_user);
    END LOOP;
    EXECUTE format('GRANT providerboog_care TO %I WITH INHERIT FALSE, SET TRUE', current_user);
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA app TO providerboog_identity, providerboog_open, providerboog_care, providerboog_keeper,
    providerboog_open_login, providerboog_care_login, providerboog_system_open_login;
GRANT CREATE ON SCHEMA app TO providerboog_keeper;
GRANT USAGE ON SCHEMA identity, network, cases, billing TO providerboog_open, providerboog_care, providerboog_keeper;
GRANT USAGE ON SCHEMA identity TO providerboog_identity;
GRANT USAGE ON SCHEMA medical TO providerboog_care;  -- and to nobody else
