-- Matching an invoice that comes after the provider's access has ended (R39). Row-level security hides the referral from
-- him by then, and keeps doing so. This function alone still looks: among what was issued to the organisation that asks,
-- by number, which is made in capitals and asked for in capitals, so that its index finds it. It answers with what an
-- invoice is held against and whom the event in the audit trail concerns (R68).
-- It runs as the matcher, who can do nothing else: he reads these columns, only of such rows, and nobody signs in as him.
-- Its names are looked up here and now, and not when it runs: so the matcher needs no way into schema `medical`.
GRANT USAGE ON SCHEMA app TO providerboog_matcher;
GRANT SELECT (id, tenant_id, number, provider_id, employee_id, physician_account_id, intervention, issued_on, started_on,
    state, units, unit_price_cents, vat_rate, price_from, price_until) ON medical.referral TO providerboog_matcher;
GRANT SELECT (referral_id, tenant_id, provider_id, from_state, to_state, created_at) ON medical.referral_event
    TO providerboog_matcher;

CREATE POLICY matcher ON medical.referral FOR SELECT TO providerboog_matcher USING (
    app.role() = 'provider' AND tenant_id = app.tenant() AND provider_id = app.organisation() AND issued_on IS NOT NULL
);
CREATE POLICY matcher ON medical.referral_event FOR SELECT TO providerboog_matcher USING (
    app.role() = 'provider' AND tenant_id = app.tenant() AND provider_id = app.organisation()
);

CREATE FUNCTION medical.referrals_to_match(numbers text[]) RETURNS TABLE (
    id uuid, number text, employee_id uuid, physician_account_id uuid, intervention text, issued_on date,
    accepted_on date, started_on date, ended_on date, state text, units integer, unit_price_cents integer,
    vat_rate integer, price_from date, price_until date
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT r.id, r.number, r.employee_id, r.physician_account_id, r.intervention, r.issued_on,
        (SELECT (max(e.created_at) AT TIME ZONE 'Europe/Amsterdam')::date FROM medical.referral_event e
            WHERE e.referral_id = r.id AND e.from_state = 'issued' AND e.to_state = 'accepted'),
        r.started_on,
        (SELECT (max(e.created_at) AT TIME ZONE 'Europe/Amsterdam')::date FROM medical.referral_event e
            WHERE e.referral_id = r.id AND e.to_state = r.state AND e.to_state IN ('completed', 'withdrawn')
                AND e.from_state <> e.to_state),
        r.state, r.units, r.unit_price_cents, r.vat_rate, r.price_from, r.price_until
    FROM medical.referral r
    WHERE r.tenant_id = app.tenant() AND r.provider_id = app.organisation() AND r.number = ANY (numbers);
END;

REVOKE EXECUTE ON FUNCTION medical.referrals_to_match(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION medical.referrals_to_match(text[]) TO providerboog_care;
GRANT CREATE ON SCHEMA medical TO providerboog_matcher;
ALTER FUNCTION medical.referrals_to_match(text[]) OWNER TO providerboog_matcher;
REVOKE CREATE ON SCHEMA medical FROM providerboog_matcher;
