-- Questions for the first free slot: who reads them, what may become of one, and that the first stays the first.
-- They are of nobody, and still only the medical side reads them: the open side has nothing to do with who is asked.
REVOKE SELECT ON network.slot_question, network.slot_ask FROM providerboog_open;
GRANT INSERT, UPDATE (state, held_until) ON network.slot_question TO providerboog_care;
GRANT INSERT, UPDATE (day, declined, is_first, answered_at) ON network.slot_ask TO providerboog_care;
GRANT UPDATE (referral_id) ON medical.slot_link TO providerboog_care;

CREATE POLICY care ON medical.slot_link TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'system') AND app.works_for(employer_id))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate') AND app.works_for(employer_id));
CREATE POLICY asker ON network.slot_ask TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'system') AND EXISTS (
        SELECT FROM medical.slot_link l WHERE l.question_id = slot_ask.question_id
    ))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate')
        AND num_nulls(day, answered_at) = 2 AND NOT is_first AND NOT declined);
CREATE POLICY asked ON network.slot_ask TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation())
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'provider' AND provider_id = app.organisation()
        AND answered_at IS NOT NULL);
CREATE POLICY asker ON network.slot_question TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'system') AND EXISTS (
        SELECT FROM medical.slot_link l WHERE l.question_id = slot_question.id
    ))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('physician', 'delegate', 'system'));
CREATE POLICY asked ON network.slot_question TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'provider' AND EXISTS (
        SELECT FROM network.slot_ask a WHERE a.question_id = slot_question.id
    ))
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'provider' AND state = 'held');

-- The same list as network/slots.py; a test holds the two together.
CREATE FUNCTION network.slot_may_become(before text, after text, actor text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (before, after) IN (
        ('open', 'closed'), ('held', 'closed'), ('lapsed', 'closed'), ('expired', 'closed'), ('held', 'used')
    ) AND actor IN ('physician', 'delegate')
    OR (before, after) = ('open', 'held') AND actor = 'provider'
    OR (before, after) IN (('open', 'expired'), ('held', 'lapsed')) AND actor = 'system'
$$;
GRANT EXECUTE ON FUNCTION network.slot_may_become TO providerboog_care;

CREATE FUNCTION network.check_slot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' OR NEW.held_until IS NOT NULL THEN
            RAISE EXCEPTION 'a question begins open' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NOT network.slot_may_become(OLD.state, NEW.state, app.role())
        OR (NEW.state <> 'held' AND NEW.held_until IS DISTINCT FROM OLD.held_until) THEN
        RAISE EXCEPTION 'a question does not go from % to % by a %', OLD.state, NEW.state, app.role()
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER moves BEFORE INSERT OR UPDATE ON network.slot_question
    FOR EACH ROW EXECUTE FUNCTION network.check_slot();

-- An answer stays as it was given, and no answer comes once the question is over.
CREATE FUNCTION network.check_slot_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.answered_at IS NOT NULL THEN
        RAISE EXCEPTION 'an answer stays as it was given' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.day IS NOT NULL AND NOT NEW.is_first THEN
        RAISE EXCEPTION 'who has a slot is the first, or too late' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM network.slot_question q WHERE q.id = NEW.question_id AND q.state = CASE WHEN NEW.is_first THEN 'held' ELSE 'open' END
    ) THEN
        RAISE EXCEPTION 'the question is over' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER answer BEFORE UPDATE ON network.slot_ask FOR EACH ROW EXECUTE FUNCTION network.check_slot_answer();
