-- Keeping and removing (R71). No door deletes anything: what has passed its term leaves through the functions below, which
-- run as the remover, read the term and the clock of the database themselves, and write the certificate in the same stroke.
-- Nobody can sign in as the remover or become him.
GRANT SELECT ON identity.retention_term, identity.retention_hold, identity.removal_certificate
    TO providerboog_open, providerboog_care;
CREATE POLICY reader ON identity.retention_term FOR SELECT USING (true);
CREATE POLICY reader ON identity.removal_certificate FOR SELECT TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('auditor', 'system'));
