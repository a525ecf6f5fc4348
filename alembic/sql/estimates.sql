-- What a payer is told of days saved is a physician's own estimate (R60): only he adds one, in his own name, and no
-- request leaves the medical room without it.
CREATE POLICY care ON medical.days_estimate FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id)
);
CREATE POLICY physician ON medical.days_estimate FOR INSERT TO providerboog_care WITH CHECK (
    tenant_id = app.tenant() AND app.role() = 'physician' AND app.works_for(employer_id)
    AND estimated_by = app.account()
);
CREATE TRIGGER part BEFORE INSERT ON medical.days_estimate FOR EACH ROW EXECUTE FUNCTION medical.check_part();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON medical.days_estimate
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();

-- The latest estimate of a referral, none when no physician made one.
CREATE FUNCTION medical.estimated_days(referral uuid) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT e.days FROM medical.days_estimate e WHERE e.referral_id = referral ORDER BY e.created_at DESC, e.id LIMIT 1
$$;

CREATE FUNCTION medical.check_cofinancing_estimate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT r.expected_days FROM billing.cofinancing_request r WHERE r.id = NEW.request_id)
        IS DISTINCT FROM medical.estimated_days(NEW.referral_id) THEN
        RAISE EXCEPTION 'a request tells the estimate of a physician' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER estimated BEFORE INSERT ON medical.cofinancing_link
    FOR EACH ROW EXECUTE FUNCTION medical.check_cofinancing_estimate();

-- A request to the employer tells weeks of five days; nought says that nobody estimated.
CREATE FUNCTION medical.check_budget_estimate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT r.expected_weeks FROM billing.budget_request r WHERE r.id = NEW.request_id)
        IS DISTINCT FROM least(ceil(coalesce(medical.estimated_days(NEW.referral_id), 0) / 5.0), 104)::integer THEN
        RAISE EXCEPTION 'a request tells the estimate of a physician' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER estimated BEFORE INSERT ON medical.budget_link
    FOR EACH ROW EXECUTE FUNCTION medical.check_budget_estimate();

-- A first request that no referral stands behind would pass by the estimate: at the end of a transaction it has its link.
CREATE FUNCTION medical.check_linked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM medical.cofinancing_link l WHERE l.request_id = NEW.id) THEN
        RAISE EXCEPTION 'a request comes from a referral' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER linked AFTER INSERT ON billing.cofinancing_request DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.id = NEW.matter_id) EXECUTE FUNCTION medical.check_linked();
