-- What providers deliver and ask for it: who sees it, who does what with it, and what nobody can do (R38-R41).
GRANT UPDATE (state, dispute_reason, judged_by, judged_at, due_on, owner_id, climbed_on) ON medical.provider_invoice
    TO providerboog_care;
GRANT UPDATE (withdrawn_at, withdrawn_by) ON medical.registered_session TO providerboog_care;

-- Days on which somebody was treated are for the provider himself and for who referred; the secretariat reads them on
-- the invoice only, once they are billed (R21).
CREATE POLICY reader ON medical.registered_session FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND (app.role() IN ('physician', 'system')
        OR (app.role() = 'provider' AND provider_id = app.organisation()
            AND EXISTS (SELECT FROM medical.referral r WHERE r.id = referral_id)))
);
CREATE POLICY provider ON medical.registered_session FOR INSERT TO providerboog_care WITH CHECK (
    tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation()
    AND registered_by = app.account()
);
CREATE POLICY provider_takes_back ON medical.registered_session FOR UPDATE TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation())
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation()
        AND withdrawn_by = app.account());

CREATE POLICY desk ON medical.provider_invoice FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND (
        app.role() IN ('secretary', 'physician', 'system') OR (app.role() = 'provider' AND provider_id = app.organisation())
    )
);
CREATE POLICY sender ON medical.provider_invoice FOR INSERT TO providerboog_care WITH CHECK (
    tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation()
    AND state IN ('received', 'exception') AND owner_id IS NULL
);
CREATE POLICY judgement ON medical.provider_invoice FOR UPDATE TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'secretary')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'secretary' AND CASE
        WHEN state IN ('approved', 'disputed') THEN judged_by = app.account()
        ELSE state IN ('received', 'exception', 'contested')
    END);
-- The provider answers what was sent back or failed a check: it stands, it is replaced, or it is withdrawn.
CREATE POLICY answer ON medical.provider_invoice FOR UPDATE TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation()
        AND state IN ('exception', 'disputed'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation()
        AND state IN ('contested', 'superseded', 'withdrawn'));
CREATE POLICY round ON medical.provider_invoice FOR UPDATE TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system' AND state IN ('received', 'exception', 'contested'));

CREATE POLICY desk ON medical.provider_invoice_line TO providerboog_care
    USING (tenant_id = app.tenant() AND (
        app.role() IN ('secretary', 'physician', 'system') OR (app.role() = 'provider' AND provider_id = app.organisation())
    ))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation());
CREATE POLICY desk ON medical.invoice_check TO providerboog_care
    USING (tenant_id = app.tenant() AND (
        app.role() IN ('secretary', 'physician', 'system') OR (app.role() = 'provider' AND provider_id = app.organisation())
    ))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation());
CREATE POLICY reader ON medical.invoice_talk FOR SELECT TO providerboog_care USING (
    tenant_id = app.tenant() AND (
        app.role() IN ('secretary', 'physician', 'system') OR (app.role() = 'provider' AND provider_id = app.organisation())
    )
);
CREATE POLICY speaker ON medical.invoice_talk FOR INSERT TO providerboog_care WITH CHECK (
    tenant_id = app.tenant() AND account_id = app.account() AND role = app.role() AND EXISTS (
        SELECT FROM medical.provider_invoice i WHERE i.id = invoice_id AND i.provider_id = invoice_talk.provider_id
    ) AND CASE app.role()
        WHEN 'secretary' THEN kind IN ('disputed', 'credit_asked')
        WHEN 'provider' THEN kind IN ('answered', 'superseded', 'credited') AND provider_id = app.organisation()
        ELSE false
    END
);

-- Whether something still asks money for a session: a line of an invoice that was neither sent back nor replaced, nor
-- given back in full.
CREATE FUNCTION medical.is_billed(session uuid, besides uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM medical.provider_invoice_line l JOIN medical.provider_invoice i ON i.id = l.invoice_id
        WHERE l.session_id = session AND i.id IS DISTINCT FROM besides AND i.kind = 'invoice'
            AND i.state NOT IN ('disputed', 'superseded', 'withdrawn')
            AND i.net_cents > (
                SELECT coalesce(sum(c.net_cents), 0) FROM medical.provider_invoice c
                WHERE c.corrects_id = i.id AND c.state = 'approved'
            )
    )
$$;

-- A session is registered on a referral that the provider took, as it is, and not before it has happened.
CREATE FUNCTION medical.check_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF medical.is_billed(NEW.id, NULL) THEN
            RAISE EXCEPTION 'a session that was billed is not taken back' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.day > app.today() OR NOT EXISTS (
        SELECT FROM medical.referral r
        WHERE r.id = NEW.referral_id AND r.provider_id = NEW.provider_id AND r.case_id = NEW.case_id
            AND r.employee_id = NEW.employee_id AND r.employer_id = NEW.employer_id
            AND r.state IN ('accepted', 'scheduled', 'running', 'interrupted', 'reported', 'completed')
    ) THEN
        RAISE EXCEPTION 'a session belongs to a referral that was taken' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER session BEFORE INSERT OR UPDATE ON medical.registered_session
    FOR EACH ROW EXECUTE FUNCTION medical.check_session();

-- Money is asked once for a session, and not for one that was taken back.
CREATE FUNCTION medical.check_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.session_id IS NOT NULL AND (medical.is_billed(NEW.session_id, NEW.invoice_id) OR NOT EXISTS (
        SELECT FROM medical.registered_session s
        WHERE s.id = NEW.session_id AND s.provider_id = NEW.provider_id AND s.withdrawn_at IS NULL
            AND s.day = NEW.service_date AND s.outcome = NEW.outcome
    )) THEN
        RAISE EXCEPTION 'a session is billed once, as it was registered' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER session BEFORE INSERT ON medical.provider_invoice_line
    FOR EACH ROW EXECUTE FUNCTION medical.check_line();

-- An invoice with a failed check is never charged on, and what was judged or answered is not taken back (R39).
CREATE FUNCTION medical.check_judgement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_the_round text[] := ARRAY['owner_id', 'climbed_on'];
BEGIN
    IF OLD.state = NEW.state AND OLD.state IN ('received', 'exception', 'contested')
        AND to_jsonb(OLD) - of_the_round = to_jsonb(NEW) - of_the_round THEN
        RETURN NEW;  -- somebody takes it upon himself, or it has become overdue
    END IF;
    IF (OLD.state, NEW.state) NOT IN (
        ('received', 'approved'), ('received', 'disputed'), ('exception', 'disputed'), ('contested', 'approved'),
        ('contested', 'disputed'), ('disputed', 'contested'), ('disputed', 'superseded'), ('disputed', 'withdrawn'),
        ('exception', 'superseded'), ('exception', 'withdrawn')
    ) THEN
        RAISE EXCEPTION 'a provider invoice does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state IN ('approved', 'contested') AND EXISTS (
        SELECT FROM medical.invoice_check c WHERE c.invoice_id = NEW.id AND NOT c.passed
    ) THEN
        RAISE EXCEPTION 'a provider invoice with a failed check is not released' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'contested' AND EXISTS (
        SELECT FROM medical.provider_invoice_line l
        WHERE l.invoice_id = NEW.id AND l.session_id IS NOT NULL AND medical.is_billed(l.session_id, NEW.id)
    ) THEN
        RAISE EXCEPTION 'a session is billed once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER judgement BEFORE UPDATE ON medical.provider_invoice
    FOR EACH ROW EXECUTE FUNCTION medical.check_judgement();

-- What a credit note is about and what an invoice replaces are documents of the same provider; the first was released,
-- the second was not and never will be.
CREATE FUNCTION medical.check_follow_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM medical.provider_invoice i
        WHERE i.id = NEW.corrects_id AND i.provider_id = NEW.provider_id AND i.kind = 'invoice'
            AND (i.state = 'approved' OR NEW.state = 'exception')
    ) OR NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM medical.provider_invoice i
        WHERE i.id = NEW.supersedes_id AND i.provider_id = NEW.provider_id AND i.state = 'superseded'
    ) THEN
        RAISE EXCEPTION 'a document follows another one of the same provider' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER follow_up BEFORE INSERT ON medical.provider_invoice
    FOR EACH ROW EXECUTE FUNCTION medical.check_follow_up();

-- A correction gives back of the release that it corrects, and never more than that is worth.
CREATE FUNCTION medical.check_given_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.corrects_id IS NOT NULL AND (
        SELECT coalesce(sum(r.net_cents), 0) FROM medical.release r
        WHERE (r.id = NEW.corrects_id OR r.corrects_id = NEW.corrects_id) AND r.referral_id = NEW.referral_id
            AND r.employer_id = NEW.employer_id
    ) + NEW.net_cents < 0 THEN
        RAISE EXCEPTION 'no more is given back than was released' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER given_back BEFORE INSERT ON medical.release
    FOR EACH ROW EXECUTE FUNCTION medical.check_given_back();
