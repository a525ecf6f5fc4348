"""Every page of the employer."""

from core.routing import Section
from portal.open.employer import budget, costs, direct, invoices, reports, statement, steps, worklist

router = Section()
for each in (worklist, costs, budget, invoices, steps, reports, statement, direct):
    router.include_router(each.router)
