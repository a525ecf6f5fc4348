-- The employer's budget (R56) and what he answered (R12): the mandate is his and only ever added to, an answer is given
-- once, and of a confidential intervention he reads no more once the employee no longer consents to that (R24, R25).
GRANT INSERT ON billing.budget_mandate TO providerboog_open;
GRANT INSERT, UPDATE (state) ON billing.budget_request TO providerboog_care;
GRANT UPDATE (state, reason, answered_by, answered_at) ON billing.budget_request TO providerboog_open;

CREATE POLICY reader ON billing.budget_mandate FOR SELECT TO providerboog_open, providerboog_care USING (
    tenant_id = app.tenant() AND (
        (app.role() = 'employer' AND employer_id = app.organisation())
        OR (app.role() IN ('physician', 'delegate', 'case_manager') AND app.works_for(employer_id))
    )
);
CREATE POLICY owner ON billing.budget_mandate FOR INSERT TO providerboog_open WITH CHECK (
    tenant_id = app.tenant() AND app.role() = 'employer' AND employer_id = app.organisation() AND set_by = app.account()
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON billing.budget_mandate
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();

CREATE POLICY care_side ON billing.budget_request FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id)
);
-- Whoever read a price could take it off a sum: the run counts his employees that are in one, and asks nothing else.
CREATE POLICY charging ON billing.budget_request FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND app.role() = 'secretary' AND disclosure = 'CONF'
);
CREATE POLICY hatch ON billing.budget_request FOR INSERT TO providerboog_care WITH CHECK (
    tenant_id = app.tenant() AND app.role() = 'physician' AND state = 'asked'
);
CREATE POLICY ending ON billing.budget_request FOR UPDATE TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'system' AND state = 'asked')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system' AND state = 'lapsed');
-- Whether an employee lets his employer know that there is an intervention. An employer has no right to the consents
-- themselves; this function alone looks, as the teller, who reads these columns of his own employees and nothing else.
GRANT USAGE ON SCHEMA app TO providerboog_teller;
GRANT SELECT (tenant_id, case_id, employer_id, scope, withdrawn_at) ON cases.consent TO providerboog_teller;
CREATE POLICY teller ON cases.consent FOR SELECT TO providerboog_teller USING (
    app.role() = 'employer' AND tenant_id = app.tenant() AND employer_id = app.organisation() AND scope = 'employer'
);
CREATE FUNCTION cases.employer_may_know(known_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM cases.consent c
        WHERE c.tenant_id = app.tenant() AND c.employer_id = app.organisation() AND c.case_id = known_case
            AND c.scope = 'employer' AND c.withdrawn_at IS NULL
    );
END;
REVOKE EXECUTE ON FUNCTION cases.employer_may_know(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases.employer_may_know(uuid) TO providerboog_open;
GRANT CREATE ON SCHEMA cases TO providerboog_teller;
ALTER FUNCTION cases.employer_may_know(uuid) OWNER TO providerboog_teller;
REVOKE CREATE ON SCHEMA cases FROM providerboog_teller;

CREATE POLICY own ON billing.budget_request FOR SELECT TO providerboog_open USING (
    tenant_id = app.tenant() AND state <> 'lapsed' AND app.role() = 'employer' AND employer_id = app.organisation()
    AND (disclosure = 'OPEN' OR cases.employer_may_know(case_id))
);
CREATE POLICY case_manager ON billing.budget_request FOR SELECT TO providerboog_open USING (
    tenant_id = app.tenant() AND state <> 'lapsed' AND app.role() = 'case_manager' AND app.works_for(employer_id)
    AND (disclosure = 'OPEN' OR EXISTS (
        SELECT FROM cases.consent c
        WHERE c.case_id = budget_request.case_id AND c.scope = 'employer' AND c.withdrawn_at IS NULL
    ))
);
CREATE POLICY answer ON billing.budget_request FOR UPDATE TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'employer' AND employer_id = app.organisation() AND state = 'asked')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'employer' AND employer_id = app.organisation()
        AND state IN ('agreed', 'refused') AND answered_by = app.account());

CREATE POLICY hatch ON medical.budget_link TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'physician');

-- Who refers counts what was charged before; the amounts only, of the employers for whom he works. Of those that he must
-- not tell of he counts the charges as they stand on the invoices of the employer.
CREATE POLICY counting ON billing.charge FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate') AND app.works_for(employer_id)
);
CREATE POLICY counting ON medical.release FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate') AND app.works_for(employer_id)
);
CREATE POLICY counting ON medical.release_share FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate') AND app.works_for(employer_id)
);
