"""Everything that somebody with nothing but SQL could try, made from the catalogue so that a new table is tried too."""

from collections.abc import Iterator
from dataclasses import dataclass

DENIED = "42501"
UNDEFINED = ("42883", "42P01", "42704", "0A000", "58P01", "55000", "22023")
"""What the server answers where there is no such thing on it."""


@dataclass(frozen=True)
class Attack:
    """A statement that must fail, and how: one that fails by a slip of its own proves nothing."""

    statement: str
    states: tuple[str, ...] = (DENIED,)


@dataclass(frozen=True)
class Hidden:
    """A table of the medical room as the owner sees it."""

    name: str
    oid: int
    columns: tuple[str, ...]


WITH_A_TABLE = (
    "SELECT * FROM {t}",
    "SELECT count(*) FROM {t}",
    "SELECT t FROM {t} t LIMIT 1",
    "TABLE {t}",
    "SELECT xmin, ctid, tableoid FROM {t}",
    "SELECT EXISTS (SELECT FROM {t})",
    "SELECT o.id FROM identity.organisation o, {t} t",
    "WITH w AS (SELECT * FROM {t}) SELECT count(*) FROM w",
    "SELECT * FROM {t} TABLESAMPLE SYSTEM (100)",
    "SELECT NULL::{t}",
    "SELECT '{t}'::regclass",
    "SELECT '{t}'::regtype",
    "SELECT to_jsonb(t) FROM {t} t",
    "SELECT jsonb_populate_record(NULL::{t}, '{{}}')",
    "SELECT has_table_privilege('{t}', 'SELECT')",
    "SELECT currtid2('{t}', '(0,1)')",
    "SELECT * FROM {t} FOR UPDATE",
    "LOCK TABLE {t} IN ACCESS SHARE MODE",
    "COPY {t} TO STDOUT",
    "COPY (SELECT * FROM {t}) TO STDOUT",
    "COPY {t} FROM STDIN",
    "EXPLAIN SELECT * FROM {t}",
    "EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM {t}",
    "EXPLAIN (FORMAT JSON) SELECT * FROM {t} WHERE tenant_id = gen_random_uuid()",
    "DECLARE c CURSOR FOR SELECT * FROM {t}",
    "PREPARE p AS SELECT * FROM {t}",
    "DO $$ BEGIN PERFORM * FROM {t}; END $$",
    "DO $$ DECLARE r {t}; BEGIN NULL; END $$",
    "DO $$ BEGIN EXECUTE 'SELECT * FROM {t}'; EXCEPTION WHEN division_by_zero THEN NULL; END $$",
    "INSERT INTO {t} DEFAULT VALUES",
    "INSERT INTO {t} DEFAULT VALUES ON CONFLICT DO NOTHING RETURNING *",
    "UPDATE {t} SET tenant_id = tenant_id RETURNING *",
    "DELETE FROM {t} RETURNING *",
    "MERGE INTO {t} USING (SELECT 1) s ON true WHEN MATCHED THEN DO NOTHING",
    "TRUNCATE {t}",
    "CREATE TABLE app.stolen AS SELECT * FROM {t}",
    "CREATE TABLE app.stolen (LIKE {t} INCLUDING ALL)",
    "CREATE TABLE app.stolen () INHERITS ({t})",
    "CREATE TABLE app.probe (id uuid REFERENCES {t})",
    "CREATE TEMP TABLE stolen AS SELECT * FROM {t}",
    "CREATE TEMP VIEW stolen AS SELECT * FROM {t}",
    "CREATE VIEW app.stolen AS SELECT * FROM {t}",
    "CREATE MATERIALIZED VIEW app.stolen AS SELECT * FROM {t}",
    "CREATE RULE stolen AS ON INSERT TO {t} DO ALSO NOTHING",
    "CREATE TRIGGER stolen AFTER INSERT ON {t} EXECUTE FUNCTION app.refuse_change()",
    "CREATE STATISTICS app.told ON tenant_id, id FROM {t}",
    "CREATE INDEX ON {t} (id)",
    "CREATE POLICY stolen ON {t} USING (true)",
    "CREATE PUBLICATION stolen FOR TABLE {t}",
    "ALTER TABLE {t} DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE {t} NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE {t} OWNER TO CURRENT_USER",
    "ALTER TABLE {t} SET SCHEMA app",
    "GRANT SELECT ON {t} TO PUBLIC",
    "COMMENT ON TABLE {t} IS 'seen'",
    "ANALYZE {t}",
    "CLUSTER {t}",
    "REINDEX TABLE {t}",
    "DROP TABLE {t}",
)
"""What needs a right on a table that is named."""

BY_NUMBER = (
    "SELECT reltuples, relpages FROM pg_class WHERE oid = {oid}",
    "SELECT c FROM pg_class c WHERE c.oid = {oid}",
    "SELECT pg_relation_size({oid})",
    "SELECT pg_table_size({oid})",
    "SELECT pg_indexes_size({oid})",
    "SELECT pg_total_relation_size({oid})",
    "SELECT pg_relation_filepath({oid})",
    "SELECT pg_stat_get_live_tuples({oid})",
    "SELECT pg_stat_get_tuples_inserted({oid})",
    "SELECT pg_stat_get_xact_tuples_inserted({oid})",
    "SELECT pg_stat_get_numscans({oid})",
    "SELECT pg_stat_get_last_autoanalyze_time({oid})",
    "SELECT * FROM pg_stat_all_tables WHERE relid = {oid}",
    "SELECT * FROM pg_stat_xact_all_tables WHERE relid = {oid}",
    "SELECT * FROM pg_statio_all_tables WHERE relid = {oid}",
    "SELECT * FROM pg_stat_all_indexes WHERE relid = {oid}",
    "SELECT * FROM pg_locks WHERE relation = {oid}",
    "SELECT * FROM pg_stat_progress_vacuum WHERE relid = {oid}",
    "SELECT stavalues1 FROM pg_statistic WHERE starelid = {oid}",
    "SELECT stxdmcv FROM pg_statistic_ext_data",
)
"""What needs no name: the server counts what is written to each table."""

WITH_A_COLUMN = (
    "SELECT {c} FROM {t}",
    "SELECT max({c}::text) FROM {t}",
    "SELECT 1 / (SELECT count(*) FROM {t} WHERE {c} IS NOT NULL)",
    "SELECT ({c})::text::int FROM {t}",
    "COPY {t} ({c}) TO STDOUT",
)

OF_THE_SERVER = (
    *(
        "SET ROLE providerboog_" + role
        for role in ("care", "keeper", "matcher", "teller", "breaker", "jobs", "identity", "system")
    ),
    "SET ROLE postgres",
    "SET LOCAL ROLE providerboog_care",
    "SELECT set_config('role', 'providerboog_care', true)",
    "SET SESSION AUTHORIZATION providerboog_care_login",
    "SET SESSION AUTHORIZATION providerboog_system_open_login",
    "SET SESSION AUTHORIZATION postgres",
    "RESET SESSION AUTHORIZATION; SET ROLE providerboog_care",
    "RESET ROLE; SET ROLE providerboog_care",
    "GRANT providerboog_care TO providerboog_open_login",
    "GRANT providerboog_system TO providerboog_open_login",
    "ALTER ROLE providerboog_open SUPERUSER",
    "CREATE ROLE mole",
    "SET session_replication_role = replica",
    "SET log_statement = 'all'",
    "SELECT pg_reload_conf()",
    "SELECT pg_rotate_logfile()",
    "LOAD 'auto_explain'",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_read_binary_file('global/pg_control')",
    "SELECT pg_ls_dir('base')",
    "SELECT pg_ls_waldir()",
    "SELECT pg_ls_logdir()",
    "SELECT pg_stat_file('PG_VERSION')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/out')",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "COPY identity.organisation FROM PROGRAM 'ls'",
    "COPY (SELECT 1) TO '/tmp/out'",
    "SELECT pg_create_logical_replication_slot('s', 'test_decoding')",
    "SELECT pg_create_physical_replication_slot('s')",
    "SELECT * FROM pg_logical_slot_get_changes('s', NULL, NULL)",
    "SELECT * FROM pg_replication_slots",
    "SELECT pg_export_snapshot()",
    "SELECT pg_current_wal_lsn()",
    "SELECT pg_database_size(current_database())",
    "SELECT * FROM pg_stat_activity",
    "SELECT * FROM pg_stat_database",
    "SELECT * FROM pg_stat_user_functions",
    "SELECT * FROM pg_stat_io",
    "SELECT * FROM pg_stat_wal",
    "SELECT * FROM pg_stat_bgwriter",
    "SELECT * FROM pg_stat_ssl",
    "SELECT * FROM pg_prepared_xacts",
    "SELECT pg_terminate_backend(pg_backend_pid())",
    "SELECT * FROM pg_authid",
    "SELECT passwd FROM pg_shadow",
    "SELECT * FROM pg_user_mapping",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT * FROM pg_file_settings",
    "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_subscription",
    "CREATE SCHEMA mole",
    "CREATE EXTENSION vector SCHEMA app",
    "CREATE FOREIGN DATA WRAPPER mole",
    "CREATE EVENT TRIGGER mole ON ddl_command_end EXECUTE FUNCTION app.refuse_change()",
    "CREATE TEMP TABLE procrastinate_jobs (id bigint)",
    "CREATE TEMP SEQUENCE s",
    "CREATE FUNCTION pg_temp.leak(text) RETURNS bool LANGUAGE plpgsql COST 0.0000001 AS"
    " $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$",
    "CREATE FUNCTION app.leak(text) RETURNS bool LANGUAGE sql AS 'SELECT true'",
    "CREATE FUNCTION public.leak(text) RETURNS bool LANGUAGE sql AS 'SELECT true'",
    "CREATE OPERATOR app.=== (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = uuid_eq)",
    "CREATE AGGREGATE app.steal(text) (SFUNC = textcat, STYPE = text)",
    "CREATE CAST (uuid AS integer) WITH INOUT",
    "CREATE DOMAIN app.uuid AS text",
    "CREATE OR REPLACE FUNCTION app.tenant() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
    "ALTER FUNCTION app.tenant() SECURITY DEFINER",
    "ALTER DEFAULT PRIVILEGES FOR ROLE postgres GRANT ALL ON TABLES TO PUBLIC",
    "DROP POLICY own ON billing.budget_request",
    "ALTER TABLE billing.charge DISABLE TRIGGER ALL",
    "ALTER TABLE billing.charge DISABLE ROW LEVEL SECURITY",
    "SET row_security = off; SELECT * FROM billing.charge",
    "DELETE FROM identity.audit_event",
    "TRUNCATE identity.audit_event",
    "SELECT nextval('jobs.procrastinate_jobs_id_seq')",
    "SELECT last_value FROM jobs.procrastinate_jobs_id_seq",
    "SELECT * FROM jobs.procrastinate_jobs",
    "SELECT * FROM jobs.procrastinate_events",
    "SELECT nextval('identity.audit_event_seq_seq')",
    "SELECT last_value FROM identity.audit_event_seq_seq",
    "SELECT currval('identity.audit_event_seq_seq')",
    "SELECT password_hash FROM identity.account",
    "SELECT * FROM identity.web_session",
    "SELECT token_hash FROM identity.calendar_address",
    "SELECT medical.is_physician(gen_random_uuid())",
    "SELECT * FROM medical.referrals_to_match(ARRAY['x'])",
)

ABSENT = (
    "SELECT * FROM pg_stat_statements",
    "SELECT * FROM dblink('dbname=postgres', 'SELECT 1') AS t(a int)",
    "SELECT * FROM pgstattuple('medical.referral')",
    "SELECT pg_freespace(1)",
    "SELECT heap_page_items(get_raw_page('medical.referral', 0))",
    "CREATE LANGUAGE plpython3u",
    "SELECT lastval()",
    "EXECUTE nobody_prepared_this",
    "FETCH ALL FROM nobody_declared_this",
)
"""What is not on this server, or was not begun by whoever asks."""


def attacks(tables: list[Hidden]) -> Iterator[Attack]:
    """Yield every statement that must fail."""
    for table in tables:
        yield from (Attack(each.format(t=table.name)) for each in WITH_A_TABLE)
        yield from (Attack(each.format(oid=table.oid)) for each in BY_NUMBER)
        for column in table.columns:
            yield from (Attack(each.format(t=table.name, c=column)) for each in WITH_A_COLUMN)
    yield from (Attack(each) for each in OF_THE_SERVER)
    yield from (Attack(each, (*UNDEFINED, "26000", "34000")) for each in ABSENT)
