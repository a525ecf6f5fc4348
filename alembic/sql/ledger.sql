-- Every booking adds up to zero when its transaction commits, has the sides that it says, and is one: of one tenant, at
-- one moment. The function looks as the keeper: whoever books, and whatever he may see of the booking himself, all sides
-- of it count. A booking that is there gets no entries more, since it says how many it has.
CREATE FUNCTION app.check_booking() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    booking uuid := to_jsonb(NEW) ->> TG_ARGV[0];  -- the column that names it
    found record;
BEGIN
    SELECT coalesce(sum(e.cents), 0) AS cents, count(e.id) AS sides, t.sides AS said,
        coalesce(bool_and(e.tenant_id = t.tenant_id AND e.created_at = t.created_at), true) AS one
    INTO found
    FROM billing.ledger_transaction t LEFT JOIN billing.ledger_entry e ON e.transaction_id = t.id
    WHERE t.id = booking
    GROUP BY t.id;
    IF found.cents <> 0 THEN
        RAISE EXCEPTION 'ledger transaction % does not sum to zero', booking USING ERRCODE = 'check_violation';
    END IF;
    IF found.sides <> found.said OR NOT found.one THEN
        RAISE EXCEPTION 'ledger transaction % is not one booking', booking USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

-- What is booked is booked now: not in a month that was closed, for then the closed figures would no longer be right.
CREATE FUNCTION app.refuse_closed_month() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM billing.ledger_closing c WHERE c.tenant_id = NEW.tenant_id
            AND c.month >= date_trunc('month', NEW.created_at AT TIME ZONE 'Europe/Amsterdam')::date
    ) THEN
        RAISE EXCEPTION 'that month of the ledger is closed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

GRANT SELECT ON billing.ledger_entry, billing.ledger_transaction, billing.ledger_closing TO providerboog_keeper;
CREATE POLICY keeper ON billing.ledger_entry FOR SELECT TO providerboog_keeper USING (true);
CREATE POLICY keeper ON billing.ledger_transaction FOR SELECT TO providerboog_keeper USING (true);
CREATE POLICY keeper ON billing.ledger_closing FOR SELECT TO providerboog_keeper USING (true);
ALTER FUNCTION app.check_booking() OWNER TO providerboog_keeper;
ALTER FUNCTION app.refuse_closed_month() OWNER TO providerboog_keeper;
REVOKE EXECUTE ON FUNCTION app.check_booking(), app.refuse_closed_month() FROM PUBLIC;

CREATE CONSTRAINT TRIGGER sums_to_zero AFTER INSERT ON billing.ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.check_booking('transaction_id');
CREATE CONSTRAINT TRIGGER has_its_sides AFTER INSERT ON billing.ledger_transaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.check_booking('id');
CREATE TRIGGER open_month BEFORE INSERT ON billing.ledger_transaction
    FOR EACH ROW EXECUTE FUNCTION app.refuse_closed_month();

-- TRUNCATE is granted to nobody; whoever owns the tables is refused it too.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['ledger_transaction', 'ledger_entry', 'ledger_month', 'ledger_closing'] LOOP
        EXECUTE format(
            'CREATE TRIGGER not_emptied BEFORE TRUNCATE ON billing.%I EXECUTE FUNCTION app.refuse_change()', name
        );
    END LOOP;
END
$$;
