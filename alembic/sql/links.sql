-- Who comes in. The identity door makes accounts, but no membership: that comes from an invitation alone, as it was
-- made out, once.
GRANT SELECT, INSERT, UPDATE (sent_at, used_at, revoked_at) ON identity.one_time_link TO providerboog_identity;
GRANT SELECT, UPDATE (used_at) ON identity.one_time_link TO providerboog_keeper;
GRANT INSERT ON identity.person, identity.account TO providerboog_identity;
GRANT UPDATE (ended_at) ON identity.membership TO providerboog_identity;
GRANT SELECT, UPDATE (ended_at) ON identity.assignment TO providerboog_identity;
GRANT SELECT, UPDATE (revoked_at) ON identity.calendar_address TO providerboog_identity;
GRANT EXECUTE ON FUNCTION app.defer_job(text, text, jsonb, integer) TO providerboog_identity;

GRANT SELECT, INSERT, UPDATE (sent_at, refused_at) ON identity.owner_notice TO providerboog_identity;
CREATE POLICY sign_in ON identity.owner_notice TO providerboog_identity USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON identity.one_time_link TO providerboog_identity USING (true) WITH CHECK (true);
CREATE POLICY keeper ON identity.one_time_link TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON identity.assignment TO providerboog_identity USING (true) WITH CHECK (ended_at IS NOT NULL);
CREATE POLICY sign_in ON identity.calendar_address TO providerboog_identity
    USING (true) WITH CHECK (revoked_at IS NOT NULL);

CREATE FUNCTION app.accept_invitation(link uuid, accepted_by uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    made_out identity.one_time_link;
    made uuid;
BEGIN
    SELECT * INTO made_out FROM identity.one_time_link l
    WHERE l.id = link AND l.kind = 'invitation' AND l.used_at IS NULL AND l.revoked_at IS NULL AND l.expires_at > now()
    FOR UPDATE;
    IF NOT FOUND OR NOT EXISTS (
        SELECT FROM identity.account a WHERE a.id = accepted_by AND a.email = made_out.email AND a.disabled_at IS NULL
    ) THEN
        RETURN NULL;
    END IF;
    UPDATE identity.one_time_link SET used_at = now() WHERE id = link;
    INSERT INTO identity.membership AS m (id, tenant_id, created_at, account_id, organisation_id, role,
        registration_number, registered_until, responsible_account_id)
    VALUES (gen_random_uuid(), made_out.tenant_id, now(), accepted_by, made_out.organisation_id, made_out.role,
        made_out.registration_number, made_out.registered_until, made_out.responsible_account_id)
    ON CONFLICT (account_id, organisation_id, role) DO UPDATE SET ended_at = NULL,
        registration_number = EXCLUDED.registration_number, registered_until = EXCLUDED.registered_until,
        responsible_account_id = EXCLUDED.responsible_account_id
    RETURNING m.id INTO made;
    RETURN made;
END
$$;
ALTER FUNCTION app.accept_invitation(uuid, uuid) OWNER TO providerboog_keeper;
REVOKE EXECUTE ON FUNCTION app.accept_invitation(uuid, uuid) FROM PUBLIC, providerboog_open, providerboog_care;
GRANT EXECUTE ON FUNCTION app.accept_invitation(uuid, uuid) TO providerboog_identity;

-- What was used or revoked stays so; who left does not come back but by an invitation.
CREATE FUNCTION app.keep_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.used_at IS NOT NULL OR OLD.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'a link works once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER keep_link BEFORE UPDATE ON identity.one_time_link FOR EACH ROW EXECUTE FUNCTION app.keep_link();

CREATE FUNCTION app.keep_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL AND current_user = 'providerboog_identity' THEN
        RAISE EXCEPTION 'who left comes back by an invitation' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER keep_ended BEFORE UPDATE OF ended_at ON identity.membership
    FOR EACH ROW EXECUTE FUNCTION app.keep_ended();
