-- Who may issue a referral, and when (R1, R2, R3, R6, R7, R19, R23, R30). The use case asks the same; this is for
-- whoever comes past it with SQL. Runs with the rights of the issuer: what he cannot see cannot help him.
CREATE FUNCTION medical.is_physician(account uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM identity.membership m
        WHERE m.account_id = account AND m.tenant_id = app.tenant() AND m.role = 'physician' AND m.ended_at IS NULL
    )
$$;

CREATE FUNCTION medical.holds_mandate(referral medical.referral) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM cases.mandate d
        JOIN identity.membership m ON m.account_id = d.holder_account_id AND m.tenant_id = d.tenant_id
            AND m.role = 'delegate' AND m.ended_at IS NULL
        JOIN identity.assignment a ON a.membership_id = m.id AND a.employer_id = d.employer_id AND a.ended_at IS NULL
        WHERE d.id = referral.mandate_id AND d.holder_account_id = referral.issued_by
            AND d.physician_account_id = referral.physician_account_id AND d.employer_id = referral.employer_id
            AND referral.intervention = ANY (d.interventions) AND d.revoked_at IS NULL
            AND app.today() BETWEEN d.valid_from AND d.valid_until
            AND m.registered_until >= app.today() AND medical.is_physician(d.physician_account_id)
    )
$$;

CREATE FUNCTION medical.check_authority() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    judged boolean;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state <> 'draft' AND (
            NEW.issued_by, NEW.physician_account_id, NEW.mandate_id, NEW.case_id, NEW.offering_id, NEW.unit_price_cents,
            NEW.intervention, NEW.provider_id
        ) IS DISTINCT FROM (
            OLD.issued_by, OLD.physician_account_id, OLD.mandate_id, OLD.case_id, OLD.offering_id, OLD.unit_price_cents,
            OLD.intervention, OLD.provider_id
        ) THEN
            RAISE EXCEPTION 'an issued referral keeps its basis' USING ERRCODE = 'restrict_violation';
        END IF;
        IF OLD.state <> 'draft' OR NEW.state IN ('draft', 'withdrawn') THEN
            RETURN NEW;
        END IF;
    ELSIF NEW.state = 'draft' THEN
        RETURN NEW;
    END IF;

    IF NEW.state <> 'issued' THEN
        RAISE EXCEPTION 'a referral is issued before anything else happens to it' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.issued_by IS DISTINCT FROM app.account() THEN
        RAISE EXCEPTION 'nobody issues a referral in the name of another' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF medical.is_physician(NEW.issued_by) AND app.role() = 'physician' THEN
        IF NEW.physician_account_id IS DISTINCT FROM NEW.issued_by THEN
            RAISE EXCEPTION 'a physician issues under his own name' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSE
        SELECT a.medical INTO judged FROM medical.assessment a
        WHERE a.case_id = NEW.case_id ORDER BY a.created_at DESC LIMIT 1;
        IF judged IS DISTINCT FROM false OR NEW.referral_class <> 'NM' THEN
            RAISE EXCEPTION 'only a physician refers unless he has judged the cause not medical'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NOT medical.holds_mandate(NEW) THEN
            RAISE EXCEPTION 'no mandate that is valid today for this person, employer and intervention'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    IF NEW.disclosure = 'CONF' AND NOT EXISTS (
        SELECT FROM cases.consent c WHERE c.id = NEW.consent_id AND c.case_id = NEW.case_id AND c.scope = 'provider'
            AND c.withdrawn_at IS NULL
    ) THEN
        RAISE EXCEPTION 'a confidential referral needs the consent of the employee' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER authority BEFORE INSERT OR UPDATE ON medical.referral
    FOR EACH ROW EXECUTE FUNCTION medical.check_authority();

-- Only a physician judges the cause, under his own name (R3).
CREATE FUNCTION medical.check_judge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF app.role() <> 'physician' OR NEW.assessed_by IS DISTINCT FROM app.account()
        OR NOT medical.is_physician(NEW.assessed_by) THEN
        RAISE EXCEPTION 'only a physician judges the cause' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER judge BEFORE INSERT ON medical.assessment FOR EACH ROW EXECUTE FUNCTION medical.check_judge();

-- Only a physician mandates, under his own name (R7).
CREATE FUNCTION cases.check_mandate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF app.role() <> 'physician' OR NEW.physician_account_id IS DISTINCT FROM app.account() OR NOT EXISTS (
        SELECT FROM identity.membership m WHERE m.account_id = app.account() AND m.tenant_id = app.tenant()
            AND m.role = 'physician' AND m.ended_at IS NULL
    ) THEN
        RAISE EXCEPTION 'only a physician mandates' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER signer BEFORE INSERT ON cases.mandate FOR EACH ROW EXECUTE FUNCTION cases.check_mandate();
