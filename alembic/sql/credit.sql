-- Giving back, and the service line: kept here too, for whoever comes past the use cases with SQL (R46, R50).

-- What is corrected stays of whom and of what it was, and no more is given back than was charged.
CREATE FUNCTION billing.check_charge_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was billing.charge;
    net bigint;
    insurer bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('charge' || NEW.corrects_id, 0));
    SELECT * INTO was FROM billing.charge c WHERE c.id = NEW.corrects_id;
    SELECT coalesce(sum(c.net_cents), 0), coalesce(sum(c.insurer_cents), 0) INTO net, insurer
        FROM billing.charge c WHERE c.corrects_id = NEW.corrects_id;
    IF was.id IS NULL OR was.corrects_id IS NOT NULL OR was.invoice_id IS NULL
        OR (was.tenant_id, was.employer_id, was.kind, was.vat_rate) <>
            (NEW.tenant_id, NEW.employer_id, NEW.kind, NEW.vat_rate)
        OR (was.intervention, was.employee_reference) IS DISTINCT FROM (NEW.intervention, NEW.employee_reference)
        OR was.net_cents + net + NEW.net_cents < 0 OR was.insurer_cents + insurer + NEW.insurer_cents < 0
        OR was.net_cents - was.insurer_cents + net - insurer + NEW.net_cents - NEW.insurer_cents < 0 THEN
        RAISE EXCEPTION 'a correction gives back of what was charged' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER gives_back BEFORE INSERT ON billing.charge
    FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION billing.check_charge_back();

CREATE FUNCTION billing.check_share_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was billing.insurer_share;
    net bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('share' || NEW.corrects_id, 0));
    SELECT * INTO was FROM billing.insurer_share s WHERE s.id = NEW.corrects_id;
    SELECT coalesce(sum(s.net_cents), 0) INTO net FROM billing.insurer_share s WHERE s.corrects_id = NEW.corrects_id;
    IF was.id IS NULL OR was.corrects_id IS NOT NULL OR was.invoice_id IS NULL
        OR (was.tenant_id, was.insurer_id, was.request_id, was.vat_rate) <>
            (NEW.tenant_id, NEW.insurer_id, NEW.request_id, NEW.vat_rate)
        OR was.net_cents + net + NEW.net_cents < 0 THEN
        RAISE EXCEPTION 'a correction gives back of what was charged' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER gives_back BEFORE INSERT ON billing.insurer_share
    FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION billing.check_share_back();

-- Only what a credit note gave back in order to charge it anew is, to the same buyer and for the same amount.
CREATE FUNCTION billing.check_charged_anew() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fits boolean;
BEGIN
    IF TG_TABLE_NAME = 'charge' THEN
        SELECT i.charge_anew AND (c.tenant_id, c.employer_id, c.kind, -c.net_cents, -c.insurer_cents) =
            (NEW.tenant_id, NEW.employer_id, NEW.kind, NEW.net_cents, NEW.insurer_cents) INTO fits
            FROM billing.charge c JOIN billing.invoice i ON i.id = c.invoice_id WHERE c.id = NEW.replaces_id;
    ELSE
        SELECT i.charge_anew AND (s.tenant_id, s.insurer_id, s.request_id, -s.net_cents) =
            (NEW.tenant_id, NEW.insurer_id, NEW.request_id, NEW.net_cents) INTO fits
            FROM billing.insurer_share s JOIN billing.invoice i ON i.id = s.invoice_id WHERE s.id = NEW.replaces_id;
    END IF;
    IF fits IS NOT TRUE THEN
        RAISE EXCEPTION 'only what was given back is charged anew' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER charged_anew BEFORE INSERT ON billing.charge
    FOR EACH ROW WHEN (NEW.replaces_id IS NOT NULL) EXECUTE FUNCTION billing.check_charged_anew();
CREATE TRIGGER charged_anew BEFORE INSERT ON billing.insurer_share
    FOR EACH ROW WHEN (NEW.replaces_id IS NOT NULL) EXECUTE FUNCTION billing.check_charged_anew();

-- A credit note corrects an invoice of the same buyer, and all of them together at most the whole of it (R50).
CREATE FUNCTION billing.check_credit_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was billing.invoice;
    net bigint;
    total bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('invoice' || NEW.corrects_id, 0));
    SELECT * INTO was FROM billing.invoice i WHERE i.id = NEW.corrects_id;
    SELECT coalesce(sum(i.net_cents), 0), coalesce(sum(i.total_cents), 0) INTO net, total
        FROM billing.invoice i WHERE i.corrects_id = NEW.corrects_id;
    IF was.id IS NULL OR was.kind <> 'invoice' OR (was.tenant_id, was.buyer_id) <> (NEW.tenant_id, NEW.buyer_id)
        OR NEW.net_cents < 0 OR net + NEW.net_cents > was.net_cents OR total + NEW.total_cents > was.total_cents THEN
        RAISE EXCEPTION 'a credit note gives back at most what its invoice asked' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER gives_back BEFORE INSERT ON billing.invoice
    FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION billing.check_credit_note();

-- A provider gives back of what was released, for the same referral, and not more than that.
CREATE FUNCTION medical.check_release_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was medical.release;
    net bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('release' || NEW.corrects_id, 0));
    SELECT * INTO was FROM medical.release r WHERE r.id = NEW.corrects_id;
    SELECT coalesce(sum(r.net_cents), 0) INTO net FROM medical.release r WHERE r.corrects_id = NEW.corrects_id;
    IF was.id IS NULL OR was.corrects_id IS NOT NULL
        OR (was.tenant_id, was.referral_id, was.employee_id, was.employer_id) <>
            (NEW.tenant_id, NEW.referral_id, NEW.employee_id, NEW.employer_id)
        OR was.net_cents + net + NEW.net_cents < 0 THEN
        RAISE EXCEPTION 'a provider gives back of what was released' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER gives_back BEFORE INSERT ON medical.release
    FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION medical.check_release_back();

-- What services cost can be set right until it is charged. No policy lets the open side see it: whoever knew what the
-- services came to could take that off the line that they share (R46, R47).
CREATE FUNCTION billing.check_service_amount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.charge_id IS NOT NULL OR (OLD.tenant_id, OLD.employer_id, OLD.month) <>
        (NEW.tenant_id, NEW.employer_id, NEW.month) THEN
        RAISE EXCEPTION 'service_amount keeps what was charged' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER until_charged BEFORE UPDATE ON billing.service_amount
    FOR EACH ROW EXECUTE FUNCTION billing.check_service_amount();

GRANT INSERT, UPDATE (basis, net_cents, entered_by, charge_id) ON billing.service_amount TO providerboog_care;
CREATE POLICY desk ON billing.service_amount TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'));
