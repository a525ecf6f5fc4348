"""Every page under /regie, for the case manager on the employer's side."""

from core.routing import Section
from portal.open.case_manager import (
    case,
    cases,
    cofinancing,
    doctors,
    employment,
    intervention_request,
    intervention_requests,
    search,
    steps,
    warnings,
    worklist,
)

router = Section()
# The pages with a fixed name come before those that take an id in the same place.
for each in (
    worklist,
    warnings,
    cases,
    case,
    doctors,
    employment,
    steps,
    search,
    intervention_request,
    intervention_requests,
    cofinancing,
):
    router.include_router(each.router)
