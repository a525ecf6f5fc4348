-- Row-level security. Every table is FORCEd; without a policy that fits there is no row.
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname IN ('identity', 'network', 'cases', 'billing', 'medical')
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END
$$;

-- identity: the doors see names, never hashes.
GRANT SELECT (id, person_id, email, language, reminders, disabled_at) ON identity.account
    TO providerboog_open, providerboog_care;
GRANT UPDATE (reminders) ON identity.account TO providerboog_open;
GRANT SELECT (id, membership_id, created_at, revoked_at), INSERT, UPDATE (revoked_at) ON identity.calendar_address
    TO providerboog_open;
GRANT SELECT, INSERT, UPDATE (sent_at, refused_at) ON identity.digest TO providerboog_open;
GRANT SELECT ON identity.person, identity.membership, identity.organisation, identity.assignment
    TO providerboog_open, providerboog_care;
GRANT INSERT, UPDATE (name) ON identity.organisation TO providerboog_open;
GRANT INSERT ON identity.audit_event TO providerboog_open, providerboog_care;
GRANT SELECT ON identity.audit_event, identity.audit_link TO providerboog_open;
GRANT INSERT ON identity.audit_link TO providerboog_open;

CREATE POLICY keeper ON identity.account TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON identity.person TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON identity.membership TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON identity.organisation TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON identity.web_session TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON identity.calendar_address FOR SELECT TO providerboog_keeper USING (true);
CREATE POLICY keeper ON identity.api_token TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON identity.account TO providerboog_identity USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON identity.person TO providerboog_identity USING (true);
CREATE POLICY sign_in ON identity.membership TO providerboog_identity USING (true);
CREATE POLICY sign_in ON identity.organisation TO providerboog_identity USING (true);
CREATE POLICY sign_in ON identity.web_session TO providerboog_identity USING (true) WITH CHECK (true);
CREATE POLICY sign_in ON identity.api_token TO providerboog_identity USING (true) WITH CHECK (true);

CREATE POLICY colleagues ON identity.membership FOR SELECT TO providerboog_open, providerboog_care USING (
    tenant_id = app.tenant() AND (
        app.role() NOT IN ('employer', 'insurer', 'provider', 'employee') OR organisation_id = app.organisation()
        OR (role = 'physician' AND app.role() IN ('provider', 'employee'))
    )
);
CREATE POLICY colleagues ON identity.account FOR SELECT TO providerboog_open, providerboog_care USING (
    EXISTS (SELECT FROM identity.membership m WHERE m.account_id = account.id)
);
CREATE POLICY own ON identity.account FOR UPDATE TO providerboog_open
    USING (id = app.account()) WITH CHECK (id = app.account());
CREATE POLICY own ON identity.calendar_address TO providerboog_open
    USING (EXISTS (SELECT FROM identity.membership m WHERE m.id = membership_id AND m.account_id = app.account()))
    WITH CHECK (EXISTS (SELECT FROM identity.membership m WHERE m.id = membership_id AND m.account_id = app.account()));
CREATE POLICY round ON identity.digest TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY colleagues ON identity.person FOR SELECT TO providerboog_open, providerboog_care USING (
    EXISTS (SELECT FROM identity.account a WHERE a.person_id = person.id)
);
CREATE POLICY tenant ON identity.assignment FOR SELECT TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND app.role() NOT IN ('employer', 'insurer', 'provider', 'employee'));
CREATE POLICY open_side ON identity.organisation TO providerboog_open USING (
    tenant_id = app.tenant() AND (
        app.role() NOT IN ('employer', 'insurer', 'provider', 'employee') OR id IN (app.organisation(), tenant_id)
        OR (app.role() = 'insurer' AND EXISTS (
            SELECT FROM billing.insurance_policy p WHERE p.employer_id = organisation.id
        ))
        OR (app.role() = 'employee' AND (kind = 'provider' OR EXISTS (
            SELECT FROM cases.employee e WHERE e.id = app.subject() AND e.employer_id = organisation.id
        )))
    )
) WITH CHECK (tenant_id = app.tenant() AND app.role() = 'network_manager' AND kind = 'provider');
CREATE POLICY care_side ON identity.organisation FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND (
        app.role() <> 'provider' OR id IN (app.organisation(), tenant_id)
        OR EXISTS (SELECT FROM medical.referral r WHERE r.employer_id = organisation.id)
    )
);
CREATE POLICY own_act ON identity.audit_event FOR INSERT
    TO providerboog_open, providerboog_care WITH CHECK (
        tenant_id = app.tenant() AND account_id IS NOT DISTINCT FROM app.account() AND role = app.role()
    );
CREATE POLICY sign_in ON identity.audit_event FOR INSERT TO providerboog_identity
    WITH CHECK (tag LIKE 'identity:%');
CREATE POLICY reader ON identity.audit_event FOR SELECT TO providerboog_open USING (
    tenant_id = app.tenant() AND (
        app.role() IN ('auditor', 'system') OR (app.role() = 'employee' AND data_subject_id = app.subject())
    )
);
CREATE POLICY sealer ON identity.audit_link TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() IN ('auditor', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');

-- network
GRANT SELECT ON ALL TABLES IN SCHEMA network TO providerboog_open, providerboog_care;
GRANT INSERT, UPDATE ON network.offering, network.contract, network.registration, network.organisation_profile,
    network.synonym_group TO providerboog_open;
GRANT INSERT, UPDATE ON network.measured_wait, network.measured_outcome, network.measured_answers,
    network.measured_intervention TO providerboog_care;
-- What somebody keeps for himself is written on the medical side only. A name or a word that he searches for may, against
-- advice, tell of an employee: of saved searches the open side reads nothing.
GRANT INSERT, UPDATE (removed_at) ON network.favourite TO providerboog_care;
REVOKE SELECT ON network.saved_search FROM providerboog_open;
GRANT INSERT, UPDATE (name, warns, seen, news_id, news_on, removed_at) ON network.saved_search TO providerboog_care;

CREATE POLICY tenant ON network.arbodienst_settings FOR SELECT TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant());
GRANT INSERT ON network.arbodienst_settings TO providerboog_open;
GRANT UPDATE (sign_working_days, revise_working_days, answer_working_days, start_working_days, inform_working_days,
    report_working_days, close_working_days, choose_again_working_days, terms_version)
    ON network.arbodienst_settings TO providerboog_open;
CREATE POLICY manager ON network.arbodienst_settings FOR INSERT TO providerboog_open
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'network_manager');
CREATE POLICY manager_sets ON network.arbodienst_settings FOR UPDATE TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'network_manager')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'network_manager');
CREATE POLICY profile ON network.organisation_profile FOR SELECT TO providerboog_open, providerboog_care USING (
    tenant_id = app.tenant() AND (
        app.role() NOT IN ('employer', 'insurer', 'provider', 'employee') OR organisation_id IN (app.organisation(), tenant_id)
        OR (app.role() = 'employee' AND EXISTS (SELECT FROM identity.organisation o WHERE o.id = organisation_id))
    )
);
CREATE POLICY manager ON network.organisation_profile TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'network_manager')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'network_manager');
CREATE POLICY reader ON network.contract FOR SELECT TO providerboog_open, providerboog_care USING (
    tenant_id = app.tenant() AND app.role() NOT IN ('employer', 'insurer', 'auditor')
    AND (app.role() <> 'provider' OR provider_id = app.organisation())
);
CREATE POLICY manager ON network.contract TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'network_manager')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'network_manager');
CREATE POLICY reader ON network.registration FOR SELECT TO providerboog_open, providerboog_care USING (
    tenant_id = app.tenant() AND app.role() NOT IN ('employer', 'insurer', 'auditor')
    AND (app.role() <> 'provider' OR provider_id = app.organisation())
);
CREATE POLICY manager ON network.registration TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'network_manager')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'network_manager');
CREATE POLICY reader ON network.offering FOR SELECT TO providerboog_open, providerboog_care USING (
    tenant_id = app.tenant() AND app.role() NOT IN ('employer', 'insurer', 'auditor')
    AND (app.role() <> 'provider' OR provider_id = app.organisation())
);
CREATE POLICY publisher ON network.offering TO providerboog_open
    USING (tenant_id = app.tenant() AND (
        app.role() = 'network_manager' OR (app.role() = 'provider' AND provider_id = app.organisation())
    ))
    WITH CHECK (tenant_id = app.tenant() AND (
        app.role() = 'network_manager' OR (app.role() = 'provider' AND provider_id = app.organisation())
    ));
CREATE POLICY reader ON network.measured_wait FOR SELECT TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND app.role() NOT IN ('employer', 'insurer', 'auditor'));
CREATE POLICY hatch ON network.measured_wait TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY own ON network.favourite TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND account_id = app.account() AND app.role() IN ('physician', 'delegate'))
    WITH CHECK (tenant_id = app.tenant() AND account_id = app.account() AND app.role() IN ('physician', 'delegate')
        AND EXISTS (SELECT FROM network.offering o WHERE o.id = offering_id));
CREATE POLICY own ON network.saved_search TO providerboog_care
    USING (tenant_id = app.tenant() AND account_id = app.account() AND app.role() IN ('physician', 'delegate'))
    WITH CHECK (tenant_id = app.tenant() AND account_id = app.account() AND app.role() IN ('physician', 'delegate'));
-- The daily round finds out whose searches to run, and then runs each as its owner.
CREATE POLICY round ON network.saved_search FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY reader ON network.measured_outcome FOR SELECT TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND app.role() NOT IN ('employer', 'insurer', 'auditor'));
CREATE POLICY hatch ON network.measured_outcome TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
-- A provider knows how he answers, and how all do; not how another does.
CREATE POLICY reader ON network.measured_answers FOR SELECT TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND app.role() NOT IN ('employer', 'insurer', 'auditor')
        AND (app.role() <> 'provider' OR organisation_id IN (app.organisation(), app.tenant())));
CREATE POLICY hatch ON network.measured_answers TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY reader ON network.measured_intervention FOR SELECT TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND app.role() NOT IN ('employer', 'insurer', 'auditor'));
CREATE POLICY hatch ON network.measured_intervention TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY reader ON network.synonym_group FOR SELECT TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND app.role() NOT IN ('employer', 'insurer', 'auditor'));
CREATE POLICY manager ON network.synonym_group TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'network_manager')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'network_manager');

-- cases
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA cases TO providerboog_open, providerboog_care;

CREATE POLICY worker ON cases.employee TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND (app.works_for(employer_id) OR id = app.subject()))
    WITH CHECK (tenant_id = app.tenant() AND app.keeps_cases_of(employer_id));
CREATE POLICY provider ON cases.employee FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND app.role() = 'provider' AND EXISTS (
        -- Whoever never treated the employee has no more use for his name once it is over; and to whom he no longer
        -- consents it is not told any more (R24).
        SELECT FROM medical.referral r WHERE r.employee_id = employee.id
            AND (r.state NOT IN ('declined', 'expired', 'withdrawn') OR r.started_on IS NOT NULL)
            AND (r.disclosure = 'OPEN' OR EXISTS (
                SELECT FROM cases.consent c WHERE c.id = r.consent_id AND c.withdrawn_at IS NULL
            ))
    )
);
CREATE POLICY worker ON cases.absence_case TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND (app.works_for(employer_id) OR employee_id = app.subject()))
    WITH CHECK (tenant_id = app.tenant() AND app.keeps_cases_of(employer_id));
CREATE POLICY worker ON cases.sick_spell TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND (
        app.works_for(employer_id)
        OR EXISTS (SELECT FROM cases.absence_case c WHERE c.id = case_id AND c.employee_id = app.subject())
    ))
    WITH CHECK (tenant_id = app.tenant() AND app.keeps_cases_of(employer_id));
CREATE POLICY worker ON cases.step_done TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND app.works_for(employer_id)
        AND (app.role() IN ('physician', 'delegate', 'system') OR NOT app.care_only_step(step)))
    WITH CHECK (tenant_id = app.tenant() AND app.keeps_cases_of(employer_id)
        AND (app.role() IN ('physician', 'delegate', 'system') OR NOT app.care_only_step(step)));
CREATE POLICY worker ON cases.intervention_request TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND app.works_for(employer_id) AND app.role() <> 'employer')
    WITH CHECK (tenant_id = app.tenant() AND app.keeps_cases_of(employer_id));
CREATE POLICY worker ON cases.open_progress TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND app.works_for(employer_id))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY care_side ON cases.consent TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND (
        (app.role() IN ('physician', 'delegate', 'secretary', 'system') AND app.works_for(employer_id))
        OR employee_id = app.subject()
    ))
    WITH CHECK (tenant_id = app.tenant() AND (
        (app.role() IN ('physician', 'delegate') AND app.works_for(employer_id)) OR employee_id = app.subject()
    ));
CREATE POLICY care_side ON cases.withdrawal_seen TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate') AND app.works_for(employer_id))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'physician' AND account_id = app.account());
CREATE POLICY case_manager ON cases.consent FOR SELECT TO providerboog_open USING (
    tenant_id = app.tenant() AND app.role() = 'case_manager' AND app.works_for(employer_id)
    AND scope IN ('employer', 'insurer')
);
CREATE POLICY provider ON cases.consent FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND app.role() = 'provider' AND scope IN ('provider', 'report_back')
    AND EXISTS (SELECT FROM medical.referral r WHERE r.case_id = consent.case_id)
);
CREATE POLICY worker ON cases.authorised_doctor TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'case_manager', 'system')
        AND app.works_for(employer_id))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'case_manager' AND app.works_for(employer_id));
-- A physician says so of himself, and of nobody else.
CREATE POLICY himself ON cases.authorised_doctor FOR INSERT TO providerboog_open, providerboog_care WITH CHECK (
    tenant_id = app.tenant() AND app.role() = 'physician' AND app.works_for(employer_id) AND named_by = app.account()
    AND ended_at IS NULL AND EXISTS (
        SELECT FROM identity.membership m WHERE m.account_id = app.account() AND m.tenant_id = app.tenant()
            AND m.role = 'physician' AND m.registration_number = register_number
    )
);
CREATE POLICY parties ON cases.mandate TO providerboog_open, providerboog_care
    USING (tenant_id = app.tenant() AND (app.role() IN ('physician', 'system') OR holder_account_id = app.account()))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'physician');
CREATE POLICY leaving ON cases.mandate FOR UPDATE TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system' AND revoked_at IS NOT NULL);
-- What was published stays: only the hatch adds to it, and an employer reads his own.
REVOKE INSERT, UPDATE ON cases.intervention_report, cases.intervention_count FROM providerboog_open;
REVOKE UPDATE ON cases.intervention_report, cases.intervention_count FROM providerboog_care;
CREATE POLICY reader ON cases.intervention_report FOR SELECT TO providerboog_open, providerboog_care USING (
    tenant_id = app.tenant() AND (app.role() IN ('physician', 'system')
        OR (app.role() = 'employer' AND employer_id = app.organisation()))
);
CREATE POLICY hatch ON cases.intervention_report FOR INSERT TO providerboog_care
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY reader ON cases.intervention_count FOR SELECT TO providerboog_open, providerboog_care USING (
    tenant_id = app.tenant() AND (app.role() IN ('physician', 'system')
        OR (app.role() = 'employer' AND employer_id = app.organisation()))
);
CREATE POLICY hatch ON cases.intervention_count FOR INSERT TO providerboog_care
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');

-- billing
GRANT SELECT ON ALL TABLES IN SCHEMA billing TO providerboog_open, providerboog_care;
GRANT INSERT ON billing.charge, billing.insurer_share, billing.charge_run, billing.number_series, billing.invoice,
    billing.ledger_transaction, billing.ledger_entry, billing.cofinancing_request TO providerboog_care;
GRANT UPDATE (invoice_id) ON billing.charge, billing.insurer_share TO providerboog_care;
GRANT UPDATE (last_number) ON billing.number_series TO providerboog_care;
GRANT UPDATE (carried_over) ON billing.charge_run TO providerboog_care;
GRANT UPDATE (state, charged_month, charged_cents, closed_month) ON billing.cofinancing_request TO providerboog_care;
GRANT INSERT, UPDATE (state, daily_cost_cents, policy_id, insurer_id, percentage, requested_cents, submitted_by,
    submitted_at, decide_by, decided_cents, decision_reason, decided_by, decided_at)
    ON billing.cofinancing_request TO providerboog_open;
GRANT INSERT ON billing.ledger_transaction, billing.ledger_entry TO providerboog_open;

CREATE POLICY desk ON billing.charge TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'));
CREATE POLICY payer ON billing.charge FOR SELECT TO providerboog_open USING (
    tenant_id = app.tenant() AND app.role() = 'employer' AND employer_id = app.organisation() AND invoice_id IS NOT NULL
);
CREATE POLICY desk ON billing.insurer_share TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'));
CREATE POLICY payer ON billing.insurer_share FOR SELECT TO providerboog_open USING (
    tenant_id = app.tenant() AND app.role() = 'insurer' AND insurer_id = app.organisation() AND invoice_id IS NOT NULL
);
CREATE POLICY desk ON billing.charge_run TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'));
CREATE POLICY desk ON billing.number_series TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'));
CREATE POLICY desk ON billing.invoice TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'));
CREATE POLICY payer ON billing.invoice FOR SELECT TO providerboog_open USING (
    tenant_id = app.tenant() AND (
        app.role() IN ('secretary', 'system')
        OR (app.role() IN ('employer', 'insurer') AND buyer_id = app.organisation())
    )
);
CREATE POLICY reader ON billing.insurance_policy FOR SELECT TO providerboog_open, providerboog_care USING (
    tenant_id = app.tenant() AND (
        app.works_for(employer_id) OR app.role() = 'network_manager'
        OR (app.role() = 'insurer' AND insurer_id = app.organisation())
    )
);
CREATE POLICY care_side ON billing.cofinancing_request FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'secretary', 'system')
    AND app.works_for(employer_id)
);
CREATE POLICY hatch ON billing.cofinancing_request FOR INSERT TO providerboog_care WITH CHECK (
    tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id)
    AND state = 'prepared'
);
CREATE POLICY charging ON billing.cofinancing_request FOR UPDATE TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system')
        AND (state = 'lapsed' OR charged_month IS NOT NULL));
-- Of a confidential intervention the case manager sees no more once its employee no longer consents to that (R24, R25).
CREATE POLICY case_manager ON billing.cofinancing_request FOR SELECT TO providerboog_open USING (
    tenant_id = app.tenant() AND app.role() = 'case_manager' AND app.works_for(employer_id)
    AND (disclosure = 'OPEN' OR EXISTS (
        SELECT FROM cases.consent c
        WHERE c.case_id = cofinancing_request.case_id AND c.scope = 'employer' AND c.withdrawn_at IS NULL
    ))
);
CREATE POLICY submission ON billing.cofinancing_request FOR UPDATE TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'case_manager' AND app.works_for(employer_id) AND state = 'prepared')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'case_manager' AND state = 'submitted'
        AND submitted_by = app.account() AND decided_by IS NULL AND decided_cents IS NULL);
-- A request that lapsed is none of the insurer's business any more, whether the employee or the calendar ended it.
CREATE POLICY insurer ON billing.cofinancing_request FOR SELECT TO providerboog_open USING (
    tenant_id = app.tenant() AND app.role() = 'insurer' AND insurer_id = app.organisation()
    AND state IN ('submitted', 'approved', 'partial', 'declined')
);
CREATE POLICY decision ON billing.cofinancing_request FOR UPDATE TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'insurer' AND insurer_id = app.organisation() AND state = 'submitted')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'insurer' AND insurer_id = app.organisation()
        AND state IN ('approved', 'partial', 'declined') AND decided_by = app.account());
CREATE POLICY desk ON billing.ledger_transaction TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'));
CREATE POLICY desk ON billing.ledger_entry TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'));
CREATE POLICY settlement ON billing.ledger_transaction TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY settlement ON billing.ledger_entry TO providerboog_open
    USING (tenant_id = app.tenant() AND (app.role() = 'system'
        OR (app.role() IN ('employer', 'insurer') AND party_id = app.organisation())))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');

-- medical: only the care side, and there each his own part.
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA medical TO providerboog_care;
GRANT UPDATE ON medical.referral, medical.referral_content, medical.referral_basis TO providerboog_care;
GRANT UPDATE (charge_id, ended) ON medical.release TO providerboog_care;
GRANT UPDATE (removed_at, removed_by) ON medical.attachment TO providerboog_care;

CREATE POLICY care ON medical.assessment TO providerboog_care
    USING (tenant_id = app.tenant() AND (
        (app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id)) OR employee_id = app.subject()
    ))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'physician');
CREATE POLICY care ON medical.referral TO providerboog_care
    USING (tenant_id = app.tenant() AND CASE app.role()
        WHEN 'provider' THEN provider_id = app.organisation() AND issued_on IS NOT NULL
            AND (access_until IS NULL OR access_until >= app.today())
        WHEN 'employee' THEN employee_id = app.subject() AND issued_on IS NOT NULL
        WHEN 'secretary' THEN issued_on IS NOT NULL
        WHEN 'delegate' THEN employer_id = ANY ((SELECT app.employers())::uuid[])  -- asked once, not for every row
        ELSE app.role() IN ('physician', 'system')
    END)
    WITH CHECK (tenant_id = app.tenant() AND CASE app.role()
        WHEN 'provider' THEN provider_id = app.organisation() AND state <> 'draft'
        ELSE app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id)
    END);
-- Whether the employee's consent, or an intervention that does without, lets a referral be told to its provider still
-- (R23, R24). What the asker may not see cannot be told him.
CREATE FUNCTION medical.is_told(referral uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM medical.referral r
        WHERE r.id = referral AND r.state NOT IN ('declined', 'expired', 'withdrawn')
            AND (r.disclosure = 'OPEN' OR EXISTS (
                SELECT FROM cases.consent c WHERE c.id = r.consent_id AND c.withdrawn_at IS NULL
            ))
    )
$$;

-- The provider reads what is asked only while it runs, and only while the employee consents (R23, R24).
CREATE POLICY care ON medical.referral_content TO providerboog_care
    USING (tenant_id = app.tenant() AND (
        (app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id))
        OR (app.role() = 'employee' AND EXISTS (SELECT FROM medical.referral r WHERE r.id = referral_id))
        OR (app.role() = 'provider' AND medical.is_told(referral_id))
    ))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id));
CREATE POLICY care ON medical.attachment FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND (
        (app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id))
        OR (app.role() = 'employee' AND EXISTS (SELECT FROM medical.referral r WHERE r.id = referral_id))
        OR (app.role() = 'provider' AND removed_at IS NULL AND medical.is_told(referral_id))
    ));
CREATE POLICY sender ON medical.attachment FOR INSERT TO providerboog_care
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate') AND app.works_for(employer_id));
CREATE POLICY sender_takes_back ON medical.attachment FOR UPDATE TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate') AND app.works_for(employer_id))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate') AND app.works_for(employer_id)
        AND removed_by = app.account());
-- What is in it: for whoever prepares and signs until it is sent, from then on for the addressee alone, until it is over.
CREATE POLICY addressee ON medical.attachment_content FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND EXISTS (
        SELECT FROM medical.attachment a JOIN medical.referral r ON r.id = a.referral_id
        WHERE a.content_id = attachment_content.id AND a.removed_at IS NULL AND CASE app.role()
            WHEN 'provider' THEN r.state <> 'completed'
            ELSE app.role() IN ('physician', 'delegate') AND r.issued_on IS NULL AND r.state <> 'withdrawn'
        END
    ));
CREATE POLICY sender ON medical.attachment_content FOR INSERT TO providerboog_care
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate') AND app.works_for(employer_id));
CREATE POLICY care ON medical.referral_basis TO providerboog_care
    USING (tenant_id = app.tenant() AND (
        (app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id)) OR employee_id = app.subject()
    ))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id));
CREATE POLICY care ON medical.referral_event TO providerboog_care
    USING (tenant_id = app.tenant() AND (
        (app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id))
        OR (app.role() IN ('provider', 'employee') AND EXISTS (SELECT FROM medical.referral r WHERE r.id = referral_id))
    ))
    WITH CHECK (tenant_id = app.tenant() AND account_id IS NOT DISTINCT FROM app.account() AND role = app.role()
        AND (role <> 'delegate' OR app.works_for(employer_id)));
-- Every version of what is asked, and who saw which, is for physician and delegate.
CREATE POLICY care ON medical.content_version TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'system')
        AND app.works_for(employer_id) AND written_by IS NOT DISTINCT FROM app.account() AND role = app.role());
CREATE POLICY care ON medical.content_seen TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('physician', 'system') AND app.works_for(employer_id))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'physician' AND account_id = app.account());
-- Words within a referral: why a draft was sent back stays with physician and delegate; the provider reads the others as
-- long as he reads what is asked.
CREATE POLICY care ON medical.referral_message TO providerboog_care
    USING (tenant_id = app.tenant() AND (
        (app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id))
        OR (kind <> 'return' AND app.role() = 'employee'
            AND EXISTS (SELECT FROM medical.referral r WHERE r.id = referral_id))
        OR (kind <> 'return' AND app.role() = 'provider'
            AND EXISTS (SELECT FROM medical.referral_content c WHERE c.referral_id = referral_message.referral_id))
    ))
    WITH CHECK (tenant_id = app.tenant() AND account_id = app.account() AND role = app.role() AND CASE app.role()
        WHEN 'provider' THEN kind = 'question' AND provider_id = app.organisation()
        WHEN 'delegate' THEN kind = 'answer' AND app.works_for(employer_id)
        WHEN 'physician' THEN kind IN ('answer', 'return')
        ELSE false
    END);
CREATE POLICY care ON medical.referral_result TO providerboog_care
    USING (tenant_id = app.tenant() AND (
        (app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id))
        OR (app.role() = 'employee' AND EXISTS (SELECT FROM medical.referral r WHERE r.id = referral_id))
    ))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate') AND app.works_for(employer_id)
        AND judged_by = app.account());
CREATE POLICY care ON medical.disclosure_made FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND (
        (app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id)) OR employee_id = app.subject()
    ));
CREATE POLICY discloser ON medical.disclosure_made FOR INSERT TO providerboog_care
    WITH CHECK (tenant_id = app.tenant() AND account_id IS NOT DISTINCT FROM app.account() AND role = app.role()
        AND (role <> 'delegate' OR app.works_for(employer_id)));
CREATE POLICY care ON medical.provider_report TO providerboog_care
    USING (tenant_id = app.tenant() AND (
        (app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id))
        OR (app.role() IN ('provider', 'employee') AND EXISTS (SELECT FROM medical.referral r WHERE r.id = referral_id))
    ))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation());
CREATE POLICY desk ON medical.release TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'));
CREATE POLICY hatch ON medical.cofinancing_link TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'secretary', 'system')
        AND app.works_for(employer_id))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id));
CREATE POLICY hatch ON medical.progress_link TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
