-- What a charge run would make, before it is made: whoever rehearsed it sees it and nobody else, least of all a payer, and
-- nothing of it changes but that a job empties it.
REVOKE ALL ON billing.charge_rehearsal, billing.rehearsed_page FROM providerboog_open;
GRANT INSERT ON billing.charge_rehearsal, billing.rehearsed_page TO providerboog_care;
GRANT UPDATE (documents) ON billing.rehearsed_page TO providerboog_care;

CREATE POLICY own ON billing.charge_rehearsal TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'secretary' AND rehearsed_by = app.account())
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'secretary' AND rehearsed_by = app.account());
CREATE POLICY own ON billing.rehearsed_page FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND EXISTS (SELECT FROM billing.charge_rehearsal r WHERE r.id = rehearsal_id)
);
CREATE POLICY keep ON billing.rehearsed_page FOR INSERT TO providerboog_care WITH CHECK (
    tenant_id = app.tenant() AND EXISTS (SELECT FROM billing.charge_rehearsal r WHERE r.id = rehearsal_id)
);
CREATE POLICY forget ON billing.rehearsed_page TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'system' AND created_at < now() - interval '1 day')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system' AND documents = '[]');
