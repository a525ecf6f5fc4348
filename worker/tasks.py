"""Every job and every round of the worker, on one list."""

from worker import medical_jobs, open_jobs
from worker.queue import Job, Round

JOBS: dict[str, Job] = {
    "medical.release_progress": medical_jobs.progress,
    "medical.request_intervention": medical_jobs.request,
    "medical.consent_withdrawn": medical_jobs.consent_withdrawn,
}

ROUNDS = (
    Round("identity.seal_audit", "*/5 * * * * *", open_jobs.seal_audit),
    Round("medical.expire_referrals", "0 * * * *", medical_jobs.expire),
    Round("medical.release_waits", "30 2 * * *", medical_jobs.waits),
)
