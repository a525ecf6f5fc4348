-- How satisfied somebody was is his alone to say, of his own referral, once it is over. Nobody else reads what one person
-- said: not the provider, not the physician. Only the nightly job counts it (R75).
CREATE POLICY own ON medical.satisfaction FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND (app.role() = 'system' OR (app.role() = 'employee' AND employee_id = app.subject()))
);
CREATE POLICY own_word ON medical.satisfaction FOR INSERT TO providerboog_care WITH CHECK (
    tenant_id = app.tenant() AND app.role() = 'employee' AND employee_id = app.subject()
);
CREATE TRIGGER part BEFORE INSERT ON medical.satisfaction FOR EACH ROW EXECUTE FUNCTION medical.check_part();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON medical.satisfaction
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();

CREATE FUNCTION medical.check_satisfaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT r.state FROM medical.referral r WHERE r.id = NEW.referral_id) IS DISTINCT FROM 'completed' THEN
        RAISE EXCEPTION 'satisfaction is asked once a referral is completed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER completed BEFORE INSERT ON medical.satisfaction
    FOR EACH ROW EXECUTE FUNCTION medical.check_satisfaction();

-- What is counted is read by who reads how a provider answers: a provider his own and all together, no payer any.
GRANT INSERT, UPDATE ON network.measured_experience TO providerboog_care;
CREATE POLICY keeper ON network.measured_experience TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY reader ON network.measured_experience FOR SELECT TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND app.role() NOT IN ('employer', 'insurer', 'auditor')
        AND (app.role() <> 'provider' OR organisation_id IN (app.organisation(), app.tenant())));
CREATE POLICY hatch ON network.measured_experience TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
