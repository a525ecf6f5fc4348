-- Keys of what is sealed (schema medical). The medical side reads wrapped keys and adds new ones; it changes none. Keys
-- are wrapped anew, retired and destroyed by the few functions here, which run as the keyholder: a role that has a right
-- to these two tables and to what is sealed without them (secrets of second factors, kept answers), and to nothing else,
-- that cannot enter a schema by itself, and that nobody can become but who owns the database. This comes
-- after the file that lets the medical side call what is in its schema: of these it may call one.
REVOKE INSERT ON medical.tenant_key, medical.data_key FROM providerboog_care;
REVOKE ALL ON medical.tenant_key, medical.data_key FROM providerboog_remover;
GRANT INSERT (id, tenant_id, created_at, wrapped, stands) ON medical.tenant_key TO providerboog_care;
GRANT INSERT (id, tenant_id, created_at, subject_id, handle, tenant_key_id, tenant_key_stands, wrapped)
    ON medical.data_key TO providerboog_care;
GRANT SELECT, INSERT, UPDATE (wrapped, stands, retired_at) ON medical.tenant_key TO providerboog_keyholder;
GRANT SELECT, UPDATE (wrapped, tenant_key_id, destroyed_at) ON medical.data_key TO providerboog_keyholder;

CREATE POLICY care ON medical.tenant_key TO providerboog_care
    USING (tenant_id = app.tenant()) WITH CHECK (tenant_id = app.tenant());
CREATE POLICY care ON medical.data_key TO providerboog_care
    USING (tenant_id = app.tenant()) WITH CHECK (tenant_id = app.tenant());
CREATE POLICY keyholder ON medical.tenant_key TO providerboog_keyholder USING (true) WITH CHECK (true);
CREATE POLICY keyholder ON medical.data_key TO providerboog_keyholder USING (true) WITH CHECK (true);

GRANT SELECT (id, key_id, secret, removed_at), UPDATE (key_id, secret) ON identity.second_factor TO providerboog_keyholder;
GRANT SELECT (account_id, key_hash, key_id, sealed), UPDATE (key_id, sealed)
    ON identity.answered_act, medical.answered_act TO providerboog_keyholder;
CREATE POLICY keyholder ON identity.second_factor TO providerboog_keyholder USING (true) WITH CHECK (true);
CREATE POLICY keyholder ON identity.answered_act TO providerboog_keyholder USING (true) WITH CHECK (true);
CREATE POLICY keyholder ON medical.answered_act TO providerboog_keyholder USING (true) WITH CHECK (true);

-- What a key is for stays, and one that was destroyed does not come back.
CREATE FUNCTION medical.check_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(OLD) - TG_ARGV <> to_jsonb(NEW) - TG_ARGV OR OLD.wrapped IS NULL THEN
        RAISE EXCEPTION 'a key is wrapped anew, retired or destroyed, and nothing else' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER stays BEFORE UPDATE ON medical.tenant_key
    FOR EACH ROW EXECUTE FUNCTION medical.check_key('wrapped', 'stands', 'retired_at');
CREATE TRIGGER stays BEFORE UPDATE ON medical.data_key
    FOR EACH ROW EXECUTE FUNCTION medical.check_key('wrapped', 'tenant_key_id', 'destroyed_at');
CREATE TRIGGER stays_there BEFORE DELETE ON medical.tenant_key FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER stays_there BEFORE DELETE ON medical.data_key FOR EACH ROW EXECUTE FUNCTION app.refuse_change();

-- The end of a term (R71): for the system, within the own arbodienst. Returns how many keys there were.
CREATE FUNCTION medical.destroy_keys(subjects uuid[]) RETURNS bigint LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH destroyed AS (
        UPDATE medical.data_key SET wrapped = NULL, tenant_key_id = NULL, destroyed_at = now()
        WHERE tenant_id = app.tenant() AND app.role() = 'system' AND subject_id = ANY (subjects)
            AND destroyed_at IS NULL
        RETURNING 1
    )
    SELECT count(*) FROM destroyed;
END;

-- The rest is for whoever owns the database, who has the master key beside him when he wraps anew.
CREATE FUNCTION medical.tenant_keys() RETURNS TABLE (
    id uuid, tenant_id uuid, wrapped bytea, retired_at timestamptz, data_keys bigint
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT t.id, t.tenant_id, t.wrapped, t.retired_at,
        (SELECT count(*) FROM medical.data_key k WHERE k.tenant_key_id = t.id)
    FROM medical.tenant_key t WHERE t.stands ORDER BY t.tenant_id, t.created_at;
END;

-- Wrapped anew only as long as it stands as it was read: of two who do it at once, one does it.
CREATE FUNCTION medical.rewrap_tenant_key(key uuid, before bytea, after bytea) RETURNS bigint LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH changed AS (
        UPDATE medical.tenant_key SET wrapped = after WHERE id = key AND wrapped = before AND stands RETURNING 1
    )
    SELECT count(*) FROM changed;
END;

CREATE FUNCTION medical.retire_tenant_key(key uuid) RETURNS bigint LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH changed AS (
        UPDATE medical.tenant_key SET retired_at = now() WHERE id = key AND retired_at IS NULL RETURNING 1
    )
    SELECT count(*) FROM changed;
END;

CREATE FUNCTION medical.add_tenant_key(key uuid, tenant uuid, sealed bytea) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO medical.tenant_key (id, tenant_id, created_at, wrapped, stands) VALUES (key, tenant, now(), sealed, true);
END;

CREATE FUNCTION medical.data_keys_under(key uuid, most integer) RETURNS TABLE (id uuid, handle bytea, wrapped bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT k.id, k.handle, k.wrapped FROM medical.data_key k WHERE k.tenant_key_id = key LIMIT most;
END;

CREATE FUNCTION medical.rewrap_data_key(key uuid, before bytea, after bytea, above uuid) RETURNS bigint LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH changed AS (
        UPDATE medical.data_key SET wrapped = after, tenant_key_id = above WHERE id = key AND wrapped = before
        RETURNING 1
    )
    SELECT count(*) FROM changed;
END;

-- A foreign key refuses while a data key rests on it, also one that is being added at this moment.
CREATE FUNCTION medical.destroy_tenant_key(key uuid) RETURNS bigint LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH destroyed AS (
        UPDATE medical.tenant_key SET wrapped = NULL, stands = false
        WHERE id = key AND stands AND retired_at IS NOT NULL
        RETURNING 1
    )
    SELECT count(*) FROM destroyed;
END;

-- What is sealed under a key that follows from a master key: it is sealed anew, since there is no wrapped key between.
-- A factor that was removed stays as it is, and so does an answer that was emptied: nobody opens them again.
CREATE FUNCTION medical.sealed_under_others(factor_key text, answer_key text, most integer) RETURNS TABLE (
    place text, owner uuid, key_hash bytea, key_id text, sealed bytea
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT * FROM (
        SELECT 'identity.second_factor' AS place, f.id AS owner, NULL::bytea AS key_hash, f.key_id::text, f.secret AS sealed
        FROM identity.second_factor f
        WHERE f.secret IS NOT NULL AND f.removed_at IS NULL AND f.key_id <> factor_key
        UNION ALL
        SELECT 'identity.answered_act', a.account_id, a.key_hash, a.key_id::text, a.sealed FROM identity.answered_act a
        WHERE a.sealed <> '' AND a.key_id <> answer_key
        UNION ALL
        SELECT 'medical.answered_act', a.account_id, a.key_hash, a.key_id::text, a.sealed FROM medical.answered_act a
        WHERE a.sealed <> '' AND a.key_id <> answer_key
    ) AS found LIMIT most;
END;

-- Sealed anew only as long as it stands as it was read.
CREATE FUNCTION medical.seal_anew(at_place text, whose uuid, hash bytea, before bytea, after bytea, after_key text)
    RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH factors AS (
        UPDATE identity.second_factor f SET secret = after, key_id = after_key
        WHERE at_place = 'identity.second_factor' AND f.id = whose AND f.secret = before AND f.removed_at IS NULL
        RETURNING 1
    ), open_answers AS (
        UPDATE identity.answered_act a SET sealed = after, key_id = after_key
        WHERE at_place = 'identity.answered_act' AND a.account_id = whose AND a.key_hash = hash AND a.sealed = before
        RETURNING 1
    ), medical_answers AS (
        UPDATE medical.answered_act a SET sealed = after, key_id = after_key
        WHERE at_place = 'medical.answered_act' AND a.account_id = whose AND a.key_hash = hash AND a.sealed = before
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM factors) + (SELECT count(*) FROM open_answers) + (SELECT count(*) FROM medical_answers);
END;

REVOKE EXECUTE ON FUNCTION medical.check_key() FROM PUBLIC;
GRANT USAGE ON SCHEMA app TO providerboog_keyholder;
GRANT CREATE ON SCHEMA medical TO providerboog_keyholder;
DO $$
DECLARE
    name regprocedure;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'medical.destroy_keys(uuid[])', 'medical.tenant_keys()', 'medical.rewrap_tenant_key(uuid, bytea, bytea)',
        'medical.retire_tenant_key(uuid)', 'medical.add_tenant_key(uuid, uuid, bytea)',
        'medical.data_keys_under(uuid, integer)', 'medical.rewrap_data_key(uuid, bytea, bytea, uuid)',
        'medical.destroy_tenant_key(uuid)', 'medical.sealed_under_others(text, text, integer)',
        'medical.seal_anew(text, uuid, bytea, bytea, bytea, text)'
    ]::regprocedure[] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', name, current_user);
        EXECUTE format('ALTER FUNCTION %s OWNER TO providerboog_keyholder', name);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION medical.destroy_keys(uuid[]) TO providerboog_care;
REVOKE CREATE ON SCHEMA medical FROM providerboog_keyholder;
