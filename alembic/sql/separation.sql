-- Who may not be two things at once (R14, R15); for whoever sets up accounts, with SQL or without. Through no door can
-- anybody assign himself. Who is one person is told by the key of the person, however many accounts he has.

-- Raises for a person who works for an employer as a delegate and has an account at an insurer of that employer.
CREATE FUNCTION identity.refuse_both_sides(person uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM identity.assignment d
        JOIN billing.insurance_policy p ON p.employer_id = d.employer_id AND p.valid_until >= app.today()
        JOIN identity.membership m ON m.organisation_id = p.insurer_id AND m.role = 'insurer' AND m.ended_at IS NULL
        JOIN identity.account a ON a.id = m.account_id AND a.person_id = d.person_id
        WHERE d.role = 'delegate' AND d.ended_at IS NULL AND (person IS NULL OR d.person_id = person)
    ) THEN
        RAISE EXCEPTION 'nobody is a delegate for an employer and works for its insurer'
            USING ERRCODE = 'restrict_violation';
    END IF;
END
$$;

-- One at a time: of two changes at once the second sees what the first did.
CREATE FUNCTION identity.check_sides() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('identity.sides'));
    PERFORM identity.refuse_both_sides(CASE TG_TABLE_NAME
        WHEN 'assignment' THEN (to_jsonb(NEW) ->> 'person_id')::uuid
        WHEN 'membership' THEN (SELECT person_id FROM identity.account WHERE id = (to_jsonb(NEW) ->> 'account_id')::uuid)
    END);
    RETURN NULL;
END
$$;

CREATE TRIGGER sides AFTER INSERT OR UPDATE ON identity.assignment
    FOR EACH ROW WHEN (NEW.role = 'delegate' AND NEW.ended_at IS NULL) EXECUTE FUNCTION identity.check_sides();
CREATE TRIGGER sides AFTER INSERT OR UPDATE ON identity.membership
    FOR EACH ROW WHEN (NEW.role = 'insurer' AND NEW.ended_at IS NULL) EXECUTE FUNCTION identity.check_sides();
CREATE TRIGGER sides AFTER INSERT OR UPDATE ON billing.insurance_policy
    FOR EACH ROW EXECUTE FUNCTION identity.check_sides();

-- An assignment says of account, person, role and arbodienst what the membership behind it says.
CREATE FUNCTION identity.check_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM identity.membership m JOIN identity.account a ON a.id = m.account_id
        WHERE m.id = NEW.membership_id AND m.account_id = NEW.account_id AND m.tenant_id = NEW.tenant_id
            AND m.role = NEW.role AND a.person_id = NEW.person_id AND m.role IN ('delegate', 'case_manager')
    ) THEN
        RAISE EXCEPTION 'an assignment is of the person, the account and the role of its membership'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER as_membership BEFORE INSERT OR UPDATE ON identity.assignment
    FOR EACH ROW EXECUTE FUNCTION identity.check_assignment();

-- Two accounts that turn out to be of one person take their assignments along, and with them what those exclude.
CREATE FUNCTION identity.take_assignments_along() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('identity.sides'));
    UPDATE identity.assignment SET person_id = NEW.person_id WHERE account_id = NEW.id;
    PERFORM identity.refuse_both_sides(NEW.person_id);
    RETURN NULL;
END
$$;

CREATE TRIGGER one_person AFTER UPDATE OF person_id ON identity.account
    FOR EACH ROW EXECUTE FUNCTION identity.take_assignments_along();

-- A delegate works under a physician of the same arbodienst, who answers for what he does (R8).
CREATE FUNCTION identity.check_delegation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM identity.membership m
        WHERE m.account_id = NEW.responsible_account_id AND m.tenant_id = NEW.tenant_id AND m.role = 'physician'
            AND m.ended_at IS NULL
    ) THEN
        RAISE EXCEPTION 'a delegate works under a physician of the arbodienst' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER delegation BEFORE INSERT OR UPDATE OF responsible_account_id, role, account_id ON identity.membership
    FOR EACH ROW WHEN (NEW.role = 'delegate' AND NEW.ended_at IS NULL) EXECUTE FUNCTION identity.check_delegation();

-- Every act of a delegate names the physician who answers for it, whoever writes it down (R8): the one under whose
-- mandate it was done, or else the one under whom he works.
CREATE FUNCTION identity.name_responsible() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.responsible_account_id IS NULL THEN
        SELECT m.responsible_account_id INTO NEW.responsible_account_id FROM identity.membership m
        WHERE m.account_id = NEW.account_id AND m.tenant_id = NEW.tenant_id AND m.role = 'delegate'
        ORDER BY m.ended_at IS NOT NULL, m.created_at DESC LIMIT 1;
    END IF;
    IF NEW.responsible_account_id IS NULL THEN
        RAISE EXCEPTION 'every act of a delegate names the responsible physician' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER responsible BEFORE INSERT ON identity.audit_event
    FOR EACH ROW WHEN (NEW.role = 'delegate') EXECUTE FUNCTION identity.name_responsible();
