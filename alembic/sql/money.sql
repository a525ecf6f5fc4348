-- What the money may do: kept here too, for whoever comes past the use cases with SQL.

-- Columns of which one is written once, by itself, and from then on stays: the invoice of a charge, the charge of a
-- release or how it ended without one.
CREATE FUNCTION app.written_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    ends text[] := TG_ARGV[0:TG_NARGS - 1];
BEGIN
    IF current_user = 'providerboog_remover' THEN  -- he takes away the reference of an employee after its term (R71)
        RETURN NEW;
    END IF;
    IF jsonb_strip_nulls(before) ?| ends OR (before - ends) <> (to_jsonb(NEW) - ends) THEN
        RAISE EXCEPTION '% keeps what was charged', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER written_once BEFORE UPDATE ON billing.charge
    FOR EACH ROW EXECUTE FUNCTION app.written_once('invoice_id');
CREATE TRIGGER written_once BEFORE UPDATE ON billing.insurer_share
    FOR EACH ROW EXECUTE FUNCTION app.written_once('invoice_id');
CREATE TRIGGER written_once BEFORE UPDATE ON medical.release
    FOR EACH ROW EXECUTE FUNCTION app.written_once('charge_id', 'ended');

-- A request is submitted, then decided, once; after charging nothing about it changes (R59).
CREATE FUNCTION billing.check_cofinancing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.charged_month IS NOT NULL
        AND (to_jsonb(OLD) - '{charged_cents,closed_month}'::text[]) <> (to_jsonb(NEW) - '{charged_cents,closed_month}'::text[])
    THEN
        RAISE EXCEPTION 'the decision is final after charging' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('prepared', 'submitted'), ('prepared', 'lapsed'), ('submitted', 'lapsed'),
        ('submitted', 'approved'), ('submitted', 'partial'), ('submitted', 'declined')
    ) THEN
        RAISE EXCEPTION 'a request does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state IN ('approved', 'partial') AND OLD.state = 'submitted' THEN
        NEW.budget_year := extract(year FROM NEW.decided_at AT TIME ZONE 'Europe/Amsterdam');
        PERFORM billing.check_policy_budget(NEW.policy_id, NEW.budget_year, NEW.decided_cents);
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER decided_once BEFORE UPDATE ON billing.cofinancing_request
    FOR EACH ROW EXECUTE FUNCTION billing.check_cofinancing();

-- Only what was approved is released (R39).
CREATE FUNCTION medical.check_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM medical.provider_invoice i
        WHERE i.id = NEW.provider_invoice_id AND i.referral_id = NEW.referral_id AND i.state = 'approved'
    ) THEN
        RAISE EXCEPTION 'only an approved provider invoice is released' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER approved BEFORE INSERT ON medical.release
    FOR EACH ROW EXECUTE FUNCTION medical.check_release();
