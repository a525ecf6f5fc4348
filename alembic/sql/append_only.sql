-- What may only be added to (R50, R68): refused for everybody, the owner too. What has passed its term leaves through the
-- functions of the remover (R71), whom nobody can become.
CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'providerboog_remover' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'identity.audit_event', 'identity.audit_link', 'billing.invoice', 'billing.ledger_transaction',
        'billing.ledger_entry', 'medical.assessment', 'medical.referral_event', 'medical.provider_invoice_line',
        'medical.invoice_check', 'medical.invoice_talk', 'medical.provider_report', 'cases.intervention_report', 'cases.intervention_count',
        'medical.attachment_content', 'medical.disclosure_made', 'cases.withdrawal_seen',
        'medical.content_version', 'medical.content_seen', 'medical.referral_message', 'medical.referral_result'
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION app.refuse_change()',
            name
        );
    END LOOP;
END
$$;

-- A consent, a mandate or a mark that was given stays as it was given; only its end is written, once, and by whom
-- (R7, R24).
CREATE FUNCTION cases.only_the_end_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    ending text[] := TG_ARGV[0:TG_NARGS - 1];  -- the columns that tell of the end, its moment first
BEGIN
    IF before ->> TG_ARGV[0] IS NOT NULL OR (before - ending) <> (to_jsonb(NEW) - ending) THEN
        RAISE EXCEPTION '% stays as it was given', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER as_given BEFORE UPDATE ON cases.consent
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('withdrawn_at', 'withdrawn_by', 'withdrawn_role');
CREATE TRIGGER as_given BEFORE UPDATE ON cases.mandate
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('revoked_at');
CREATE TRIGGER as_given BEFORE UPDATE ON cases.authorised_doctor
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('ended_at');
CREATE TRIGGER as_given BEFORE UPDATE ON cases.step_done
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('cleared_at', 'cleared_by');
CREATE TRIGGER as_given BEFORE UPDATE ON medical.registered_session
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('withdrawn_at', 'withdrawn_by');
CREATE TRIGGER as_given BEFORE UPDATE ON medical.attachment
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('removed_at', 'removed_by');

-- A consent says who recorded it and who took it back, and is about the case of that employee (R23, R24).
CREATE FUNCTION cases.check_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND (NEW.recorded_by, NEW.recorded_role) IS DISTINCT FROM (app.account(), app.role())
        OR TG_OP = 'UPDATE' AND (NEW.withdrawn_by, NEW.withdrawn_role) IS DISTINCT FROM (app.account(), app.role()) THEN
        RAISE EXCEPTION 'nobody records a consent in the name of another' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (
        SELECT FROM cases.absence_case c
        WHERE c.id = NEW.case_id AND c.employee_id = NEW.employee_id AND c.employer_id = NEW.employer_id
    ) THEN
        RAISE EXCEPTION 'a consent is about a case as it is' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER recorder BEFORE INSERT OR UPDATE ON cases.consent
    FOR EACH ROW EXECUTE FUNCTION cases.check_consent();
