-- Providers that an employer contracts itself (R55). The employer keeps its own contracts and hears the answers; which
-- organisation a provider is, and what it specifies, stands in schema medical, where the employer's door does not lead.
GRANT INSERT, UPDATE (ended_at) ON billing.direct_contract TO providerboog_open;
GRANT UPDATE (connected_on) ON billing.direct_contract TO providerboog_care;
GRANT INSERT ON billing.direct_answer TO providerboog_care;
GRANT UPDATE (state, state_since, due_on, reason) ON medical.direct_specification TO providerboog_care;

CREATE POLICY employer ON billing.direct_contract TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'employer' AND employer_id = app.organisation())
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'employer' AND employer_id = app.organisation());
CREATE POLICY desk ON billing.direct_contract TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'secretary');
CREATE POLICY provider ON billing.direct_contract FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND app.role() = 'provider'
    AND EXISTS (SELECT FROM medical.direct_link l WHERE l.contract_id = direct_contract.id)
);
-- The provider sees the name of an employer that contracts it.
CREATE POLICY direct ON identity.organisation FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND app.role() = 'provider'
    AND EXISTS (SELECT FROM billing.direct_contract c WHERE c.employer_id = organisation.id)
);
CREATE POLICY employer ON billing.direct_answer FOR SELECT TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'employer' AND employer_id = app.organisation());
CREATE POLICY hatch ON billing.direct_answer TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'secretary')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'secretary');

CREATE POLICY care ON medical.direct_link TO providerboog_care
    USING (tenant_id = app.tenant() AND (app.role() IN ('secretary', 'system')
        OR (app.role() = 'provider' AND provider_id = app.organisation())))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'secretary');
CREATE POLICY care ON medical.direct_naming TO providerboog_care
    USING (tenant_id = app.tenant() AND (app.role() IN ('secretary', 'system')
        OR (app.role() = 'employee' AND employee_id = app.subject())))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY care ON medical.direct_specification TO providerboog_care
    USING (tenant_id = app.tenant() AND (app.role() IN ('secretary', 'system')
        OR (app.role() = 'provider' AND provider_id = app.organisation())
        OR (app.role() = 'employee' AND EXISTS (
            SELECT FROM medical.direct_naming n WHERE n.specification_id = direct_specification.id
        ))))
    WITH CHECK (tenant_id = app.tenant() AND (app.role() = 'secretary'
        OR (app.role() = 'provider' AND provider_id = app.organisation() AND state = 'sent')));
CREATE POLICY care ON medical.direct_message TO providerboog_care
    USING (tenant_id = app.tenant() AND (app.role() = 'secretary'
        OR (app.role() = 'provider' AND provider_id = app.organisation())))
    WITH CHECK (tenant_id = app.tenant() AND account_id = app.account() AND role = app.role()
        AND CASE kind WHEN 'question' THEN app.role() = 'secretary'
            ELSE app.role() = 'provider' AND provider_id = app.organisation() END);

-- A specification stays as it was sent; only where it stands changes, and what was decided is not taken back.
CREATE FUNCTION medical.check_specification() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing text[] := ARRAY['state', 'state_since', 'due_on', 'reason'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'sent' OR NOT EXISTS (
            SELECT FROM medical.direct_link l JOIN billing.direct_contract c ON c.id = l.contract_id
            WHERE l.contract_id = NEW.contract_id AND l.provider_id = NEW.provider_id
                AND c.employer_id = NEW.employer_id AND c.provider_name = NEW.provider_name AND c.ended_at IS NULL
        ) THEN
            RAISE EXCEPTION 'a specification belongs to a contract of its provider that holds'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (to_jsonb(OLD) - standing) <> (to_jsonb(NEW) - standing) THEN
        RAISE EXCEPTION 'a specification stays as it was sent' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.state, NEW.state) NOT IN (
        ('sent', 'question'), ('sent', 'agreed'), ('sent', 'not_agreed'), ('question', 'sent')
    ) OR (app.role() = 'provider') <> (OLD.state = 'question') THEN
        RAISE EXCEPTION 'a specification does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER standing BEFORE INSERT OR UPDATE ON medical.direct_specification
    FOR EACH ROW EXECUTE FUNCTION medical.check_specification();

-- What crosses is the number, the total and the state of a specification that is so: nothing that somebody makes up.
CREATE FUNCTION medical.check_direct_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM medical.direct_specification s
        WHERE s.contract_id = NEW.contract_id AND s.employer_id = NEW.employer_id
            AND s.invoice_reference = NEW.invoice_reference AND s.total_cents = NEW.total_cents AND s.state = NEW.outcome
    ) THEN
        RAISE EXCEPTION 'an answer is about a specification as it stands' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER as_it_stands BEFORE INSERT ON billing.direct_answer
    FOR EACH ROW EXECUTE FUNCTION medical.check_direct_answer();

CREATE TRIGGER as_given BEFORE UPDATE OF ended_at ON billing.direct_contract
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('ended_at');
CREATE TRIGGER connected_once BEFORE UPDATE OF connected_on ON billing.direct_contract
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('connected_on');

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'billing.direct_answer', 'medical.direct_link', 'medical.direct_message', 'medical.direct_naming'
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION app.refuse_change()',
            name
        );
    END LOOP;
END
$$;
