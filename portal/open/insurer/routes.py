"""Every page of the insurer."""

from core.routing import Section
from portal.open.insurer import decision, invoices, policies, report, requests, statement

router = Section()
for each in (requests, decision, policies, report, invoices, statement):
    router.include_router(each.router)
