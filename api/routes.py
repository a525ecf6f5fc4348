"""Every route of the JSON door, on one list."""

from fastapi import Security
from fastapi.security import HTTPBearer

from api.care import (
    assessments,
    attachments,
    case_history,
    charge_runs,
    disclosures,
    favourites,
    letters,
    medical_warnings,
    provider_invoices,
    referrals,
    saved_searches,
    slot_questions,
    unjudged_cases,
)
from api.open import (
    audit,
    authorised_doctors,
    calendar,
    cases,
    cofinancing,
    consents,
    contracts,
    costs,
    employers,
    figures,
    intervention_reports,
    invoices,
    mandates,
    me,
    offerings,
    offerings_compare,
    providers,
    referral_requests,
    referral_terms,
    registrations,
    synonyms,
    taxonomy,
    timeline,
    warnings,
)
from core.routing import Section

BEARER = HTTPBearer(auto_error=False, description="`make -s token EMAIL=ba@demo.test`")

router = Section(prefix="/api/v1", dependencies=[Security(BEARER)])
for each in (
    me,
    calendar,
    taxonomy,
    # Before the offerings: `compare` is not the id of one.
    offerings_compare,
    offerings,
    favourites,
    saved_searches,
    providers,
    contracts,
    registrations,
    figures,
    synonyms,
    employers,
    cases,
    timeline,
    warnings,
    medical_warnings,
    consents,
    disclosures,
    case_history,
    mandates,
    referral_requests,
    referral_terms,
    unjudged_cases,
    slot_questions,
    assessments,
    referrals,
    letters,
    attachments,
    provider_invoices,
    charge_runs,
    invoices,
    intervention_reports,
    costs,
    cofinancing,
    audit,
    authorised_doctors,
):
    router.include_router(each.router)
