-- Every booking adds up to zero when its transaction commits. The function looks as the keeper: whoever books, and
-- whatever he may see of the booking himself, all sides of it count.
CREATE FUNCTION app.entries_sum_to_zero() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF (SELECT coalesce(sum(e.cents), 0) FROM billing.ledger_entry e WHERE e.transaction_id = NEW.transaction_id) <> 0 THEN
        RAISE EXCEPTION 'ledger transaction % does not sum to zero', NEW.transaction_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

GRANT SELECT ON billing.ledger_entry TO providerboog_keeper;
CREATE POLICY keeper ON billing.ledger_entry FOR SELECT TO providerboog_keeper USING (true);
ALTER FUNCTION app.entries_sum_to_zero() OWNER TO providerboog_keeper;
REVOKE EXECUTE ON FUNCTION app.entries_sum_to_zero() FROM PUBLIC;

CREATE CONSTRAINT TRIGGER sums_to_zero AFTER INSERT ON billing.ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.entries_sum_to_zero();
