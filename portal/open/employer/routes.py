"""Every page of the employer."""

from core.routing import Section
from portal.open.employer import costs, invoices, steps, worklist

router = Section()
for each in (worklist, costs, invoices, steps):
    router.include_router(each.router)
