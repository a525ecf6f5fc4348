"""Every page of the employer."""

from core.routing import Section
from portal.open.employer import budget, costs, invoices, reports, statement, steps, worklist

router = Section()
for each in (worklist, costs, budget, invoices, steps, reports, statement):
    router.include_router(each.router)
