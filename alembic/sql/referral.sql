-- What may become of a referral, by whom, and what it keeps; for whoever comes past the use cases with SQL.

-- The same list as medical/referrals/states.py; a test holds the two together.
CREATE FUNCTION medical.may_become(before text, after text, actor text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (before, after) IN (
        ('draft', 'draft'), ('draft', 'issued'), ('draft', 'withdrawn'), ('returned', 'draft'),
        ('returned', 'withdrawn'), ('issued', 'withdrawn'), ('accepted', 'withdrawn'), ('scheduled', 'withdrawn'),
        ('running', 'withdrawn'), ('interrupted', 'withdrawn'), ('declined', 'withdrawn'), ('expired', 'withdrawn'),
        ('reported', 'completed')
    ) AND actor IN ('physician', 'delegate')
    OR (before, after) IN (('draft', 'returned'), ('declined', 'declined'), ('expired', 'expired'))
        AND actor = 'physician'
    OR (before, after) IN (
        ('issued', 'accepted'), ('issued', 'declined'), ('accepted', 'scheduled'), ('scheduled', 'running'),
        ('running', 'reported')
    ) AND actor = 'provider'
    OR (before, after) IN (('running', 'interrupted'), ('interrupted', 'running'))
        AND actor IN ('physician', 'delegate', 'provider')
    OR before = after AND before IN ('issued', 'accepted', 'scheduled', 'running', 'interrupted')
        AND actor IN ('physician', 'delegate', 'provider')  -- asking and answering; `check_talk` says how
    OR (before, after) IN (
        ('issued', 'expired'), ('issued', 'withdrawn'), ('accepted', 'withdrawn'), ('scheduled', 'withdrawn'),
        ('running', 'withdrawn'), ('interrupted', 'withdrawn')
    ) AND actor = 'system'
$$;

-- What a referral that was sent may change while its state stays: a provider asks, whoever referred answers, and a
-- first appointment is moved. Nobody lets a question disappear but by answering it.
CREATE FUNCTION medical.check_talk(before medical.referral, after medical.referral) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    asks boolean := before.asked_on IS NULL AND after.asked_on IS NOT NULL;
    answers boolean := before.asked_on IS NOT NULL AND after.asked_on IS NULL;
    moved boolean := before.scheduled_for IS DISTINCT FROM after.scheduled_for;
    stays text[] := ARRAY['asked_on', 'version', 'due_on', 'scheduled_for', 'state_since'];
BEGIN
    IF to_jsonb(before) - stays <> to_jsonb(after) - stays OR (moved AND before.state <> 'scheduled')
        OR (app.role() = 'provider' AND (answers OR (asks AND moved) OR NOT (asks OR before.state = 'scheduled')))
        OR (app.role() <> 'provider' AND (moved OR NOT answers)) THEN
        RAISE EXCEPTION 'a referral that was sent changes by what is done to it' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (asks OR answers) AND NOT EXISTS (
        SELECT FROM medical.referral_message m
        WHERE m.referral_id = after.id AND m.version = after.version AND m.account_id = app.account()
            AND m.kind = CASE WHEN asks THEN 'question' ELSE 'answer' END
    ) THEN
        RAISE EXCEPTION 'nobody asks or answers without words' USING ERRCODE = 'check_violation';
    END IF;
END
$$;

-- What a state asks for beyond the move to it: words with a draft that is sent back, a report, a result (R75).
CREATE FUNCTION medical.check_arrival(before medical.referral, after medical.referral) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF after.state = 'returned' AND (after.request_id IS NOT NULL OR NOT EXISTS (
        SELECT FROM medical.referral_message m
        WHERE m.referral_id = after.id AND m.version = after.version AND m.kind = 'return'
    )) THEN
        RAISE EXCEPTION 'a draft goes back to a delegate, with the reason in words' USING ERRCODE = 'check_violation';
    END IF;
    IF after.state = 'scheduled' AND after.scheduled_for IS NULL
        OR after.state = 'running' AND after.started_on IS NULL
        OR (after.state = 'interrupted') <> (after.interrupted_until IS NOT NULL) AND after.state <> 'withdrawn' THEN
        RAISE EXCEPTION 'a referral that is % has its day', after.state USING ERRCODE = 'check_violation';
    END IF;
    IF after.state = 'expired' AND before.asked_on IS NOT NULL THEN
        RAISE EXCEPTION 'a provider who waits for an answer is not late' USING ERRCODE = 'check_violation';
    END IF;
    IF after.state = 'reported' AND NOT EXISTS (
        SELECT FROM medical.provider_report p WHERE p.referral_id = after.id
    ) THEN
        RAISE EXCEPTION 'no report without its text' USING ERRCODE = 'check_violation';
    END IF;
    IF after.state = 'completed' AND NOT EXISTS (
        SELECT FROM medical.referral_result r WHERE r.referral_id = after.id
    ) THEN
        RAISE EXCEPTION 'nothing is completed without its result' USING ERRCODE = 'check_violation';
    END IF;
END
$$;

CREATE FUNCTION medical.is_case_of(sought uuid, employee uuid, employer uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM cases.absence_case c WHERE c.id = sought AND c.employee_id = employee AND c.employer_id = employer
    )
$$;

CREATE FUNCTION medical.check_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    course text[] := ARRAY['state', 'state_since', 'version', 'due_on', 'asked_on', 'scheduled_for', 'started_on',
        'interrupted_until', 'access_until'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state NOT IN ('draft', 'issued') THEN
            RAISE EXCEPTION 'a referral is issued before anything else happens to it' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.version <> 1 OR num_nonnulls(NEW.asked_on, NEW.scheduled_for, NEW.started_on,
            NEW.interrupted_until, NEW.access_until) > 0 THEN
            RAISE EXCEPTION 'a referral begins at its beginning' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT medical.is_case_of(NEW.case_id, NEW.employee_id, NEW.employer_id) THEN
            RAISE EXCEPTION 'a referral is about a case as it is' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT medical.may_become(OLD.state, NEW.state, app.role()) THEN
        RAISE EXCEPTION 'a referral does not go from % to % by a %', OLD.state, NEW.state, app.role()
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.version <= OLD.version THEN
        RAISE EXCEPTION 'every change of a referral raises its version' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.id, NEW.tenant_id, NEW.number, NEW.case_id, NEW.employee_id, NEW.employer_id, NEW.drafted_by,
        NEW.created_at, NEW.replaces_id, NEW.request_id)
        IS DISTINCT FROM
       (OLD.id, OLD.tenant_id, OLD.number, OLD.case_id, OLD.employee_id, OLD.employer_id, OLD.drafted_by,
        OLD.created_at, OLD.replaces_id, OLD.request_id) THEN
        RAISE EXCEPTION 'a referral stays about whom it is' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state NOT IN ('draft', 'returned') AND to_jsonb(OLD) - course <> to_jsonb(NEW) - course THEN
        RAISE EXCEPTION 'an issued referral keeps its basis' USING ERRCODE = 'restrict_violation';
    END IF;
    IF app.role() = 'delegate' AND OLD.state NOT IN ('draft', 'returned') AND NEW.state <> OLD.state
        AND OLD.issued_by IS DISTINCT FROM app.account() THEN
        RAISE EXCEPTION 'a delegate acts on what he issued himself' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF app.role() = 'provider' AND NEW.state <> 'declined' AND NEW.access_until IS DISTINCT FROM OLD.access_until THEN
        RAISE EXCEPTION 'a provider does not set his own access' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state = OLD.state AND NEW.state IN ('issued', 'accepted', 'scheduled', 'running', 'interrupted') THEN
        PERFORM medical.check_talk(OLD, NEW);
    ELSIF NEW.asked_on IS DISTINCT FROM OLD.asked_on
        AND NEW.state IN ('draft', 'returned', 'issued', 'accepted', 'scheduled', 'running', 'interrupted') THEN
        RAISE EXCEPTION 'a question stays open until it is answered' USING ERRCODE = 'restrict_violation';
    ELSIF NEW.state <> OLD.state THEN
        PERFORM medical.check_arrival(OLD, NEW);
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER moves BEFORE INSERT OR UPDATE ON medical.referral
    FOR EACH ROW EXECUTE FUNCTION medical.check_move();

-- What the parts of a referral say about its parties is what the referral says.
CREATE FUNCTION medical.check_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM medical.referral r
        WHERE r.id = NEW.referral_id AND r.tenant_id = NEW.tenant_id AND r.provider_id = NEW.provider_id
            AND r.case_id = NEW.case_id AND r.employee_id = NEW.employee_id AND r.employer_id = NEW.employer_id
    ) THEN
        RAISE EXCEPTION 'a part belongs to a referral and to its parties' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER part BEFORE INSERT OR UPDATE ON medical.referral_content
    FOR EACH ROW EXECUTE FUNCTION medical.check_part();
CREATE TRIGGER part BEFORE INSERT OR UPDATE ON medical.referral_basis
    FOR EACH ROW EXECUTE FUNCTION medical.check_part();
CREATE TRIGGER part BEFORE INSERT ON medical.referral_event FOR EACH ROW EXECUTE FUNCTION medical.check_part();
CREATE TRIGGER part BEFORE INSERT ON medical.disclosure_made FOR EACH ROW EXECUTE FUNCTION medical.check_part();
CREATE TRIGGER part BEFORE INSERT ON medical.provider_report FOR EACH ROW EXECUTE FUNCTION medical.check_part();
CREATE TRIGGER part BEFORE INSERT ON medical.content_version FOR EACH ROW EXECUTE FUNCTION medical.check_part();
CREATE TRIGGER part BEFORE INSERT ON medical.content_seen FOR EACH ROW EXECUTE FUNCTION medical.check_part();
CREATE TRIGGER part BEFORE INSERT ON medical.referral_message FOR EACH ROW EXECUTE FUNCTION medical.check_part();
CREATE TRIGGER part BEFORE INSERT ON medical.referral_result FOR EACH ROW EXECUTE FUNCTION medical.check_part();

-- An attachment goes with a referral that is not over, under the name of whoever adds it, and with a content that is
-- about the same employee.
CREATE FUNCTION medical.check_attachment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.added_by IS DISTINCT FROM app.account() OR NEW.removed_at IS NOT NULL OR NOT EXISTS (
        SELECT FROM medical.referral r
        WHERE r.id = NEW.referral_id AND r.state NOT IN ('declined', 'expired', 'withdrawn', 'completed', 'reported')
            AND (app.role() = 'physician' OR r.issued_on IS NULL OR r.issued_by = app.account())
    ) THEN
        RAISE EXCEPTION 'an attachment goes with a referral that is not over' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER part BEFORE INSERT ON medical.attachment FOR EACH ROW EXECUTE FUNCTION medical.check_part();
CREATE TRIGGER runs BEFORE INSERT ON medical.attachment FOR EACH ROW EXECUTE FUNCTION medical.check_attachment();

-- What was asked, and on which judgement, changes in a draft only (R9).
CREATE FUNCTION medical.check_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM medical.referral r WHERE r.id = NEW.referral_id AND r.state IN ('draft', 'returned')) THEN
        RAISE EXCEPTION 'an issued referral keeps its content' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER draft BEFORE UPDATE ON medical.referral_content
    FOR EACH ROW EXECUTE FUNCTION medical.check_draft();
CREATE TRIGGER draft BEFORE UPDATE ON medical.referral_basis FOR EACH ROW EXECUTE FUNCTION medical.check_draft();

-- A result is judged once, on a report, by whoever completes the referral (R75).
CREATE FUNCTION medical.check_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM medical.referral r WHERE r.id = NEW.referral_id AND r.state = 'reported') THEN
        RAISE EXCEPTION 'a result follows a report' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER judged BEFORE INSERT ON medical.referral_result
    FOR EACH ROW EXECUTE FUNCTION medical.check_result();

-- Clinical words go back to the physician only with the consent of the employee (R24, scope d).
CREATE FUNCTION medical.check_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF octet_length(NEW.clinical) > 0 AND NOT EXISTS (
        SELECT FROM cases.consent c
        WHERE c.case_id = NEW.case_id AND c.scope = 'report_back' AND c.withdrawn_at IS NULL
    ) THEN
        RAISE EXCEPTION 'a clinical report needs the consent of the employee' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER consent BEFORE INSERT ON medical.provider_report
    FOR EACH ROW EXECUTE FUNCTION medical.check_report();
