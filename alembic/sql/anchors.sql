-- Anchors of the audit trail: the system writes them, the auditor reads them, nobody changes them (R68).
GRANT SELECT, INSERT ON identity.audit_anchor TO providerboog_open;
CREATE POLICY reader ON identity.audit_anchor FOR SELECT TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() IN ('auditor', 'system'));
CREATE POLICY signer ON identity.audit_anchor FOR INSERT TO providerboog_open
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON identity.audit_anchor
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
