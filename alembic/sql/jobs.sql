-- The job queue: its tables are reached by the worker's own login; the doors can only ask for a job, never look.
-- Its number is not answered with: from two of them one would know how many jobs everybody else asked for in between.
-- Names are looked up among temporary tables last: there the caller could have put a queue of his own.
CREATE FUNCTION app.defer_job(queue text, task text, args jsonb, delay_seconds integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = jobs, pg_catalog, pg_temp AS $$
    SELECT jobs.procrastinate_defer_jobs_v1(ARRAY[ROW(
        queue, task, 0, NULL, NULL, args,
        CASE WHEN delay_seconds > 0 THEN now() + make_interval(secs => delay_seconds) END
    )::jobs.procrastinate_job_to_defer_v1])
$$;

GRANT USAGE ON SCHEMA jobs TO providerboog_keeper, providerboog_jobs, providerboog_jobs_login;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs
    TO providerboog_keeper, providerboog_jobs, providerboog_jobs_login;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO providerboog_keeper, providerboog_jobs, providerboog_jobs_login;
ALTER FUNCTION app.defer_job(text, text, jsonb, integer) OWNER TO providerboog_keeper;
REVOKE EXECUTE ON FUNCTION app.defer_job(text, text, jsonb, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.defer_job(text, text, jsonb, integer) TO providerboog_open, providerboog_care;
