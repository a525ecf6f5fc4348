-- The books: what the secretariat decides about money, closed months of the ledger, and reading the ledger.
GRANT INSERT ON network.arbodienst_settings TO providerboog_care;
GRANT UPDATE (onward_vat_rate, payment_days, suppression_k, reminds, first_reminder_days, second_reminder_days,
    last_reminder_days, cofinancing_working_days, budget_working_days, payable_days, four_eyes_cents,
    four_eyes_asked_cents, four_eyes_asked_by, money_version) ON network.arbodienst_settings TO providerboog_care;
CREATE POLICY desk ON network.arbodienst_settings FOR INSERT TO providerboog_care
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'secretary');
CREATE POLICY desk_sets ON network.arbodienst_settings FOR UPDATE TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'secretary')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'secretary');

-- Months are closed and proved by the nightly job alone; whoever reads the ledger adds them up.
GRANT INSERT ON billing.ledger_month, billing.ledger_closing, billing.ledger_proof TO providerboog_open;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['ledger_month', 'ledger_closing', 'ledger_proof'] LOOP
        EXECUTE format(
            'CREATE POLICY night ON billing.%I TO providerboog_open'
            ' USING (tenant_id = app.tenant() AND app.role() = ''system'')'
            ' WITH CHECK (tenant_id = app.tenant() AND app.role() = ''system'')', name
        );
        EXECUTE format(
            'CREATE POLICY desk ON billing.%I FOR SELECT TO providerboog_care'
            ' USING (tenant_id = app.tenant() AND app.role() IN (''secretary'', ''system''))', name
        );
    END LOOP;
END
$$;

-- A buyer reads for what was booked on his own account, and when; of other bookings he does not see that they are there.
CREATE POLICY buyer ON billing.ledger_transaction FOR SELECT TO providerboog_open USING (
    tenant_id = app.tenant() AND app.role() IN ('employer', 'insurer')
    AND EXISTS (SELECT FROM billing.ledger_entry e WHERE e.transaction_id = ledger_transaction.id)
);

-- What the books keep is only added to.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['ledger_month', 'ledger_closing', 'ledger_proof'] LOOP
        EXECUTE format(
            'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON billing.%I'
            ' FOR EACH ROW EXECUTE FUNCTION app.refuse_change()', name
        );
    END LOOP;
END
$$;
