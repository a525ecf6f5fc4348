-- Who shares in a cost, and for how much: kept here too, for whoever comes past the use cases with SQL.

-- What an insurer paid of a release stays as it was written: it is what a credit note gives back.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON medical.release_share
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE POLICY desk ON medical.release_share TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'));

-- The network manager registers policies (R61); of one that stands only its end is written, once.
GRANT INSERT, UPDATE (ended_on, ended_by) ON billing.insurance_policy TO providerboog_open;
CREATE POLICY registration ON billing.insurance_policy FOR INSERT TO providerboog_open WITH CHECK (
    tenant_id = app.tenant() AND app.role() = 'network_manager' AND registered_by = app.account()
);
CREATE POLICY ending ON billing.insurance_policy FOR UPDATE TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'network_manager')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'network_manager' AND ended_by = app.account());
CREATE TRIGGER as_written BEFORE UPDATE OF insurer_id, employer_id, line_id, kind, number, valid_from, percentage, cap_cents,
    budget_cents, interventions, confidential, rules, registered_by, ended_on, ended_by ON billing.insurance_policy
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('ended_on', 'ended_by');

-- A policy is between an insurer and an employer of one arbodienst, and another version is of the same two.
CREATE FUNCTION billing.check_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.line_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM billing.insurance_policy p
        WHERE p.id = NEW.line_id AND p.line_id IS NULL AND p.tenant_id = NEW.tenant_id
            AND p.insurer_id = NEW.insurer_id AND p.employer_id = NEW.employer_id AND p.kind = NEW.kind
    ) THEN
        RAISE EXCEPTION 'another version is of the same insurer, employer and kind' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM identity.organisation i JOIN identity.organisation e ON e.id = NEW.employer_id
        WHERE i.id = NEW.insurer_id AND i.kind = 'insurer' AND i.tenant_id = NEW.tenant_id
            AND e.kind = 'employer' AND e.tenant_id = NEW.tenant_id
    ) THEN
        RAISE EXCEPTION 'a policy is between an insurer and an employer' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER parties BEFORE INSERT ON billing.insurance_policy
    FOR EACH ROW EXECUTE FUNCTION billing.check_policy();

-- What was granted under a policy in a year stays within its budget, whoever decides at the same time (R59). The turn is
-- the same as that of billing/cofinancing/policy_budget.py. What is closed counts for what was charged.
CREATE FUNCTION billing.check_policy_budget(policy uuid, year integer, cents integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    line uuid;
    budget integer;
    taken bigint;
BEGIN
    SELECT coalesce(p.line_id, p.id) INTO STRICT line FROM billing.insurance_policy p WHERE p.id = policy;
    PERFORM pg_advisory_xact_lock(hashtextextended('billing.policy' || chr(31) || line, 0));
    SELECT p.budget_cents INTO budget FROM billing.insurance_policy p WHERE line IN (p.id, p.line_id)
    ORDER BY p.created_at DESC, p.id LIMIT 1;
    IF budget IS NULL THEN
        RETURN;
    END IF;
    SELECT coalesce(sum(CASE WHEN r.closed_month IS NULL THEN r.decided_cents ELSE r.charged_cents END), 0) INTO taken
    FROM billing.cofinancing_request r JOIN billing.insurance_policy p ON p.id = r.policy_id
    WHERE line IN (p.id, p.line_id) AND r.budget_year = year AND r.state IN ('approved', 'partial');
    IF taken + cents > budget THEN
        RAISE EXCEPTION 'the budget of the policy is spent' USING ERRCODE = 'check_violation';
    END IF;
END
$$;

-- What is asked is asked under a policy of that employer and insurer that holds on that day, within its percentage and
-- cap, with consent (c), and of several insurers together no more than the price (R25, R57, R59).
CREATE FUNCTION billing.check_request() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked_on date := (coalesce(NEW.submitted_at, NEW.created_at) AT TIME ZONE 'Europe/Amsterdam')::date;
BEGIN
    IF NOT EXISTS (
        SELECT FROM billing.insurance_policy p
        WHERE p.id = NEW.policy_id AND p.employer_id = NEW.employer_id AND p.insurer_id = NEW.insurer_id
            AND asked_on BETWEEN p.valid_from AND least(p.valid_until, p.ended_on)
            AND NEW.requested_cents <= coalesce(p.cap_cents, NEW.requested_cents)
            AND NEW.percentage <= greatest(p.percentage, (SELECT max((r ->> 'percentage')::integer)
                FROM jsonb_array_elements(p.rules) r))
            AND NEW.requested_cents <= floor(NEW.price_cents::numeric * NEW.percentage / 100)
    ) THEN
        RAISE EXCEPTION 'no policy pays this' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.requested_cents + (
        SELECT coalesce(sum(r.decided_cents), 0) FROM billing.cofinancing_request r
        WHERE r.matter_id = NEW.matter_id AND r.id <> NEW.id
    ) > NEW.price_cents THEN
        RAISE EXCEPTION 'insurers are asked for no more than the price' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'submitted' AND NOT EXISTS (
        SELECT FROM cases.consent c WHERE c.case_id = NEW.case_id AND c.scope = 'insurer' AND c.withdrawn_at IS NULL
    ) THEN
        RAISE EXCEPTION 'no request goes out without consent' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.id <> NEW.matter_id AND NOT EXISTS (
        SELECT FROM billing.cofinancing_request f
        WHERE f.id = NEW.matter_id AND f.matter_id = f.id
            AND (f.case_id, f.employer_id, f.disclosure, f.sickness_year, f.sickness_week, f.price_cents, f.expected_days)
                = (NEW.case_id, NEW.employer_id, NEW.disclosure, NEW.sickness_year, NEW.sickness_week, NEW.price_cents,
                    NEW.expected_days)
            AND f.intervention IS NOT DISTINCT FROM NEW.intervention
    ) THEN
        RAISE EXCEPTION 'the next insurer is asked about the same intervention' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER asked BEFORE INSERT ON billing.cofinancing_request
    FOR EACH ROW EXECUTE FUNCTION billing.check_request();
CREATE TRIGGER asked_on BEFORE UPDATE ON billing.cofinancing_request
    FOR EACH ROW WHEN (NEW.state = 'submitted' AND OLD.state = 'prepared') EXECUTE FUNCTION billing.check_request();

-- After a refusal, or for what a first one left, the case manager asks the next insurer himself.
CREATE POLICY next_insurer ON billing.cofinancing_request FOR INSERT TO providerboog_open WITH CHECK (
    tenant_id = app.tenant() AND app.role() = 'case_manager' AND app.works_for(employer_id) AND id <> matter_id
    AND state = 'submitted' AND submitted_by = app.account() AND decided_by IS NULL AND decided_cents IS NULL
    AND charged_month IS NULL AND closed_month IS NULL AND charged_cents = 0
);
