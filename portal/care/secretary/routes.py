"""Every page of the medical secretariat."""

from core.routing import Section
from portal.care.secretary import charging, invoice, issued, ledger, queue

router = Section()
for each in (queue, invoice, charging, issued, ledger):
    router.include_router(each.router)
