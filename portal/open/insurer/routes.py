"""Every page of the insurer."""

from core.routing import Section
from portal.open.insurer import decision, invoices, policies, requests

router = Section()
for each in (requests, decision, policies, invoices):
from portal.open.insurer import decision, invoices, requests, statement
for each in (requests, decision, invoices, statement):
    router.include_router(each.router)
