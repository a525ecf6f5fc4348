-- Who shares in a cost, and for how much: kept here too, for whoever comes past the use cases with SQL.

-- What an insurer paid of a release stays as it was written: it is what a credit note gives back.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON medical.release_share
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE POLICY desk ON medical.release_share TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'));
