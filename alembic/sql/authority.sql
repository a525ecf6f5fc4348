-- Who may issue a referral, and when (R1, R2, R3, R6, R7, R19, R23, R29, R30). The use case asks the same; this is for
-- whoever comes past it with SQL. Runs with the rights of the issuer: what he cannot see cannot help him.

-- The attributes of the taxonomy that decide about authority and secrecy; a test holds them against its data file.
-- A code that is not known here counts as medical and as confidential.
CREATE FUNCTION medical.needs_physician(intervention text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT intervention NOT IN (
        'PERSP', 'ADO', 'BMW', 'COA', 'WEP', 'SHV', 'TRW', 'WPO', 'LWO', 'HBO', 'SP2', 'MED', 'OPL', 'OUT',
        'CNF', 'CAS', 'LPB', 'VTP'
    )
$$;

CREATE FUNCTION medical.is_confidential(intervention text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT intervention NOT IN (
        'PERSP', 'ADO', 'WEP', 'TRW', 'WPO', 'LWO', 'HBO', 'SP2', 'MED', 'OPL', 'OUT', 'CNF', 'CAS', 'LPB'
    )
$$;

-- A physician whose registration has lapsed is none until it is renewed.
CREATE FUNCTION medical.is_physician(account uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM identity.membership m
        WHERE m.account_id = account AND m.tenant_id = app.tenant() AND m.role = 'physician' AND m.ended_at IS NULL
            AND (m.registered_until IS NULL OR m.registered_until >= app.today())
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

-- Whether a physician is the doctor whom the employer has authorised for this employee; he is not both (R16).
CREATE FUNCTION medical.is_authorised_by_employer(account uuid, employee uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM cases.authorised_doctor d
        JOIN identity.membership m ON m.registration_number = d.register_number AND m.tenant_id = d.tenant_id
        WHERE d.employee_id = employee AND d.ended_at IS NULL AND m.account_id = account AND m.role = 'physician'
    )
$$;

-- What is referred to is approved, belongs to that provider, and is under contract today (R29, R30); and it is called
-- neither less medical nor less confidential than it is.
CREATE FUNCTION medical.check_offering(referral medical.referral) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM network.offering o
        JOIN network.contract c ON c.provider_id = o.provider_id AND c.tenant_id = o.tenant_id
            AND c.suspended_at IS NULL AND c.starts_on <= app.today()
            AND (c.ends_on IS NULL OR c.ends_on >= app.today())
        WHERE o.id = referral.offering_id AND o.tenant_id = referral.tenant_id AND o.state = 'approved'
            AND o.provider_id = referral.provider_id AND o.intervention = referral.intervention
    ) THEN
        RAISE EXCEPTION 'nobody refers to an offering that is not approved and under contract'
            USING ERRCODE = 'check_violation';
    END IF;
    IF (referral.referral_class = 'NM' AND medical.needs_physician(referral.intervention))
        OR (referral.disclosure = 'OPEN' AND (medical.is_confidential(referral.intervention) OR NOT EXISTS (
            SELECT FROM network.organisation_profile p
            WHERE p.organisation_id = referral.provider_id AND NOT p.name_reveals_care
        ))) THEN
        RAISE EXCEPTION 'an intervention is as medical and as confidential as the taxonomy says'
            USING ERRCODE = 'check_violation';
    END IF;
END
$$;

CREATE FUNCTION medical.check_authority() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    judged boolean;
BEGIN
    IF NEW.state <> 'issued' OR (TG_OP = 'UPDATE' AND OLD.state <> 'draft') THEN
        RETURN NEW;  -- not being issued; `moves` decides about the rest
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
        IF EXISTS (
            SELECT FROM medical.referral_event e WHERE e.referral_id = NEW.id AND e.to_state = 'returned'
        ) THEN
            RAISE EXCEPTION 'what a physician sent back only a physician issues' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NOT medical.holds_mandate(NEW) THEN
            RAISE EXCEPTION 'no mandate that is valid today for this person, employer and intervention'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    IF medical.is_authorised_by_employer(NEW.physician_account_id, NEW.employee_id) THEN
        RAISE EXCEPTION 'the doctor whom the employer authorised is not also the physician'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM medical.check_offering(NEW);
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
    IF medical.is_authorised_by_employer(NEW.assessed_by, NEW.employee_id) THEN
        RAISE EXCEPTION 'the doctor whom the employer authorised is not also the physician'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT medical.is_case_of(NEW.case_id, NEW.employee_id, NEW.employer_id) THEN
        RAISE EXCEPTION 'a judgement is about a case as it is' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER judge BEFORE INSERT ON medical.assessment FOR EACH ROW EXECUTE FUNCTION medical.check_judge();

-- An employer authorises nobody who is a physician of the arbodienst, and nobody for an employee of another (R16). That he
-- authorised one elsewhere all the same only that physician says, of himself (policy `himself`).
CREATE FUNCTION cases.check_doctor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ended_at IS NULL AND app.role() <> 'physician' AND EXISTS (
        SELECT FROM identity.membership m
        WHERE m.tenant_id = NEW.tenant_id AND m.role = 'physician' AND m.registration_number = NEW.register_number
            AND m.ended_at IS NULL
    ) THEN
        RAISE EXCEPTION 'a physician of the arbodienst is not authorised by an employer' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM cases.employee e WHERE e.id = NEW.employee_id AND e.employer_id = NEW.employer_id
    ) THEN
        RAISE EXCEPTION 'an employer authorises a doctor for an employee of his own' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER doctor BEFORE INSERT ON cases.authorised_doctor FOR EACH ROW EXECUTE FUNCTION cases.check_doctor();

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
