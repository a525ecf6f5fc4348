-- The second factor (R69). Only the identity door sees it, and what it may do there is kept here once more.
GRANT SELECT, INSERT, UPDATE (name, confirmed_at, last_used_at, removed_at, sign_count, last_step)
    ON identity.second_factor TO providerboog_identity;
GRANT SELECT, INSERT, UPDATE (used_at, replaced_at) ON identity.recovery_code TO providerboog_identity;
GRANT SELECT, INSERT, UPDATE (ended_at) ON identity.known_device TO providerboog_identity;
GRANT SELECT, INSERT, UPDATE ON identity.slot TO providerboog_identity;
GRANT SELECT, INSERT ON identity.second_factor TO providerboog_keeper;  -- sets up a network from the command line

CREATE POLICY sign_in ON identity.second_factor TO providerboog_identity USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON identity.recovery_code TO providerboog_identity USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON identity.known_device TO providerboog_identity USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON identity.slot TO providerboog_identity USING (true) WITH CHECK (true);
CREATE POLICY keeper ON identity.second_factor TO providerboog_keeper USING (true) WITH CHECK (true);

-- Whether the owner of an account that lost every factor has just used the link with which he begins anew.
CREATE FUNCTION app.begins_anew(account uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM identity.one_time_link l JOIN identity.account a ON a.email = l.email
        WHERE a.id = account AND l.kind = 'anew' AND l.used_at > now() - interval '1 minute'
    )
$$;

-- A code counts once: the half minute of the last one only rises, a recovery code stays used, and what was removed or
-- ended stays so. Of the factors of an account one is always left; two removals at once wait for each other.
CREATE FUNCTION app.keep_factor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.removed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a factor that was removed stays removed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.last_step IS DISTINCT FROM OLD.last_step AND NEW.last_step <= OLD.last_step THEN
        RAISE EXCEPTION 'a code counts once' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.removed_at IS NOT NULL AND OLD.confirmed_at IS NOT NULL THEN
        PERFORM FROM identity.account a WHERE a.id = OLD.account_id FOR NO KEY UPDATE;
        IF NOT app.begins_anew(OLD.account_id) AND NOT EXISTS (
            SELECT FROM identity.second_factor f WHERE f.account_id = OLD.account_id AND f.id <> OLD.id
                AND f.confirmed_at IS NOT NULL AND f.removed_at IS NULL
        ) THEN
            RAISE EXCEPTION 'one factor is always left' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER keep_factor BEFORE UPDATE ON identity.second_factor FOR EACH ROW EXECUTE FUNCTION app.keep_factor();

CREATE FUNCTION app.keep_recovery_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.used_at IS NOT NULL OR OLD.replaced_at IS NOT NULL THEN
        RAISE EXCEPTION 'a recovery code is used once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER keep_recovery_code BEFORE UPDATE ON identity.recovery_code
    FOR EACH ROW EXECUTE FUNCTION app.keep_recovery_code();
