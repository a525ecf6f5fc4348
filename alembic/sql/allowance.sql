-- How much may be asked in a minute. Every process asks this one function; nobody sees or writes the table otherwise.
GRANT SELECT, INSERT, UPDATE ON identity.allowance TO providerboog_keeper;
CREATE POLICY keeper ON identity.allowance TO providerboog_keeper USING (true) WITH CHECK (true);

-- Grants up to `wanted` of the `most` requests of this minute, and says how many seconds of it are left.
CREATE FUNCTION app.take_allowance(at_place bytea, most integer, wanted integer)
RETURNS TABLE (granted integer, seconds double precision)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO identity.allowance AS a (place, began_at, taken, granted)
    VALUES (at_place, now(), least(wanted, most), least(wanted, most))
    ON CONFLICT (place) DO UPDATE SET
        began_at = CASE WHEN a.began_at <= now() - interval '1 minute' THEN now() ELSE a.began_at END,
        granted = CASE WHEN a.began_at <= now() - interval '1 minute' THEN least(wanted, most)
            ELSE greatest(least(wanted, most - a.taken), 0) END,
        taken = CASE WHEN a.began_at <= now() - interval '1 minute' THEN least(wanted, most)
            ELSE greatest(a.taken, least(a.taken + wanted, most)) END
    RETURNING a.granted, extract(epoch FROM a.began_at + interval '1 minute' - now())
$$;
ALTER FUNCTION app.take_allowance(bytea, integer, integer) OWNER TO providerboog_keeper;
REVOKE EXECUTE ON FUNCTION app.take_allowance(bytea, integer, integer)
    FROM PUBLIC, providerboog_identity, providerboog_open, providerboog_care;
GRANT EXECUTE ON FUNCTION app.take_allowance(bytea, integer, integer) TO providerboog_open_login;
