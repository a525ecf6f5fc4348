-- What may only be added to (R50, R68): refused for everybody, the owner too.
CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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
        'medical.invoice_check', 'medical.provider_report', 'cases.intervention_report', 'cases.intervention_count',
        'medical.attachment_content',
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
    ended text := TG_ARGV[0];
    ender text := coalesce(TG_ARGV[1], '');
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
BEGIN
    IF before ->> ended IS NOT NULL OR (before - ended - ender) <> (after - ended - ender) THEN
        RAISE EXCEPTION '% stays as it was given', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER as_given BEFORE UPDATE ON cases.consent
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('withdrawn_at', 'withdrawn_by');
CREATE TRIGGER as_given BEFORE UPDATE ON cases.mandate
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('revoked_at');
CREATE TRIGGER as_given BEFORE UPDATE ON cases.step_done
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('cleared_at', 'cleared_by');
CREATE TRIGGER as_given BEFORE UPDATE ON medical.attachment
    FOR EACH ROW EXECUTE FUNCTION cases.only_the_end_changes('removed_at', 'removed_by');
