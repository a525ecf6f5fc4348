-- Whoever is not believed has no rows, of any table, whatever other policies say: not to read, not to write, and not through a
-- function that runs with another's rights (ADR 0001). The subquery is asked once for a query and not for each row, and
-- IS NOT NULL lets the planner count on nearly all of them.
DO $$
DECLARE
    name regclass;
BEGIN
    FOR name IN
        SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname IN ('identity', 'network', 'cases', 'billing', 'medical')
    LOOP
        EXECUTE format('CREATE POLICY believed ON %s AS RESTRICTIVE USING ((SELECT app.believed_role()) IS NOT NULL)', name);
    END LOOP;
END
$$;
