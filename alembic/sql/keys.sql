-- Keys of what is sealed (schema medical). The medical side reads wrapped keys and adds new ones; it changes none. Keys
-- are wrapped anew, retired and destroyed by the few functions here, which run as the keyholder: a role that has a right
-- to these two tables and to nothing else, that cannot enter the schema by itself, and that nobody can become. This comes
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
        'medical.destroy_tenant_key(uuid)'
    ]::regprocedure[] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', name, current_user);
        EXECUTE format('ALTER FUNCTION %s OWNER TO providerboog_keyholder', name);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION medical.destroy_keys(uuid[]) TO providerboog_care;
REVOKE CREATE ON SCHEMA medical FROM providerboog_keyholder;
