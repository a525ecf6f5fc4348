-- Only the arbodienst brings an offering before the people who refer (R29). A provider submits, withdraws, and states
-- its wait; whatever else it changes of an approved offering puts that back to be approved anew.
CREATE FUNCTION network.check_publication() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['stated_wait_days', 'stated_on', 'version'];
BEGIN
    IF app.role() = 'provider' AND NEW.state NOT IN ('submitted', 'withdrawn')
        AND (TG_OP = 'INSERT' OR (to_jsonb(NEW) - free) <> (to_jsonb(OLD) - free)) THEN
        RAISE EXCEPTION 'a provider does not decide on an offering' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF app.role() = 'network_manager' AND NEW.decided_by IS DISTINCT FROM app.account() THEN
        RAISE EXCEPTION 'nobody decides in the name of another' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND app.role() IN ('provider', 'network_manager') AND NEW.version <= OLD.version THEN
        RAISE EXCEPTION 'every change of an offering raises its version' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER publication BEFORE INSERT OR UPDATE ON network.offering
    FOR EACH ROW EXECUTE FUNCTION network.check_publication();
