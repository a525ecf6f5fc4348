-- What providers are owed: four eyes above a limit (R42), kept here too for whoever comes past the use cases with SQL.
GRANT INSERT ON billing.payable, billing.payout, billing.payout_account TO providerboog_care;
GRANT UPDATE (agreed_by, agreed_person_id, agreed_at, payout_id) ON billing.payable TO providerboog_care;
GRANT UPDATE (payout_id) ON billing.payable TO providerboog_open;
GRANT UPDATE (state, attempt, gateway_reference, fault, sent_at, account) ON billing.payout TO providerboog_open;
GRANT UPDATE (is_ready, needs, checked_at) ON billing.payout_account TO providerboog_open;

CREATE POLICY desk ON billing.payable TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'secretary')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'secretary');
CREATE POLICY own ON billing.payable FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation());
CREATE POLICY round ON billing.payable TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY desk ON billing.payout TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'secretary')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'secretary' AND state = 'planned' AND planned_by = app.account());
CREATE POLICY own ON billing.payout FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation());
CREATE POLICY round ON billing.payout TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY own ON billing.payout_account TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation())
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation() AND NOT is_ready);
CREATE POLICY desk ON billing.payout_account FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'secretary');
CREATE POLICY round ON billing.payout_account TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY desk ON medical.payable_link TO providerboog_care
    USING (tenant_id = app.tenant() AND (
        app.role() = 'secretary' OR (app.role() = 'provider' AND provider_id = app.organisation())
    ))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'secretary' AND EXISTS (
        SELECT FROM medical.provider_invoice i
        WHERE i.id = provider_invoice_id AND i.provider_id = payable_link.provider_id AND i.state = 'approved'
    ));

-- The limit is that of the day of approval, and who approves does so in his own name.
CREATE FUNCTION billing.check_new_payable() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed integer := coalesce(
        (SELECT s.four_eyes_cents FROM network.arbodienst_settings s WHERE s.tenant_id = NEW.tenant_id), 100000
    );
BEGIN
    IF NEW.approved_by IS DISTINCT FROM app.account() OR NOT EXISTS (
        SELECT FROM identity.account a WHERE a.id = NEW.approved_by AND a.person_id = NEW.approved_person_id
    ) THEN
        RAISE EXCEPTION 'nobody approves in the name of another' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.needs_second <> (NEW.cents > allowed) OR NEW.agreed_by IS NOT NULL OR NEW.payout_id IS NOT NULL THEN
        RAISE EXCEPTION 'a payable begins without agreement and without payment' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER beginning BEFORE INSERT ON billing.payable
    FOR EACH ROW EXECUTE FUNCTION billing.check_new_payable();

-- Agreement is given once, by another person than who approved, in his own name; nothing above the limit is paid without
-- it; and what was paid is owed again only when the payment was taken back.
CREATE FUNCTION billing.check_payable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.agreed_by IS DISTINCT FROM OLD.agreed_by AND (
        OLD.agreed_by IS NOT NULL OR NEW.agreed_by IS DISTINCT FROM app.account()
        OR NEW.agreed_person_id = NEW.approved_person_id OR NOT EXISTS (
            SELECT FROM identity.account a WHERE a.id = NEW.agreed_by AND a.person_id = NEW.agreed_person_id
        )
    ) THEN
        RAISE EXCEPTION 'another person than who approved agrees, in his own name (R42)'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.payout_id IS NOT NULL AND NEW.needs_second AND NEW.agreed_by IS NULL THEN
        RAISE EXCEPTION 'above the limit a second person agrees before anything is paid (R42)'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.payout_id IS NOT NULL AND NEW.payout_id IS DISTINCT FROM OLD.payout_id AND NOT EXISTS (
        SELECT FROM billing.payout p WHERE p.id = OLD.payout_id AND p.state = 'reversed'
    ) THEN
        RAISE EXCEPTION 'what is being paid is not paid twice' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.payout_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM billing.payout p WHERE p.id = NEW.payout_id AND p.provider_id = NEW.provider_id
    ) THEN
        RAISE EXCEPTION 'a payable is paid to whom it is owed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER four_eyes BEFORE UPDATE ON billing.payable
    FOR EACH ROW EXECUTE FUNCTION billing.check_payable();

-- What is transferred is the sum of what it pays, when the transaction that plans it commits.
CREATE FUNCTION billing.check_payout_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paying uuid := CASE TG_TABLE_NAME WHEN 'payout' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'payout_id')::uuid END;
BEGIN
    IF (SELECT coalesce(sum(p.cents), 0) FROM billing.payable p WHERE p.payout_id = paying)
        <> (SELECT p.cents FROM billing.payout p WHERE p.id = paying) THEN
        RAISE EXCEPTION 'a payout is the sum of what it pays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER sum_of_payables AFTER INSERT ON billing.payout
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing.check_payout_sum();
CREATE CONSTRAINT TRIGGER sum_of_payables AFTER UPDATE ON billing.payable
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.payout_id IS NOT NULL)
    EXECUTE FUNCTION billing.check_payout_sum();

-- A payout goes forward: planned, sent or refused, tried again, taken back; and a sent one has the name of its transfer.
CREATE FUNCTION billing.check_payout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (
        ('planned', 'planned'), ('planned', 'sent'), ('planned', 'refused'), ('refused', 'planned'), ('sent', 'reversed'),
        ('refused', 'reversed')
    ) OR (NEW.state = 'sent') AND NEW.gateway_reference IS NULL THEN
        RAISE EXCEPTION 'a payout does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER forward BEFORE UPDATE ON billing.payout
    FOR EACH ROW EXECUTE FUNCTION billing.check_payout();

-- Above the limit two people pay a provider, so two people raise the limit (R42): one asks, another agrees to the same.
CREATE FUNCTION network.check_four_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before network.arbodienst_settings;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        before := OLD;
    END IF;
    IF app.role() = 'secretary' AND (
        NEW.four_eyes_cents > coalesce(before.four_eyes_cents, 100000) AND NOT EXISTS (
            SELECT FROM identity.account asked, identity.account agrees
            WHERE asked.id = before.four_eyes_asked_by AND agrees.id = app.account()
                AND asked.person_id <> agrees.person_id AND before.four_eyes_asked_cents = NEW.four_eyes_cents
        ) OR NEW.four_eyes_asked_by IS DISTINCT FROM before.four_eyes_asked_by
            AND NEW.four_eyes_asked_by IS DISTINCT FROM app.account() AND NEW.four_eyes_asked_by IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'two people raise the limit above which two people pay' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER four_eyes BEFORE INSERT OR UPDATE ON network.arbodienst_settings
    FOR EACH ROW EXECUTE FUNCTION network.check_four_eyes();
