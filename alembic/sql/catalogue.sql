-- What the server tells of a database to whoever is signed in to it: how large each table is, how often it was written,
-- who holds which lock. Of the medical tables that is a count of what happens there, so the doors are not told (ADR 0021).
-- These belong to the server's superuser: where somebody else migrates, the server warns and they stay as they are.
DO $$
DECLARE
    telling regprocedure;
BEGIN
    FOR telling IN
        SELECT p.oid FROM pg_catalog.pg_proc p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f'
            AND has_function_privilege('public', p.oid, 'EXECUTE')
            AND (p.proname ~ '^(pg_stat_get_|pg_current_wal_|pg_last_|pg_relation_file|lo_)|blocking_pids$'
                OR p.proname ~ '^pg_.*_size$' AND p.proname <> 'pg_column_size'
                OR p.proname IN ('loread', 'lowrite', 'pg_lock_status', 'pg_prepared_xact', 'pg_xact_status', 'txid_status',
                    'pg_isolation_test_session_is_blocked', 'pg_terminate_backend', 'pg_cancel_backend',
                    'pg_export_snapshot', 'pg_logical_emit_message', 'pg_sequence_last_value',
                    'pg_get_replication_slots', 'pg_walfile_name', 'pg_get_wal_summarizer_state'))
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', telling);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO pg_monitor', telling);
    END LOOP;
    -- How many rows and pages a table had when it was last looked after: everything else of pg_class stays readable.
    REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC;
    EXECUTE (
        SELECT format('GRANT SELECT (%s) ON pg_catalog.pg_class TO PUBLIC', string_agg(quote_ident(a.attname), ', '))
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = 'pg_catalog.pg_class'::regclass AND NOT a.attisdropped AND a.attname NOT IN
            ('reltuples', 'relpages', 'relallvisible', 'relallfrozen', 'relfrozenxid', 'relminmxid', 'relfilenode')
    );
    GRANT SELECT ON pg_catalog.pg_class TO pg_monitor;
END
$$;

-- Whoever may not enter schema `medical` cannot name its functions; nor may he call them if he ever could.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA medical FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA medical TO providerboog_care;
