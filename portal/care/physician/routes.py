"""Every page under /arts, for physician and delegate."""

from core.routing import Section
from portal.care.physician import (
    attachments,
    case,
    cases,
    compare,
    consents,
    favourites,
    judgement,
    mandate_sign,
    mandates,
    offering,
    recovery,
    refer,
    referral,
    referral_acts,
    referral_course,
    referrals,
    reports,
    saved_searches,
    search,
    unjudged,
    warnings,
    worklist,
)

router = Section()
for each in (
    worklist,
    unjudged,
    warnings,
    cases,
    case,
    recovery,
    judgement,
    consents,
    search,
    offering,
    compare,
    favourites,
    saved_searches,
    refer,
    referrals,
    referral,
    referral_acts,
    attachments,
    referral_course,
    mandate_sign,
    mandates,
    reports,
):
    router.include_router(each.router, prefix="/arts")
