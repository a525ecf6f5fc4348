-- Who holds a cookie or a token. Runs as the keeper, because before the answer there is no tenant to look within.
GRANT SELECT ON identity.account, identity.person, identity.membership, identity.organisation TO providerboog_keeper;
GRANT SELECT, UPDATE ON identity.web_session TO providerboog_keeper;
GRANT SELECT, UPDATE (last_used_at) ON identity.api_token TO providerboog_keeper;
GRANT SELECT ON identity.calendar_address TO providerboog_keeper;

CREATE TYPE app.member AS (
    account_id uuid, membership_id uuid, person_id uuid, tenant_id uuid, organisation_id uuid, role text,
    subject_id uuid, email text, name text, organisation_name text, language text, session_id uuid, proved_at timestamptz,
    scopes text[]
);

CREATE FUNCTION app.member_of(membership uuid, session_id uuid, proved_at timestamptz, scopes text[])
RETURNS SETOF app.member LANGUAGE sql STABLE AS $$
    SELECT a.id, m.id, p.id, m.tenant_id, m.organisation_id, m.role, m.subject_id, a.email, p.name, o.name, a.language,
        session_id, proved_at, scopes
    FROM identity.membership m
    JOIN identity.account a ON a.id = m.account_id
    JOIN identity.person p ON p.id = a.person_id
    JOIN identity.organisation o ON o.id = m.organisation_id
    WHERE m.id = membership AND m.ended_at IS NULL AND a.disabled_at IS NULL
$$;

-- A session in which no second factor was shown opens nothing (R69), and neither does one that turns up in another kind
-- of browser than that in which it began.
CREATE FUNCTION app.session_member(hash bytea, seen_in text) RETURNS SETOF app.member
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held identity.web_session;
BEGIN
    SELECT * INTO held FROM identity.web_session s
    WHERE s.token_hash = hash AND s.ended_at IS NULL AND s.expires_at > now() AND s.proved_at IS NOT NULL
        AND s.last_seen_at > now() - make_interval(mins => s.idle_minutes)
        AND (s.browser IS NULL OR s.browser = seen_in);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF held.last_seen_at < now() - interval '1 minute' THEN
        UPDATE identity.web_session SET last_seen_at = now() WHERE id = held.id;
    END IF;
    RETURN QUERY SELECT * FROM app.member_of(held.membership_id, held.id, held.proved_at, NULL);
END
$$;

CREATE FUNCTION app.token_member(hash bytea) RETURNS SETOF app.member
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held identity.api_token;
BEGIN
    SELECT * INTO held FROM identity.api_token t
    WHERE t.token_hash = hash AND t.revoked_at IS NULL AND t.expires_at > now();
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- Once an hour is enough to see whether a token is still in use, and keeps its row from being written all day.
    IF held.last_used_at IS NULL OR held.last_used_at < now() - interval '1 hour' THEN
        UPDATE identity.api_token SET last_used_at = now()
        WHERE id = (SELECT t.id FROM identity.api_token t WHERE t.id = held.id FOR UPDATE SKIP LOCKED);
    END IF;
    RETURN QUERY SELECT * FROM app.member_of(held.membership_id, NULL, NULL, held.scopes);
END
$$;

CREATE FUNCTION app.calendar_member(hash bytea) RETURNS SETOF app.member
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT member.* FROM identity.calendar_address c, app.member_of(c.membership_id, NULL, NULL, NULL) member
    WHERE c.token_hash = hash AND c.revoked_at IS NULL
$$;

-- Every tenant, for jobs that do their round of all of them.
CREATE FUNCTION app.tenants() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.id FROM identity.organisation o WHERE o.kind = 'arbodienst' ORDER BY o.id
$$;

ALTER FUNCTION app.member_of(uuid, uuid, timestamptz, text[]) OWNER TO providerboog_keeper;
ALTER FUNCTION app.session_member(bytea, text) OWNER TO providerboog_keeper;
ALTER FUNCTION app.token_member(bytea) OWNER TO providerboog_keeper;
ALTER FUNCTION app.calendar_member(bytea) OWNER TO providerboog_keeper;
ALTER FUNCTION app.tenants() OWNER TO providerboog_keeper;
REVOKE EXECUTE ON FUNCTION app.member_of(uuid, uuid, timestamptz, text[]), app.session_member(bytea, text), app.token_member(bytea),
    app.calendar_member(bytea), app.tenants() FROM PUBLIC, providerboog_identity, providerboog_open, providerboog_care;
GRANT EXECUTE ON FUNCTION app.session_member(bytea, text), app.token_member(bytea), app.calendar_member(bytea)
    TO providerboog_open_login, providerboog_care_login;
GRANT EXECUTE ON FUNCTION app.tenants() TO providerboog_system_open_login;
GRANT EXECUTE ON FUNCTION app.session_member(bytea, text) TO providerboog_identity;

-- Sign-in itself: the only door that sees hashes.
GRANT SELECT ON identity.account, identity.person, identity.membership, identity.organisation TO providerboog_identity;
GRANT UPDATE (password_hash, language) ON identity.account TO providerboog_identity;
GRANT SELECT, INSERT, UPDATE ON identity.web_session, identity.api_token TO providerboog_identity;
GRANT INSERT ON identity.audit_event TO providerboog_identity;
