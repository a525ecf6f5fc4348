-- Reminding buyers: put down and sent by the system alone; held back, and looked at, by the secretariat.
GRANT INSERT, UPDATE (done_at, outcome) ON billing.reminder TO providerboog_open;
GRANT INSERT, UPDATE (ended_at, ended_by) ON billing.reminder_hold TO providerboog_care;

CREATE POLICY round ON billing.reminder TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY desk ON billing.reminder FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'secretary');
CREATE POLICY round ON billing.reminder_hold FOR SELECT TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY desk ON billing.reminder_hold TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'secretary')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'secretary');

-- What came of a reminder is written once, and so is the end of a hold.
CREATE TRIGGER as_given BEFORE UPDATE ON billing.reminder
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('done_at', 'outcome');
CREATE TRIGGER as_given BEFORE UPDATE ON billing.reminder_hold
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('ended_at', 'ended_by');
