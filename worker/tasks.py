"""Every job and every round of the worker, on one list."""

from worker import open_jobs
from worker.queue import Job, Round

JOBS: dict[str, Job] = {
}

ROUNDS = (
    Round("identity.seal_audit", "*/5 * * * * *", open_jobs.seal_audit),
)
