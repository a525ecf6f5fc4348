-- Who somebody is at the identity provider of his arbodienst (R69). Looked up before anybody is known; made only by the owner
-- of the account, while he acts; taken away by him, or with all else that opened the account when he begins anew.
GRANT SELECT, INSERT, UPDATE (last_used_at, removed_at) ON identity.provider_link TO providerboog_identity;
CREATE POLICY sign_in ON identity.provider_link FOR SELECT TO providerboog_identity USING (true);
CREATE POLICY owner ON identity.provider_link FOR INSERT TO providerboog_identity
    WITH CHECK (account_id = app.account() AND removed_at IS NULL);
CREATE POLICY kept ON identity.provider_link FOR UPDATE TO providerboog_identity USING (true)
    WITH CHECK (removed_at IS NULL OR account_id = app.account() OR app.begins_anew(account_id));

CREATE FUNCTION app.keep_provider_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.removed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a link that was removed stays removed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER keep_provider_link BEFORE UPDATE ON identity.provider_link
    FOR EACH ROW EXECUTE FUNCTION app.keep_provider_link();
