-- How the house stands, for metrics and for the page of the secretariat: numbers, without an id or a name.
GRANT SELECT (id, tenant_id, seq, at) ON identity.audit_event TO providerboog_keeper;
GRANT SELECT (tenant_id, position, event_id) ON identity.audit_link TO providerboog_keeper;
GRANT SELECT (tenant_id, at) ON identity.audit_anchor TO providerboog_keeper;
CREATE POLICY keeper_counts ON identity.audit_anchor FOR SELECT TO providerboog_keeper USING (true);
CREATE POLICY keeper_counts ON identity.audit_event FOR SELECT TO providerboog_keeper USING (true);
CREATE POLICY keeper_counts ON identity.audit_link FOR SELECT TO providerboog_keeper USING (true);

-- Each backup that was made and read back; written by the command that makes them, as the owner.
CREATE TABLE app.backup_made (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    at timestamptz NOT NULL DEFAULT now(),
    bytes bigint NOT NULL CHECK (bytes > 0),
    seconds double precision NOT NULL,
    verified boolean NOT NULL
);
GRANT SELECT ON app.backup_made TO providerboog_keeper;

CREATE FUNCTION app.sealing_lag(tenant uuid) RETURNS double precision
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT extract(epoch FROM now() - waiting.at)
    FROM (SELECT max(position) AS position FROM identity.audit_link WHERE tenant_id = tenant) last
    LEFT JOIN identity.audit_link l ON l.tenant_id = tenant AND l.position = last.position
    LEFT JOIN identity.audit_event sealed ON sealed.id = l.event_id
    CROSS JOIN LATERAL (
        SELECT e.at FROM identity.audit_event e
        WHERE e.tenant_id = tenant AND e.seq > coalesce(sealed.seq, 0) ORDER BY e.seq LIMIT 1
    ) waiting
$$;

CREATE FUNCTION app.operation_state() RETURNS TABLE (
    jobs_waiting bigint, jobs_oldest_seconds double precision, jobs_running bigint, jobs_failed bigint,
    workers_alive bigint, sealing_lag_seconds double precision, anchor_age_seconds double precision,
    backup_age_seconds double precision
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT
        count(*) FILTER (WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())),
        coalesce(max(extract(epoch FROM now() - coalesce(j.scheduled_at, e.at)))
            FILTER (WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())), 0),
        count(*) FILTER (WHERE j.status = 'doing'),
        count(*) FILTER (WHERE j.status = 'failed'),
        (SELECT count(*) FROM jobs.procrastinate_workers w WHERE w.last_heartbeat > now() - interval '30 seconds'),
        (SELECT coalesce(max(app.sealing_lag(t.id)), 0) FROM app.tenants() t(id)),
        (SELECT max(extract(epoch FROM now() - last.at)) FROM app.tenants() t(id)
            CROSS JOIN LATERAL (SELECT max(a.at) AS at FROM identity.audit_anchor a WHERE a.tenant_id = t.id) last),
        (SELECT extract(epoch FROM now() - max(b.at)) FROM app.backup_made b WHERE b.verified)
    FROM jobs.procrastinate_jobs j
    LEFT JOIN LATERAL (
        SELECT min(each.at) AS at FROM jobs.procrastinate_events each WHERE each.job_id = j.id AND j.status = 'todo'
    ) e ON true
    WHERE j.status IN ('todo', 'doing', 'failed')
$$;

-- For the page of the secretariat: which jobs of its own arbodienst gave up, by their kind; no ids, no words.
CREATE FUNCTION app.failed_jobs() RETURNS TABLE (task text, failed bigint, last_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT j.task_name::text, count(DISTINCT j.id), max(e.at)
    FROM jobs.procrastinate_jobs j JOIN jobs.procrastinate_events e ON e.job_id = j.id
    WHERE j.status = 'failed' AND app.role() = 'secretary'
        AND coalesce(j.args ->> 'tenant_id', app.tenant()::text) = app.tenant()::text
    GROUP BY 1 ORDER BY 1 LIMIT 100
$$;

ALTER FUNCTION app.failed_jobs() OWNER TO providerboog_keeper;
ALTER FUNCTION app.sealing_lag(uuid) OWNER TO providerboog_keeper;
ALTER FUNCTION app.operation_state() OWNER TO providerboog_keeper;
REVOKE EXECUTE ON FUNCTION app.sealing_lag(uuid), app.operation_state(), app.failed_jobs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.operation_state() TO providerboog_jobs_login, providerboog_jobs, providerboog_care;
GRANT EXECUTE ON FUNCTION app.failed_jobs() TO providerboog_care;
GRANT USAGE ON SCHEMA app TO providerboog_jobs_login, providerboog_jobs;

-- Whether the schema is that of the code, for /readyz: asked by the logins themselves, before anybody is let in.
GRANT SELECT ON app.alembic_version
    TO providerboog_open_login, providerboog_care_login, providerboog_identity_login, providerboog_system_open_login;
GRANT USAGE ON SCHEMA app TO providerboog_identity_login;

-- Answers that are kept for a day, each for the account that asked. Then a job of the tenant empties them; that the key
-- was used stays known, so that an old repeat is not done again either.
GRANT SELECT, INSERT, UPDATE (sealed) ON identity.answered_act TO providerboog_open;
GRANT SELECT, INSERT, UPDATE (sealed) ON medical.answered_act TO providerboog_care;
CREATE POLICY own ON identity.answered_act FOR SELECT TO providerboog_open
    USING (tenant_id = app.tenant() AND account_id = app.account());
CREATE POLICY own ON medical.answered_act FOR SELECT TO providerboog_care
    USING (tenant_id = app.tenant() AND account_id = app.account());
CREATE POLICY keep ON identity.answered_act FOR INSERT TO providerboog_open
    WITH CHECK (tenant_id = app.tenant() AND account_id = app.account());
CREATE POLICY keep ON medical.answered_act FOR INSERT TO providerboog_care
    WITH CHECK (tenant_id = app.tenant() AND account_id = app.account());
CREATE POLICY forget ON identity.answered_act TO providerboog_open
    USING (tenant_id = app.tenant() AND app.role() = 'system' AND at < now() - interval '1 day');
CREATE POLICY forget ON medical.answered_act TO providerboog_care
    USING (tenant_id = app.tenant() AND app.role() = 'system' AND at < now() - interval '1 day');
