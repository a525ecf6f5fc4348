"""Every page of a provider on the medical side; those about its offerings are on the open side."""

from core.routing import Section
from portal.care.provider import (
    decline,
    invoice_answer,
    invoice_form,
    invoices,
    payouts,
    referral,
    referral_acts,
    referral_course,
    referrals,
    report,
    sessions,
    slots,
    specifications,
    worklist,
)

router = Section()
for each in (
    worklist,
    referrals,
    referral,
    referral_acts,
    referral_course,
    decline,
    report,
    invoice_form,
    invoices,
    payouts,
    invoice_answer,
    sessions,
    slots,
    specifications,
):
    router.include_router(each.router)
