-- What was published for an insurer stays: only the hatch adds to it, and an insurer reads his own (R62).
GRANT INSERT ON billing.portfolio_report, billing.portfolio_count TO providerboog_care;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['portfolio_report', 'portfolio_count'] LOOP
        EXECUTE format(
            'CREATE POLICY reader ON billing.%I FOR SELECT TO providerboog_open, providerboog_care'
            ' USING (tenant_id = app.tenant() AND (app.role() = ''system'''
            ' OR (app.role() = ''insurer'' AND insurer_id = app.organisation())))',
            name
        );
        EXECUTE format(
            'CREATE POLICY hatch ON billing.%I FOR INSERT TO providerboog_care'
            ' WITH CHECK (tenant_id = app.tenant() AND app.role() = ''system'')',
            name
        );
        EXECUTE format(
            'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON billing.%I'
            ' FOR EACH ROW EXECUTE FUNCTION app.refuse_change()',
            name
        );
    END LOOP;
END
$$;
