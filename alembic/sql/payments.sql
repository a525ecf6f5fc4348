-- Paying: who may write what of it, and what no SQL changes.
-- A buyer opens a payment of what it owes, the secretariat writes down what the bank received, and only jobs say what the
-- payment provider told.
GRANT INSERT ON billing.payment TO providerboog_open, providerboog_care;
GRANT UPDATE (state, settled_at, intent_reference, received_cents, fee_cents, refunded_cents, held_cents, lost_cents)
    ON billing.payment TO providerboog_open;
CREATE POLICY desk ON billing.payment FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'));
CREATE POLICY bank ON billing.payment FOR INSERT TO providerboog_care WITH CHECK (
    tenant_id = app.tenant() AND app.role() = 'secretary' AND channel = 'bank' AND state = 'paid'
    AND received_cents = cents AND fee_cents = 0 AND refunded_cents = 0 AND held_cents = 0 AND lost_cents = 0
);
CREATE POLICY payer ON billing.payment FOR SELECT TO providerboog_open USING (
    tenant_id = app.tenant() AND (
        app.role() IN ('secretary', 'system')
        OR (app.role() IN ('employer', 'insurer') AND buyer_id = app.organisation())
    )
);
CREATE POLICY start ON billing.payment FOR INSERT TO providerboog_open WITH CHECK (
    tenant_id = app.tenant() AND app.role() IN ('employer', 'insurer') AND buyer_id = app.organisation()
    AND channel = 'gateway' AND state = 'open' AND received_cents = 0 AND refunded_cents = 0 AND held_cents = 0
    AND lost_cents = 0 AND fee_cents = 0
);
CREATE POLICY settlement ON billing.payment FOR UPDATE TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');

GRANT INSERT ON billing.refund TO providerboog_open, providerboog_care;
GRANT UPDATE (state, gateway_reference, fault) ON billing.refund TO providerboog_open;
CREATE POLICY desk ON billing.refund TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system'))
    WITH CHECK (tenant_id = app.tenant() AND app.role() IN ('secretary', 'system') AND state = 'asked');
CREATE POLICY settlement ON billing.refund TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');

-- A payment is of the buyer of its invoice, and money that was here is never said not to have been.
CREATE FUNCTION billing.check_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT EXISTS (
        SELECT FROM billing.invoice i
        WHERE i.id = NEW.invoice_id AND i.tenant_id = NEW.tenant_id AND i.buyer_id = NEW.buyer_id AND i.kind = 'invoice'
    ) THEN
        RAISE EXCEPTION 'a payment is of an invoice of its buyer' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (OLD.state IN ('paid', 'reversed') AND NEW.state NOT IN ('paid', 'reversed'))
        OR (OLD.state <> 'open' AND NEW.state = 'open') OR NEW.received_cents < OLD.received_cents
    ) THEN
        RAISE EXCEPTION 'a payment does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER forward BEFORE INSERT OR UPDATE ON billing.payment
    FOR EACH ROW EXECUTE FUNCTION billing.check_payment();

-- A message of the payment provider comes without a tenant. This function alone looks for whose it is, by the names in it,
-- and stores it once; it runs as the keeper, and its caller learns no more than whose job to start.
GRANT SELECT (id, tenant_id, gateway_reference, intent_reference) ON billing.payment TO providerboog_keeper;
GRANT SELECT (id, tenant_id, gateway_reference) ON billing.payout TO providerboog_keeper;
GRANT SELECT (tenant_id, provider_id, gateway_reference) ON billing.payout_account TO providerboog_keeper;
GRANT SELECT (id, tenant_id, reference, kind, names, received_at, state), INSERT, UPDATE (tenant_id, state)
    ON billing.gateway_message TO providerboog_keeper;
CREATE POLICY keeper ON billing.payment FOR SELECT TO providerboog_keeper USING (true);
CREATE POLICY keeper ON billing.payout FOR SELECT TO providerboog_keeper USING (true);
CREATE POLICY keeper ON billing.payout_account FOR SELECT TO providerboog_keeper USING (true);
CREATE POLICY keeper ON billing.gateway_message TO providerboog_keeper USING (true) WITH CHECK (true);

CREATE FUNCTION app.tenant_of_payment_names(names text[]) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT p.tenant_id FROM billing.payment p
    WHERE p.gateway_reference = ANY (names) OR p.intent_reference = ANY (names) OR p.id::text = ANY (names)
    UNION ALL
    SELECT p.tenant_id FROM billing.payout p WHERE p.gateway_reference = ANY (names) OR p.id::text = ANY (names)
    UNION ALL
    SELECT a.tenant_id FROM billing.payout_account a WHERE a.gateway_reference = ANY (names)
    LIMIT 1
$$;

CREATE FUNCTION app.receive_gateway_message(
    message uuid, message_reference text, message_kind text, message_names text[], is_followed boolean
) RETURNS TABLE (id uuid, tenant uuid) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    owner uuid := CASE WHEN is_followed THEN app.tenant_of_payment_names(message_names) END;
BEGIN
    RETURN QUERY INSERT INTO billing.gateway_message AS m (id, tenant_id, reference, kind, names, received_at, state, attempts)
        VALUES (message, owner, message_reference, message_kind, message_names, now(),
            CASE WHEN is_followed THEN 'received' ELSE 'ignored' END, 0)
        ON CONFLICT (reference) DO NOTHING
        RETURNING m.id, m.tenant_id;
END
$$;

-- Messages that came before what they are about: whose they are is asked again for three days.
CREATE FUNCTION app.place_gateway_messages() RETURNS TABLE (id uuid, tenant uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE billing.gateway_message m SET state = 'ignored'
    WHERE m.tenant_id IS NULL AND m.state = 'received' AND m.received_at < now() - interval '3 days';
    RETURN QUERY UPDATE billing.gateway_message m SET tenant_id = app.tenant_of_payment_names(m.names)
        WHERE m.tenant_id IS NULL AND m.state = 'received' AND app.tenant_of_payment_names(m.names) IS NOT NULL
        RETURNING m.id, m.tenant_id;
END
$$;

ALTER FUNCTION app.tenant_of_payment_names(text[]) OWNER TO providerboog_keeper;
ALTER FUNCTION app.receive_gateway_message(uuid, text, text, text[], boolean) OWNER TO providerboog_keeper;
ALTER FUNCTION app.place_gateway_messages() OWNER TO providerboog_keeper;
REVOKE EXECUTE ON FUNCTION app.tenant_of_payment_names(text[]),
    app.receive_gateway_message(uuid, text, text, text[], boolean), app.place_gateway_messages() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.receive_gateway_message(uuid, text, text, text[], boolean), app.place_gateway_messages()
    TO providerboog_system_open_login;

GRANT UPDATE (state, attempts, fault, handled_at) ON billing.gateway_message TO providerboog_open;
CREATE POLICY desk ON billing.gateway_message FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'secretary');
CREATE POLICY handler ON billing.gateway_message TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');

-- Reconciliation: jobs write what the provider says and where it differs; a person explains, once, in his own name.
GRANT INSERT ON billing.gateway_line, billing.difference TO providerboog_open;

GRANT UPDATE (gateway_cents, ledger_cents) ON billing.difference TO providerboog_open;
GRANT UPDATE (reason, closed_by, closed_at) ON billing.difference TO providerboog_care;
CREATE POLICY round ON billing.gateway_line TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY desk ON billing.gateway_line FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'secretary');
CREATE POLICY round ON billing.difference TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'system')
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'system');
CREATE POLICY desk ON billing.difference FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'secretary');
CREATE POLICY explained ON billing.difference FOR UPDATE TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'secretary' AND closed_at IS NULL)
    WITH CHECK (tenant_id = app.tenant() AND app.role() = 'secretary' AND closed_by = app.account());
CREATE TRIGGER append_only BEFORE DELETE ON billing.gateway_line
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
