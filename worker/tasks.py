"""Every job and every round of the worker, on one list."""

from billing.books import dunning
from billing.paying import payment_refunds, payments_bank, payouts, webhooks
from cases import emergency_mail
from identity import admission, digests, links, owner_notices
from worker import (
    account_jobs,
    audit_jobs,
    medical_jobs,
    open_jobs,
    payment_jobs,
    reminder_jobs,
    retention_jobs,
    search_jobs,
)
from worker.queue import Job, Round

JOBS: dict[str, Job] = {
    "search.index_offering": open_jobs.index_offering,
    "search.index_provider": open_jobs.index_provider,
    "medical.release_progress": medical_jobs.progress,
    "medical.request_intervention": medical_jobs.request,
    "medical.consent_withdrawn": medical_jobs.consent_withdrawn,
    "medical.request_submitted": medical_jobs.request_submitted,
    emergency_mail.TASK: medical_jobs.emergency_opened,
    "medical.name_employee": medical_jobs.employee_named,
    dunning.TASK: open_jobs.send_reminder,
    webhooks.HANDLE: payment_jobs.message,
    payment_refunds.SEND_REFUND: payment_jobs.refund,
    payments_bank.CLOSE_PAYMENT: payment_jobs.close_payment,
    payouts.SEND_PAYOUT: payment_jobs.payout,
    payouts.RETRY_PAYOUT: payment_jobs.payout_again,
    payouts.UNDO_PAYOUT: payment_jobs.payout_back,
    admission.LEFT: open_jobs.end_mandates,
    owner_notices.TASK: account_jobs.tell_owner,
    digests.TASK: reminder_jobs.send,
    links.TASK: account_jobs.send,
}

ROUNDS = (
    Round("identity.seal_audit", "* * * * * */5", open_jobs.seal_audit),
    Round("identity.anchor_audit", "5 22 * * *", audit_jobs.anchor_audit),
    Round("search.rebuild", "10 23 * * *", open_jobs.rebuild_nightly),
    Round("identity.forget_answers", "25 * * * *", open_jobs.forget_answers),
    Round("search.watch", "40 4 * * *", search_jobs.watch_searches),
    Round("cases.remind", "30 5-14 * * *", reminder_jobs.remind_everybody),  # later rounds do what was missed
    Round("billing.remind_buyers", "15 7-14 * * *", open_jobs.remind_buyers),
    Round("billing.close_books", "20 2 * * *", open_jobs.close_books),
    Round("billing.place_messages", "*/5 * * * *", payment_jobs.place),
    Round("billing.local_gateway", "* * * * * */5", payment_jobs.local_gateway),
    Round("billing.reconcile", "30 1 * * *", payment_jobs.reconcile_all),
    Round("medical.expire_referrals", "0 * * * *", medical_jobs.expire),
    Round("medical.lapse_requests", "20 * * * *", medical_jobs.lapse_requests),
    Round("medical.climb_invoices", "10 5-14 * * *", medical_jobs.climb_invoices),
    Round("billing.forget_rehearsals", "35 * * * *", medical_jobs.rehearsals),
    Round("medical.end_slots", "5 * * * *", medical_jobs.slots),
    Round("cases.remove_past_term", "10 1 * * *", retention_jobs.remove_past_term),
    Round("identity.remove_people", "10 3 1 * *", retention_jobs.remove_people),
    Round("medical.remove_files", "40 1 * * *", medical_jobs.remove_files),
    Round("medical.release_measurements", "40 22 * * *", medical_jobs.measurements),  # before the index is built anew
    Round("medical.release_reports", "50 22 * * *", medical_jobs.reports),
)
