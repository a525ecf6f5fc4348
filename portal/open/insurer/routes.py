"""Every page of the insurer."""

from core.routing import Section
from portal.open.insurer import decision, invoices, requests

router = Section()
for each in (requests, decision, invoices):
    router.include_router(each.router)
